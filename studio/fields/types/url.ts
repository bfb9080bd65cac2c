/** A web address. Only http, https and mailto become links: `javascript:` and the like stay text. */
import { html } from 'lit'

import { plain } from '../plain.js'
import { textInput } from '../text-input.js'
import type { FieldView } from '../contract.js'

const followed = new Set(['http:', 'https:', 'mailto:'])

/** The address as a link target, or undefined when it must not be one. */
export function linkTarget(text: string): string | undefined {
  try {
    const address = new URL(text)
    return followed.has(address.protocol) ? address.href : undefined
  } catch {
    return undefined
  }
}

export const url: FieldView = {
  type: 'url',
  icon: 'globe',
  align: 'start',
  columnPx: 220,
  wide: false,
  filters: ['$contains', '$startsWith', '$eq', '$ne'],
  input: (slot) => textInput(slot, 'url', 'https://'),
  cell: (value) => {
    const target = linkTarget(plain(value))
    const shown = plain(value).replace(/^https?:\/\//, '')
    return target === undefined ? plain(value) : html`<a href=${target} target="_blank" rel="noopener noreferrer nofollow">${shown}</a>`
  },
  text: (value) => plain(value),
}
