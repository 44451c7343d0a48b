import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { workspaceRoot } from './workspace-root.ts'

export interface CodeBlock {
  language: string
  code: string
  /** The heading it stands under. */
  heading: string
}

/**
 * The fenced code blocks of a Markdown file of the workspace, in order.
 *
 * @example
 * const [example] = await codeBlocks('docs/migrating.md')
 */
export async function codeBlocks(file: string): Promise<CodeBlock[]> {
  const text = await readFile(join(workspaceRoot, file), 'utf8')
  const blocks: CodeBlock[] = []
  let heading = ''
  for (const [, title, language, code] of text.matchAll(/^#+ (.+)$|^```(\w*)\n([\s\S]*?)^```$/gm)) {
    if (title !== undefined) heading = title
    else blocks.push({ language: language ?? '', code: code ?? '', heading })
  }
  return blocks
}
