/** The colours of a chart, read from the page's own tokens: a drawing cannot use `light-dark()` and `oklch()` by itself. */
import './colors.css'

export interface ChartColors {
  readonly ink: string
  readonly quiet: string
  readonly line: string
  readonly page: string
  /** Colour of an option, or the next free one of the palette. */
  readonly of: (name: string, index: number) => string
}

/** Names that options may have → tokens of `colors.css`. */
const tokens: Readonly<Record<string, string>> = {
  red: 'red', orange: 'orange', amber: 'amber', yellow: 'amber', gold: 'amber', green: 'green', lime: 'green', teal: 'teal', cyan: 'teal', blue: 'blue', sky: 'blue',
  indigo: 'indigo', violet: 'indigo', purple: 'purple', pink: 'pink', rose: 'pink', brown: 'brown', bronze: 'brown', gray: 'gray', grey: 'gray', silver: 'gray', slate: 'gray',
}
const palette = ['indigo', 'teal', 'orange', 'pink', 'green', 'purple', 'amber', 'blue', 'brown', 'red'] as const

/** Reads the colours as they are for `host` now. */
export function colorsOf(host: HTMLElement): ChartColors {
  const probe = document.createElement('span')
  // Where little is to move everything has a short transition, and a probe would be read on its way.
  probe.style.transitionProperty = 'none'
  host.append(probe)
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  const read = (token: string): string => {
    probe.style.color = `var(--${token})`
    return plainColor(context, getComputedStyle(probe).color)
  }
  const known = new Map(['ink', 'ink-quiet', 'line', 'page', ...new Set([...palette, 'gray'])].map((name) => [name, read(name in tokens ? `chart-${name}` : name)]))
  probe.remove()
  const named = (name: string): string => known.get(name) ?? '#888888'
  return {
    ink: named('ink'), quiet: named('ink-quiet'), line: named('line'), page: named('page'),
    of: (name, index) => named((Object.hasOwn(tokens, name) ? tokens[name] : undefined) ?? palette[index % palette.length] ?? 'indigo'),
  }
}

/** Any colour of CSS as `rgb()`. */
function plainColor(context: CanvasRenderingContext2D | null, color: string): string {
  if (context === null) return color
  context.clearRect(0, 0, 1, 1)
  context.fillStyle = color
  context.fillRect(0, 0, 1, 1)
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data
  return `rgb(${String(red)}, ${String(green)}, ${String(blue)})`
}
