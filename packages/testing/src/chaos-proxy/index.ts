export { type ChaosProxy, type ChaosProxyOptions, startChaosProxy } from './chaos-proxy.ts'
export type { Direction, Directions } from './conditions.ts'
