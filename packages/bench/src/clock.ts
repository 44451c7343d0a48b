/** Microseconds on the machine's monotonic clock: the same in every process of it, unlike `performance.now()`. */
export function nowMicros(): number {
  const [seconds, nanos] = process.hrtime()
  return seconds * 1_000_000 + Math.floor(nanos / 1_000)
}
