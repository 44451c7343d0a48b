import { Counter, type Registry } from 'prom-client'

export interface NotifierMetrics {
  events: Counter
  redelivered: Counter
  publishes: Counter
  poison: Counter
  pushes: Counter<'result'>
  hooks: Counter<'result'>
}

export function createNotifierMetrics(registry: Registry): NotifierMetrics {
  const counter = (name: string, help: string) => new Counter({ name, help, registers: [registry] })
  return {
    events: counter('parley_notifier_events_total', 'Events taken from the durable consumer'),
    redelivered: counter('parley_notifier_redelivered_total', 'Events that were delivered again'),
    publishes: counter('parley_notifier_room_publishes_total', 'Messages published to rooms'),
    poison: counter(
      'parley_notifier_poison_events_total',
      'Messages that were no readable event and were set aside'
    ),
    pushes: new Counter({
      name: 'parley_notifier_pushes_total',
      help: 'Web pushes by result',
      labelNames: ['result'],
      registers: [registry]
    }),
    hooks: new Counter({
      name: 'parley_notifier_webhook_deliveries_total',
      help: 'Webhook deliveries by result',
      labelNames: ['result'],
      registers: [registry]
    })
  }
}
