// There is no cluster here. What can be known without one is: every manifest is read, and held against the services' own
// configuration, the images, and what else the manifests say.
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { limits, serviceFor } from '@parley/contracts'
import { Config as ApiConfig } from '@parley/conversation-api'
import { Config as NotifierConfig } from '@parley/notifier'
import { Config as GatewayConfig } from '@parley/realtime-gateway'
import { loadConfig, stopGraceMs } from '@parley/service-kit'
import t from 'tap'
import {
  build,
  type Container,
  type EnvVar,
  type Manifest,
  type PodTemplate,
  readKeys,
  readText,
  readYaml,
  selects
} from './kubernetes/manifests.ts'

const root = join(import.meta.dirname, '../..')
const folder = 'infra/kubernetes'
const base = build(`${folder}/base`)
const migrate = build(`${folder}/migrate`)
const all = [...base.manifests, ...migrate.manifests]
const settings = named('ConfigMap', 'parley').data ?? {}
const secrets = readKeys(`${folder}/secrets.env.example`)
const services = {
  'conversation-api': ApiConfig,
  'realtime-gateway': GatewayConfig,
  notifier: NotifierConfig
}

function named(kind: string, name: string): Manifest {
  const found = all.find((one) => one.kind === kind && one.metadata.name === name)
  if (!found) throw new Error(`there is no ${kind} ${name}`)
  return found
}

function ofKind(kind: string): Manifest[] {
  return all.filter((one) => one.kind === kind)
}

const workloads = all.flatMap((one) => {
  const template = one.spec?.template
  return template ? [{ name: one.metadata.name, kind: one.kind, selector: one.spec.selector, template }] : []
})

function podsOf(labels: Record<string, string> | undefined): PodTemplate[] {
  return workloads.map(({ template }) => template).filter(({ metadata }) => selects(labels, metadata.labels))
}

function portNames({ spec }: PodTemplate): string[] {
  return spec.containers.flatMap(({ ports = [] }) => ports.map(({ name }) => name))
}

/** The one container of a workload. */
function containerOf(kind: string, name: string): Container {
  const [container, ...more] = named(kind, name).spec.template?.spec.containers ?? []
  if (!container || more.length > 0) throw new Error(`${name} has not one container`)
  return container
}

function standIn(key: string): string {
  if (key.endsWith('URL')) return 'postgres://role:word@host/parley'
  // As the example has it: nothing is pushed.
  return key === 'VAPID_PRIVATE_KEY' ? '' : 'a'.repeat(48)
}

/** What the process would see, with a safe stand-in for each secret. */
function environment(env: readonly EnvVar[]): Record<string, string> {
  const seen: Record<string, string> = {}
  for (const { name, value, valueFrom } of env) {
    const { configMapKeyRef, secretKeyRef, fieldRef } = valueFrom ?? {}
    if (configMapKeyRef) seen[name] = settings[configMapKeyRef.key] ?? ''
    else if (secretKeyRef) seen[name] = standIn(secretKeyRef.key)
    else if (fieldRef) seen[name] = 'nats-0'
    else seen[name] = (value ?? '').replaceAll(/\$\((\w+)\)/g, (all, other: string) => seen[other] ?? all)
  }
  return seen
}

t.test('every file is read and used, and no object is there twice', async (t) => {
  const files = globSync('infra/kubernetes/{base,migrate}/*.yaml', { cwd: root }).filter(
    (file) => !file.endsWith('kustomization.yaml')
  )
  t.strictSame(files.toSorted(), [...base.files, ...migrate.files].toSorted())
  const names = all.map(({ apiVersion, kind, metadata }) => `${apiVersion} ${kind} ${metadata.name}`)
  t.strictSame(names.toSorted(), [...new Set(names)].toSorted())
  for (const file of globSync('infra/kubernetes/scale-by-connections/*.yaml', { cwd: root })) readYaml(file)
})

t.test('every service gets the variables it knows, with values it takes', async (t) => {
  t.strictSame(Object.keys(services).toSorted(), globSync('*', { cwd: join(root, 'services') }).toSorted())
  const image = Object.fromEntries(
    [...readText('Dockerfile').matchAll(/\b(HOST|PORT)=(\S+)/g)].map(([, key, value]) => [key, value])
  )
  for (const [name, Config] of Object.entries(services)) {
    const env = environment(containerOf('Deployment', name).env ?? [])
    const known = Object.keys(Config.properties)
    t.strictSame(
      Object.keys(env).filter((one) => !known.includes(one) && !/^NATS_\w+_PASSWORD$/.test(one)),
      [],
      `${name} knows what it is given`
    )
    const config = loadConfig(Config, { ...image, ...env })
    t.equal(config.PORT, portOf(name, 'http'), `${name} listens where its port is`)
    if ('INTERNAL_PORT' in config) {
      t.equal(config.INTERNAL_PORT, portOf(name, 'internal'))
      t.equal(config.INTERNAL_HOST, '0.0.0.0', 'loopback is for one machine')
    }
  }
  const migration = containerOf('Job', 'migrate')
  t.strictSame(Object.keys(environment(migration.env ?? [])), ['DATABASE_URL'])
  t.strictSame(migration.command, ['node', 'services/conversation-api/src/migrate.ts'])
})

function portOf(deployment: string, port: string): number | undefined {
  return containerOf('Deployment', deployment).ports?.find(({ name }) => name === port)?.containerPort
}

t.test('every key that is asked for is there, and none is there in vain', async (t) => {
  const refs = workloads.flatMap(({ template }) => template.spec.containers.flatMap(({ env = [] }) => env))
  const keys = (of: 'configMapKeyRef' | 'secretKeyRef') =>
    [...new Set(refs.flatMap(({ valueFrom }) => valueFrom?.[of]?.key ?? []))].toSorted()
  t.strictSame(keys('configMapKeyRef'), Object.keys(settings).toSorted())
  t.strictSame(keys('secretKeyRef'), secrets.toSorted())
  for (const { name, valueFrom } of refs) {
    const ref = valueFrom?.configMapKeyRef ?? valueFrom?.secretKeyRef
    if (ref) t.equal(ref.name, 'parley', name)
  }
})

t.test('selectors choose what they are meant to', async (t) => {
  for (const { name, kind, selector, template } of workloads)
    if (kind !== 'Job') t.ok(selects(selector?.matchLabels, template.metadata.labels), name)
  for (const { metadata, spec } of ofKind('Service')) {
    const pods = podsOf(spec.selector)
    t.equal(pods.length, 1, `Service ${metadata.name} has one kind of pod`)
    for (const { targetPort } of spec.ports ?? [])
      t.ok(
        pods.every((pod) => portNames(pod).includes(targetPort)),
        `${metadata.name}: ${targetPort}`
      )
  }
  for (const { metadata, spec } of ofKind('PodDisruptionBudget'))
    t.equal(podsOf(spec.selector?.matchLabels).length, 1, `PodDisruptionBudget ${metadata.name}`)
  for (const { metadata, spec } of ofKind('HorizontalPodAutoscaler'))
    t.ok(named(spec.scaleTargetRef?.kind ?? '', spec.scaleTargetRef?.name ?? ''), metadata.name)
  for (const { name } of ofKind('Deployment').map(({ metadata }) => metadata)) {
    t.ok(named('HorizontalPodAutoscaler', name), `${name} scales on its own`)
    t.ok(named('PodDisruptionBudget', name), `${name} is not evicted all at once`)
  }
  t.equal(named('StatefulSet', 'nats').spec.serviceName, named('Service', 'nats-servers').metadata.name)
})

t.test('who is named by an address is a Service with that port', async (t) => {
  const texts = [
    ...workloads.flatMap(({ template }) =>
      template.spec.containers.flatMap(({ env = [] }) => Object.values(environment(env)))
    ),
    ...[...base.generated.values()].flatMap((files) => Object.values(files))
  ]
  const addresses = texts.flatMap((text) => [
    ...text.matchAll(/(?:http:\/\/|nats:\/\/(?:\w+:\w+@)?|^server )([a-z][a-z0-9.-]*):(\d+)/g)
  ])
  t.ok(addresses.length >= 6)
  for (const [, host = '', port] of addresses) {
    const service = named('Service', host.replace(/^nats-\d\./, ''))
    t.ok(
      service.spec.ports?.some((one) => one.port === Number(port)),
      `${host}:${port}`
    )
  }
})

t.test('images are those that are built and composed', async (t) => {
  const composed = [...readText('docker-compose.yml').matchAll(/image: (\S+)/g)].map(([, image]) => image)
  const tags = new Map([...base.images, ...migrate.images].map(({ name, newTag }) => [name, newTag]))
  for (const { template } of workloads)
    for (const { image } of template.spec.containers) {
      const [, service] = image.match(/^parley\/([a-z-]+)$/) ?? []
      if (!service) t.ok(composed.includes(image), `${image} is the composed one`)
      else {
        const home = service === 'front' ? 'packages/messaging-center' : `services/${service}`
        const manifest = JSON.parse(readText(`${home}/package.json`)) as { version: string }
        t.equal(tags.get(image), manifest.version, `${image} has its package's version`)
      }
    }
})

t.test('probes, a drain in time, and no more rights than needed', async (t) => {
  for (const { name, kind, template } of workloads)
    for (const container of template.spec.containers) {
      const { securityContext, resources, readinessProbe, livenessProbe, lifecycle } = container
      t.equal(securityContext.readOnlyRootFilesystem, true, `${name} writes to its volumes only`)
      t.equal(securityContext.allowPrivilegeEscalation, false)
      t.ok(resources.requests.cpu && resources.requests.memory && resources.limits.memory, name)
      if (kind === 'Job') continue
      for (const probe of [readinessProbe, livenessProbe])
        t.ok(portNames(template).includes(probe?.httpGet.port ?? ''), `${name}'s probe has a port`)
      if (!(name in services)) continue
      t.equal(livenessProbe?.httpGet.path, '/healthz', `${name} is not killed for what it waits for`)
      t.equal(readinessProbe?.httpGet.path, '/readyz')
      const pause = Number(lifecycle?.preStop?.exec.command[1]) * 1_000
      const grace = (template.spec.terminationGracePeriodSeconds ?? 0) * 1_000
      t.ok(pause > 0 && grace > pause + stopGraceMs, `${name} has the time to drain`)
      const { 'prometheus.io/port': port, 'prometheus.io/path': path } = template.metadata.annotations ?? {}
      t.strictSame([Number(port), path], [portOf(name, 'http'), '/metrics'])
    }
})

t.test(
  'the network lets through what is said, and nothing to the internal port but gateways and notifiers',
  async (t) => {
    const policies = ofKind('NetworkPolicy')
    const closed = policies.find(({ spec }) => !spec.podSelector?.matchLabels)
    t.strictSame(
      [closed?.spec.policyTypes, closed?.spec.ingress],
      [['Ingress'], undefined],
      'closed by default'
    )
    const callers: string[] = []
    for (const { metadata, spec } of policies) {
      if (!spec.podSelector?.matchLabels) continue
      const chosen = podsOf(spec.podSelector.matchLabels)
      t.equal(chosen.length, 1, `${metadata.name} is about one kind of pod`)
      for (const { from = [], ports = [] } of spec.ingress ?? [])
        for (const { port } of ports) {
          t.ok(
            chosen.every((pod) => portNames(pod).includes(String(port))),
            `${metadata.name}: ${port}`
          )
          if (port !== 'internal') continue
          for (const { podSelector } of from)
            callers.push(podSelector?.matchLabels['app.kubernetes.io/name'] ?? '*')
        }
      for (const { to = [], ports = [] } of spec.egress ?? [])
        for (const { podSelector } of to)
          for (const { port } of ports)
            t.ok(podsOf(podSelector?.matchLabels).some((pod) => portNames(pod).includes(String(port))))
    }
    t.strictSame(callers, ['realtime-gateway', 'notifier'])
    for (const { name, kind } of workloads)
      if (kind !== 'Job') t.ok(named('NetworkPolicy', name), `${name} can be called`)
  }
)

t.test(
  'the ingress leads to the services the contracts name, and waits longer than two heartbeats',
  async (t) => {
    const { metadata, spec } = named('Ingress', 'parley')
    const paths = spec.rules?.[0]?.http.paths ?? []
    for (const { backend } of paths) {
      const service = named('Service', backend.service.name)
      t.ok(service.spec.ports?.some(({ name }) => name === backend.service.port.name))
    }
    const backendOf = (path: string) =>
      paths.find((one) => one.path === '/' || path === one.path || path.startsWith(`${one.path}/`))?.backend
        .service.name
    for (const path of ['/ws/', '/ws/chat/0193/', '/ws/notifications/'])
      t.equal(backendOf(path), serviceFor(path), path)
    for (const path of [
      '/messaging/api/auth/me/',
      '/api/chats/',
      '/messaging/',
      '/messaging/api/events/',
      '/wsx'
    ])
      t.equal(backendOf(path), 'front', path)
    const timeouts = Object.entries(metadata.annotations ?? {}).filter(([name]) => name.includes('timeout'))
    t.equal(timeouts.length, 4)
    for (const [name, value] of timeouts)
      t.ok(Number.parseInt(value, 10) * 1_000 > 2 * limits.heartbeat_ms, name)
  }
)

t.test('the front fills in every variable of its template', async (t) => {
  const template = base.generated.get('front-template')?.['nginx.conf.template'] ?? ''
  const wanted = new Set([...template.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name ?? ''))
  const given = (containerOf('Deployment', 'front').env ?? []).map(({ name }) => name)
  t.strictSame(
    [...wanted].filter((name) => !given.includes(name)),
    []
  )
  t.ok(wanted.size > 4)
})

t.test('the broker has its users’ passwords and a copy of the stream on each server', async (t) => {
  const files = base.generated.get('nats-config') ?? {}
  const wanted = [
    ...Object.values(files)
      .join('\n')
      .matchAll(/^[^#\n]*\$([A-Z]+_\w+)/gm)
  ].map(([, name = '']) => name)
  const given = (containerOf('StatefulSet', 'nats').env ?? []).map(({ name }) => name)
  t.strictSame([...new Set(wanted)].toSorted(), given.toSorted())
  const { replicas } = named('StatefulSet', 'nats').spec as { replicas?: number }
  t.equal(Number(settings.NATS_REPLICAS), replicas)
  t.equal([...(files['cluster.conf'] ?? '').matchAll(/nats-\d\./g)].length, replicas, 'each knows the others')
})
