/** Text with headings, lists and links, written as Markdown. */
import '../markdown-text.js'

import { html } from 'lit'

import { withoutMarks } from '../markdown.js'
import { plain } from '../plain.js'
import { textInput } from '../text-input.js'
import type { FieldView } from '../contract.js'

export const richText: FieldView = {
  type: 'richText',
  icon: 'richText',
  align: 'start',
  columnPx: 280,
  wide: true,
  filters: ['$contains', '$startsWith'],
  input: (slot) => html`<markdown-input .slotted=${slot}></markdown-input>`,
  filter: (slot) => textInput(slot),
  // In a list one line of words; by itself the text as it was meant.
  cell: (value, { record }) => (record === undefined ? html`<markdown-text .source=${plain(value)}></markdown-text>` : withoutMarks(plain(value))),
  text: (value, { record }) => (record === undefined ? plain(value) : withoutMarks(plain(value))),
  words: withoutMarks,
}
