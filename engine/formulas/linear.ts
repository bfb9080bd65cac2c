/** Patterns that run in linear time, whoever wrote them. */
import { createRequire } from 'node:module'
import type { RE2JS } from '@bufbuild/re2'

/** The engine of patterns is loaded with the first one: a start does not need it. */
const load = createRequire(import.meta.url)
let engine: typeof RE2JS | undefined

/** Throws for what RE2 refuses. */
export function linearPattern(pattern: string): { test(text: string): boolean } {
  engine ??= (load('@bufbuild/re2') as { RE2JS: typeof RE2JS }).RE2JS
  return new engine(pattern)
}
