let context: AudioContext | undefined
let quiet_until = 0

/** Of a burst one is enough. */
const PAUSE_S = 1.5

/** Two short notes, made here. Silent where the browser wants a click first and there was none. */
export async function playSound(): Promise<void> {
  context ??= new AudioContext()
  if (context.state === 'suspended') await Promise.race([context.resume(), soon()])
  if (context.state !== 'running' || context.currentTime < quiet_until) return
  const now = context.currentTime
  quiet_until = now + PAUSE_S
  note(context, 660, now)
  note(context, 880, now + 0.11)
}

function note(audio: AudioContext, frequency: number, at: number): void {
  const tone = new OscillatorNode(audio, { type: 'sine', frequency })
  const volume = new GainNode(audio, { gain: 0 })
  volume.gain.setValueAtTime(0, at)
  volume.gain.linearRampToValueAtTime(0.12, at + 0.015)
  volume.gain.exponentialRampToValueAtTime(0.001, at + 0.22)
  tone.connect(volume).connect(audio.destination)
  tone.start(at)
  tone.stop(at + 0.24)
}

// A context that may not start never says so.
const soon = () => new Promise<void>((resolve) => setTimeout(resolve, 1_000))
