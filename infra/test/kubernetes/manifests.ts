import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'

const root = join(import.meta.dirname, '../../..')

export type Labels = Record<string, string>

export interface EnvVar {
  name: string
  value?: string
  valueFrom?: {
    configMapKeyRef?: { name: string; key: string }
    secretKeyRef?: { name: string; key: string }
    fieldRef?: { fieldPath: string }
  }
}

export interface Container {
  name: string
  image: string
  command?: string[]
  ports?: { name: string; containerPort: number }[]
  env?: EnvVar[]
  readinessProbe?: Probe
  livenessProbe?: Probe
  lifecycle?: { preStop?: { exec: { command: string[] } } }
  resources: { requests: Record<string, string>; limits: Record<string, string> }
  securityContext: { readOnlyRootFilesystem: boolean; allowPrivilegeEscalation: boolean }
}

export interface Probe {
  httpGet: { path: string; port: string }
}

export interface PodTemplate {
  metadata: { labels: Labels; annotations?: Labels }
  spec: { containers: Container[]; terminationGracePeriodSeconds?: number }
}

export interface NetworkRule {
  from?: Peer[]
  to?: Peer[]
  ports?: { port: string | number }[]
}

interface Peer {
  podSelector?: { matchLabels: Labels }
  namespaceSelector?: object
}

/** A Kubernetes object, with the fields that are looked at. */
export interface Manifest {
  apiVersion: string
  kind: string
  metadata: { name: string; annotations?: Labels }
  data?: Record<string, string>
  spec: {
    selector?: Labels & { matchLabels?: Labels }
    podSelector?: { matchLabels?: Labels }
    template?: PodTemplate
    ports?: { name: string; port: number; targetPort: string }[]
    scaleTargetRef?: { kind: string; name: string }
    serviceName?: string
    policyTypes?: string[]
    ingress?: NetworkRule[]
    egress?: NetworkRule[]
    rules?: { http: { paths: { path: string; backend: { service: Backend } }[] } }[]
  }
}

interface Backend {
  name: string
  port: { name: string }
}

interface Kustomization {
  resources?: string[]
  images?: { name: string; newTag: string }[]
  configMapGenerator?: { name: string; files: string[] }[]
}

/** What a kustomization brings together: its objects, and the names of the ConfigMaps it generates with their files' text. */
export interface Built {
  manifests: Manifest[]
  generated: Map<string, Record<string, string>>
  images: { name: string; newTag: string }[]
  /** Every manifest file that was read, as paths from the root. */
  files: string[]
}

/** Reads a folder's kustomization.yaml and all that it names, as `kubectl kustomize` would. Throws for what is no YAML or not there. */
export function build(folder: string): Built {
  const kustomization = readYaml(join(folder, 'kustomization.yaml'))[0] as Kustomization
  const built: Built = { manifests: [], generated: new Map(), images: kustomization.images ?? [], files: [] }
  for (const { name, files } of kustomization.configMapGenerator ?? [])
    built.generated.set(name, Object.fromEntries(files.map((file) => [file, readText(join(folder, file))])))
  for (const resource of kustomization.resources ?? []) {
    const path = join(folder, resource)
    if (existsSync(join(root, path, 'kustomization.yaml'))) {
      const below = build(path)
      built.manifests.push(...below.manifests)
      for (const [name, files] of below.generated) built.generated.set(name, files)
    } else {
      built.files.push(path)
      built.manifests.push(...(readYaml(path) as Manifest[]))
    }
  }
  return built
}

export function readText(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

/** Every document of a file; a mistake or a doubled key throws with its place. */
export function readYaml(path: string): unknown[] {
  return parseAllDocuments(readText(path)).map((document) => {
    const [mistake] = [...document.errors, ...document.warnings]
    if (mistake) throw new Error(`${path}: ${mistake.message}`)
    return document.toJS() as unknown
  })
}

/** `key=value` lines. */
export function readKeys(path: string): string[] {
  return [...readText(path).matchAll(/^([A-Z0-9_]+)=/gm)].map(([, key = '']) => key)
}

/** Whether pods with these labels are chosen. */
export function selects(selector: Labels | undefined, labels: Labels): boolean {
  return Object.entries(selector ?? {}).every(([key, value]) => labels[key] === value)
}
