/** Where the boxes and arrows of the entity diagram lie; dagre does the work. Pure. Loaded with the first picture. */
import { graphlib, layout } from '@dagrejs/dagre'

import { lineThrough, type Point } from '../lifecycles/lay-out.js'
import type { Arrow, Diagram } from './diagram.js'

export interface Layout {
  readonly width: number
  readonly height: number
  /** Upper left corners, in px. */
  readonly boxes: ReadonlyMap<string, { readonly x: number; readonly y: number; readonly width: number; readonly height: number }>
  readonly lines: readonly { readonly arrow: Arrow; readonly line: string }[]
}

const boxWidth = 216
const headHeight = 46
const fieldHeight = 26
/** How far an arrow from a box to itself leaves its side. */
const loopWidth = 46

export function layOut({ boxes, arrows }: Diagram): Layout {
  const graph = new graphlib.Graph({ multigraph: true })
  graph.setGraph({ rankdir: 'LR', nodesep: 28, edgesep: 12, ranksep: 76, marginx: 16, marginy: 16 })
  for (const { entity, fields } of boxes) graph.setNode(entity.name, { width: boxWidth, height: headHeight + fields.length * fieldHeight + (fields.length === 0 ? 0 : 8) })
  for (const { from, to, field } of arrows) graph.setEdge(from, to, {}, field.key)
  layout(graph)
  const whole = graph.graph()
  const loops = arrows.filter(({ from, to }) => from === to).map(({ from }) => { const { x, width } = graph.node(from); return x + width / 2 + loopWidth })
  return {
    width: Math.ceil(Math.max(whole.width ?? 0, ...loops)), height: Math.ceil(whole.height ?? 0),
    boxes: new Map(boxes.map(({ entity: { name } }) => {
      const { x, y, width, height } = graph.node(name)
      return [name, { x: Math.round(x - width / 2), y: Math.round(y - height / 2), width, height }]
    })),
    lines: arrows.map((arrow) => ({ arrow, line: arrow.from === arrow.to ? loopAt(graph.node(arrow.from)) : lineThrough((graph.edge({ v: arrow.from, w: arrow.to, name: arrow.field.key }) as { readonly points: readonly Point[] }).points) })),
  }
}

/** From the right side of a box back to it. */
function loopAt({ x, y, width, height }: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }): string {
  const [right, top] = [x + width / 2, y - height / 2]
  return `M${right} ${top + height - 14}C${right + loopWidth} ${top + height - 14} ${right + loopWidth} ${top + 24} ${right} ${top + 24}`
}
