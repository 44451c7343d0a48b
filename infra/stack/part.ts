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

/** How one life of a service differs from the others. */
export interface Variation {
  /** A command that ends by running the one it is given, such as `['faketime', '-f', '+1h']`. */
  via?: readonly string[]
  /** The repository that it is run from: another version's. */
  root?: string
}

const ENDS = new Set<NodeJS.Signals>(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGABRT'])

/** A process that can be started again. */
export class Part implements StackProcess {
  readonly name: string
  readonly port: number
  readonly #begin: (variation: Variation) => Promise<Life>
  readonly #died: (exit: Exit) => void
  #life: Life | undefined
  #expected = false

  /** `died` is told of every end that nobody asked for. */
  constructor(
    name: string,
    port: number,
    begin: (variation: Variation) => Promise<Life>,
    died: (exit: Exit) => void
  ) {
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
  async start(variation: Variation = {}): Promise<void> {
    if (!this.#life) this.become(await this.#begin(variation))
  }

  /** From now on it is this process. */
  become(life: Life): void {
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

  /** Resolves when it has ended by itself, which is asked for. */
  async ends(): Promise<void> {
    this.#expected = true
    await this.#life?.exited
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
