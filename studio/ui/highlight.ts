/** Text with the found words marked, found as the engine finds them: capitals and accents do not matter. */
import { html, type TemplateResult } from 'lit'

import { fold, wordsOf } from '../../metadata/contract/text.js'

/** Pieces of `text` in order; `found` ones are words of `q`. Joined they are `text`. */
export function foundIn(text: string, q: string): readonly { readonly text: string; readonly found: boolean }[] {
  const points = [...text]
  const places: number[] = []
  let folded = ''
  for (const [index, point] of points.entries()) {
    const part = fold(point)
    for (let i = 0; i < part.length; i++) places.push(index)
    folded += part
  }
  const marked = new Set<number>()
  for (const word of wordsOf(q)) {
    for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + 1)) {
      for (let i = at; i < at + word.length; i++) marked.add(places[i] ?? -1)
    }
  }
  const pieces: { text: string; found: boolean }[] = []
  for (const [index, point] of points.entries()) {
    const found = marked.has(index)
    const last = pieces.at(-1)
    if (last?.found === found) last.text += point
    else pieces.push({ text: point, found })
  }
  return pieces
}

export const highlighted = (text: string, q: string): TemplateResult =>
  html`${foundIn(text, q).map((piece) => (piece.found ? html`<mark>${piece.text}</mark>` : piece.text))}`
