export * from './actors.ts'
export {
  type Answered,
  type EventRow,
  eventMatrix,
  type FrameRow,
  frameMatrix,
  upgradeMatrix
} from './frame-matrix.ts'
export { type FuzzFigures, type FuzzOptions, fuzz } from './fuzz-run.ts'
export { type HttpAnswer, httpAnswers, statusOf } from './http-answers.ts'
export { listeningAddresses } from './listening-addresses.ts'
export { openDescriptors, residentBytes } from './process-figures.ts'
export { RawConnection } from './raw-connection.ts'
export { type Handshake, handshake, openRawWebSocket, type RawWebSocket } from './raw-web-socket.ts'
export { fillPath, type Outcome, routeMatrix, type RouteRow } from './route-matrix.ts'
export { clientFrame, opcodes, textFrame } from './web-socket-frames.ts'
export { absentRoom, headersOf, makeWorld, type Room, type World } from './world.ts'
