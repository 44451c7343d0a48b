/**
 * Parley from outside: starts it as real processes and talks to their addresses as a client would. Times are milliseconds; whatever
 * does not start or answer as the contract says throws an `Error` that holds what came instead.
 *
 * @example
 * const parley = await startStandalone({ dataDir })
 * const ann = await signUp(parley.url, 'ann')
 * const conversation = bodyOf(await ann.api.post('/messaging/api/conversations/'), 201, Conversation)
 */
export { launchBrowser } from './browser.ts'
export { codeBlocks, type CodeBlock } from './code-blocks.ts'
export { CONVERSATIONS, findRoom, historyOf, makeRoom, say } from './conversations.ts'
export { nextFrame, nextSimple, refusedUpgrade } from './next-frame.ts'
export { cookieOf, type Person, signUp } from './person.ts'
export { processesWith } from './processes.ts'
export { type Answer, bodyOf, refusalOf, RestClient, shaped } from './rest-client.ts'
export * from './security/index.ts'
export { type Stack, type StackProcess, startStack } from './stack.ts'
export { type Standalone, type StandaloneOptions, startStandalone } from './standalone.ts'
export { workspaceRoot } from './workspace-root.ts'
