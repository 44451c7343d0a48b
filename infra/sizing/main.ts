// Computes the sizing table of docs/performance.md from the inputs on that page, and writes it there.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { withSizing } from './page.ts'

const page = join(import.meta.dirname, '../../docs/performance.md')
writeFileSync(page, withSizing(readFileSync(page, 'utf8')))
