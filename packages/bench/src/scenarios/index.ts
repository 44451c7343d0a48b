import { beat } from './beat.ts'
import { catchUp } from './catch-up.ts'
import { fairness } from './fairness.ts'
import { gateways } from './gateways.ts'
import { history } from './history.ts'
import { idle } from './idle.ts'
import { messagingCenter } from './messaging-center.ts'
import { overload } from './overload.ts'
import { profile } from './profile.ts'
import { reconnect } from './reconnect.ts'
import { start } from './start.ts'
import type { Scenario } from '../runner/scenario.ts'
import { durableSends } from './durable-sends.ts'
import { fanOut } from './fan-out.ts'
import { latency } from './latency.ts'

/** Everything that can be measured, with its targets. */
export const scenarios: readonly Scenario[] = [
  fanOut(1_000, { single: 220_000, saturated: 800_000, saturated_stretch: 5_000_000 }),
  fanOut(5_000, { single: 160_000, saturated: 600_000 }),
  latency(
    { rooms: 100, per_room: 10, rate: 1_000 },
    { p50: 2.5, p99: 10, stretch_p50: 2, stretch_p99: 6 },
    { p50: 2, p99: 10, stretch_p50: 1, stretch_p99: 4 }
  ),
  latency({ rooms: 100, per_room: 10, rate: 3_000 }, { p99: 30 }),
  latency({ rooms: 1, per_room: 1_000, rate: 50 }, { p50: 11, p99: 20, stretch_p50: 9, stretch_p99: 15 }),
  latency({ rooms: 1, per_room: 5_000, rate: 10 }, { p50: 55, p99: 110, stretch_p50: 35, stretch_p99: 60 }),
  durableSends('sends-spread', 1_000),
  durableSends('sends-hot', 1),
  overload,
  fairness,
  idle(10_000),
  beat(20_000),
  reconnect(5_000),
  catchUp(100_000),
  history(1_000_000),
  start,
  messagingCenter,
  gateways,
  profile(100, 10, 1_000),
  profile(1, 1_000, 100)
]
