/** The part of a tap test that is needed here. */
export interface TestContext {
  teardown(end: () => unknown): void
}

/** A tap test that can say why it did not run. */
export interface SkippableContext extends TestContext {
  skip(name: string, run: () => void): unknown
}
