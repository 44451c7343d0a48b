import type { Exit } from '@parley/local-servers'

/** One process of the topology, which keeps its name and its port over all its lives. */
export interface StackProcess {
  readonly name: string
  /** Of the latest life. */
  readonly pid: number
  readonly port: number
}

/** A life: what starting a part gives. */
export interface Life {
  pid: number
  exited: Promise<Exit>
  stop(): Promise<void>
}

const ENDS = new Set<NodeJS.Signals>(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGABRT'])

/** A process that can be started again. */
export class Part implements StackProcess {
  readonly name: string
  readonly port: number
  readonly #begin: () => Promise<Life>
  readonly #died: (exit: Exit) => void
  #life: Life | undefined
  #expected = false

  /** `died` is told of every end that nobody asked for. */
  constructor(name: string, port: number, begin: () => Promise<Life>, died: (exit: Exit) => void) {
    this.name = name
    this.port = port
    this.#begin = begin
    this.#died = died
  }

  get runs(): boolean {
    return this.#life !== undefined
  }

  get pid(): number {
    if (!this.#life) throw new Error(`${this.name} was not started`)
    return this.#life.pid
  }

  /** Resolves when it does its work. Does nothing where it already runs. */
  async start(): Promise<void> {
    if (this.#life) return
    const life = await this.#begin()
    this.#life = life
    this.#expected = false
    void life.exited.then((exit) => {
      if (this.#life === life) this.#life = undefined
      if (!this.#expected) this.#died(exit)
    })
  }

  async stop(): Promise<void> {
    this.#expected = true
    await this.#life?.stop()
  }

  /** Sends a signal, and waits for the end if the signal is one that ends. */
  async signal(signal: NodeJS.Signals): Promise<void> {
    const life = this.#life
    if (!life) throw new Error(`${this.name} does not run`)
    const ends = ENDS.has(signal)
    if (ends) this.#expected = true
    process.kill(life.pid, signal)
    if (ends) await life.exited
  }
}
