/** Where the boxes and arrows of a lifecycle lie; dagre does the work. Pure. Loaded with the first picture. */
import { graphlib, layout } from '@dagrejs/dagre'

import type { Shape } from './lifecycle-shape.js'

export interface Layout {
  readonly width: number
  readonly height: number
  /** Middles, in px. */
  readonly nodes: readonly { readonly name: string; readonly x: number; readonly y: number; readonly width: number; readonly height: number }[]
  readonly edges: readonly { readonly from: string; readonly way: string; readonly title: string; readonly fromTitle: string; readonly toTitle: string; readonly line: string; readonly x: number; readonly y: number }[]
}

const boxHeight = 42

/** Chinese signs are as wide as two Latin ones. */
const widthOf = (text: string, letter: number): number => [...text].reduce((sum, sign) => sum + ((sign.codePointAt(0) ?? 0) > 0x2e80 ? 2 * letter : letter), 0)

export function layOut({ states }: Shape): Layout {
  const graph = new graphlib.Graph({ multigraph: true })
  graph.setGraph({ rankdir: 'TB', nodesep: 60, edgesep: 24, ranksep: 56, marginx: 8, marginy: 8 })
  const titles = new Map(states.map(({ name, title }) => [name, title]))
  for (const { name, title } of states) graph.setNode(name, { width: Math.max(110, widthOf(title, 8) + 36), height: boxHeight })
  const ways = states.flatMap((state) => state.ways.filter(({ target }) => titles.has(target)))
  for (const { from, target, name, title } of ways) graph.setEdge(from, target, { width: widthOf(title, 7) + 22, height: 24, labelpos: 'c' }, name)
  layout(graph)
  const whole = graph.graph()
  return {
    width: Math.ceil(whole.width ?? 0), height: Math.ceil(whole.height ?? 0),
    nodes: states.map(({ name }) => {
      const { x, y, width, height } = graph.node(name)
      return { name, x, y, width, height }
    }),
    edges: ways.map(({ from, target, name, title }) => {
      const { points, x, y } = graph.edge({ v: from, w: target, name }) as { readonly points: readonly Point[]; readonly x: number; readonly y: number }
      return { from, way: name, title, fromTitle: titles.get(from) ?? from, toTitle: titles.get(target) ?? target, line: lineThrough(points), x, y }
    }),
  }
}

export interface Point {
  readonly x: number
  readonly y: number
}

/** A line with round corners. */
export function lineThrough(points: readonly Point[]): string {
  const [first, ...rest] = points
  if (first === undefined) return ''
  const parts = rest.map(({ x, y }, index) => {
    const next = rest[index + 1]
    return next === undefined ? `L${round(x)} ${round(y)}` : `Q${round(x)} ${round(y)} ${round((x + next.x) / 2)} ${round((y + next.y) / 2)}`
  })
  return `M${round(first.x)} ${round(first.y)}${parts.join('')}`
}

const round = (value: number): number => Math.round(value * 10) / 10
