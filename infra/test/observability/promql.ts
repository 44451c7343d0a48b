import { parser } from '@prometheus-io/lezer-promql'

export interface Named {
  metrics: string[]
  labels: string[]
}

/** The metrics and labels that a PromQL expression names. Throws where it is none. */
export function namesIn(expression: string): Named {
  const metrics = new Set<string>()
  const labels = new Set<string>()
  const broken: string[] = []
  parser.parse(expression).iterate({
    enter({ type, from, to, node }) {
      const text = expression.slice(from, to)
      if (type.isError) broken.push(`${expression} at ${from}`)
      if (type.name === 'Identifier' && node.parent?.type.name === 'VectorSelector') metrics.add(text)
      if (type.name === 'LabelName') labels.add(text)
    }
  })
  if (broken.length > 0) throw new SyntaxError(broken.join('\n'))
  return { metrics: [...metrics], labels: [...labels] }
}
