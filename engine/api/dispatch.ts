/**
 * Routes by address, compiled once. Express alone costs four times what a record query costs, so the server asks this
 * table first and hands only what is not hot to Express; both end in the same pipeline.
 */
import type { Route } from './handler.js'

export interface Match {
  readonly route: Route
  readonly params: Readonly<Record<string, string>>
}

export interface Dispatch {
  /** All routes, the more literal ones first. */
  readonly routes: readonly Route[]
  match(method: string, path: string): Match | undefined
  /** Methods that the address answers, for 405. */
  allowed(path: string): readonly string[]
}

interface Compiled {
  readonly route: Route
  /** A literal segment, or the name of a parameter. */
  readonly segments: readonly ({ readonly literal: string } | { readonly parameter: string })[]
}

/** Literal segments win over parameters; otherwise the order of the routes decides. */
export function dispatch(routes: readonly Route[]): Dispatch {
  const compiled = routes.map(compile).toSorted((a, b) => literals(b) - literals(a))
  const byLength = new Map<number, Compiled[]>()
  for (const entry of compiled) byLength.set(entry.segments.length, [...(byLength.get(entry.segments.length) ?? []), entry])
  const find = (path: string, wanted: (route: Route) => boolean): Match | undefined => {
    const parts = path.split('/')
    for (const candidate of byLength.get(parts.length - 1) ?? []) {
      const params = wanted(candidate.route) ? fit(candidate, parts) : undefined
      if (params !== undefined) return { route: candidate.route, params }
    }
    return undefined
  }
  return {
    routes: compiled.map(({ route }) => route),
    match: (method, path) => find(path, (route) => route.method === method),
    allowed: (path) => [...new Set(routes.map((route) => route.method))].filter((method) => find(path, (route) => route.method === method) !== undefined).toSorted(),
  }
}

const compile = (route: Route): Compiled => ({
  route,
  segments: route.path
    .split('/')
    .slice(1)
    .map((segment) => (segment.startsWith(':') ? { parameter: segment.slice(1) } : { literal: segment })),
})

const literals = ({ segments }: Compiled): number => segments.filter((segment) => 'literal' in segment).length

function fit({ segments }: Compiled, parts: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {}
  for (let i = 0; i < segments.length; i++) {
    const segment = segments[i]
    const part = parts[i + 1]
    if (segment === undefined || part === undefined) return undefined
    if ('parameter' in segment) params[segment.parameter] = part
    else if (segment.literal !== part) return undefined
  }
  return params
}
