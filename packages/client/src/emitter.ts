export type Off = () => void

/** Listeners by event name. One that throws stops neither the others nor the caller: its error is reported as uncaught. */
export class Emitter<Events extends object> {
  readonly #listeners = new Map<PropertyKey, Set<(event: never) => void>>()
  readonly #all = new Set<(event: Events[keyof Events], name: keyof Events) => void>()

  on<N extends keyof Events>(name: N, listener: (event: Events[N]) => void): Off {
    const listeners = this.#listeners.get(name) ?? new Set()
    this.#listeners.set(name, listeners.add(listener))
    return () => listeners.delete(listener)
  }

  onAny(listener: (event: Events[keyof Events], name: keyof Events) => void): Off {
    this.#all.add(listener)
    return () => this.#all.delete(listener)
  }

  emit<N extends keyof Events>(name: N, event: Events[N]): void {
    for (const listener of Array.from(this.#listeners.get(name) ?? []))
      guarded(() => (listener as (event: Events[N]) => void)(event))
    for (const listener of Array.from(this.#all)) guarded(() => listener(event, name))
  }
}

function guarded(call: () => void): void {
  try {
    call()
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}
