/** What a button of the Markdown toolbar does to the text. Pure. */

export type Mark = 'bold' | 'italic' | 'heading' | 'list' | 'numbered' | 'link'

/** Replaces what stands between `from` and `to` by `text`, then selects. */
export interface MarkEdit {
  readonly from: number
  readonly to: number
  readonly text: string
  readonly selectFrom: number
  readonly selectTo: number
}

const address = 'https://'

/** The edit that puts a mark on the selection, or takes it off again. */
export function marked(text: string, start: number, end: number, mark: Mark): MarkEdit {
  if (mark === 'bold' || mark === 'italic') return wrapped(text, start, end, mark === 'bold' ? '**' : '*')
  if (mark !== 'link') return lines(text, start, end, mark)
  const words = text.slice(start, end)
  const written = `[${words}](${address})`
  // What is missing is selected: the words, or the address.
  const at = words === '' ? start + 1 : start + written.length - 1 - address.length
  return { from: start, to: end, text: written, selectFrom: at, selectTo: words === '' ? at : at + address.length }
}

function wrapped(text: string, start: number, end: number, sign: string): MarkEdit {
  const inner = text.slice(start, end)
  const outside = text.slice(0, start).endsWith(sign) && text.slice(end).startsWith(sign)
  // One star inside two is bold, not italic.
  const isBoldOnly = sign === '*' && text.slice(0, start).endsWith('**') && !text.slice(0, start).endsWith('***')
  if (outside && !isBoldOnly) return { from: start - sign.length, to: end + sign.length, text: inner, selectFrom: start - sign.length, selectTo: end - sign.length }
  return { from: start, to: end, text: `${sign}${inner}${sign}`, selectFrom: start + sign.length, selectTo: end + sign.length }
}

const starts: Readonly<Record<'heading' | 'list' | 'numbered', { readonly is: RegExp; readonly make: (line: number) => string }>> = {
  heading: { is: /^#{1,6}\s+/, make: () => '## ' },
  list: { is: /^[-*+]\s+/, make: () => '- ' },
  numbered: { is: /^\d+[.)]\s+/, make: (line) => `${String(line + 1)}. ` },
}

function lines(text: string, start: number, end: number, mark: 'heading' | 'list' | 'numbered'): MarkEdit {
  const { is, make } = starts[mark]
  const from = text.lastIndexOf('\n', start - 1) + 1
  const next = text.indexOf('\n', end)
  const to = next < 0 ? text.length : next
  const before = text.slice(from, to).split('\n')
  const off = before.every((line) => is.test(line))
  const bare = before.map((line) => line.replace(/^(?:#{1,6}|[-*+]|\d+[.)])\s+/, ''))
  const written = off ? bare.join('\n') : bare.map((line, i) => `${make(i)}${line}`).join('\n')
  return { from, to, text: written, selectFrom: from + (before.length > 1 ? 0 : written.length), selectTo: from + written.length }
}
