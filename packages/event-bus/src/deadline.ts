/** What `promise` settles with, or a rejection once `performance.now()` passes `deadline`. */
export async function before<T>(deadline: number, promise: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => late.reject(new Error('the broker did not answer in time')),
    Math.max(0, deadline - performance.now())
  )
  try {
    return await Promise.race([promise, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
