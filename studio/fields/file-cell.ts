/** Files in a list or a read-only place: a small picture or a sign, and the name. */
import './file-input.css'

import { html, nothing, type TemplateResult } from 'lit'
import { until } from 'lit/directives/until.js'

import type { Json } from '../../metadata/contract/json.js'
import { t } from '../client/i18n.js'
import { icon } from '../ui/icon.js'
import type { Shown } from './contract.js'
import { filesIn, iconOf, isPicture, type FileShown } from './file-value.js'

/** The first file, and how many more there are. By itself (not in a list) the name opens it. */
export function fileCell(value: Json, shown: Shown): TemplateResult {
  const files = filesIn(value)
  const [first] = files
  if (first === undefined) return html``
  if (shown.record === undefined) return html`${files.map((file) => html`<span class="file-cell">${face(file, shown)}<span>${opened(file, shown)}</span></span> `)}`
  return html`<span class="file-cell">${face(first, shown)}<span>${first.name}</span>${files.length > 1 ? html`<small>+${files.length - 1}</small>` : nothing}</span>`
}

/** Pictures in a list: the first one, small, and how many more there are. Elsewhere they are told like files. */
export function pictureCell(value: Json, shown: Shown): TemplateResult {
  const [first, ...more] = filesIn(value)
  if (first === undefined || shown.record === undefined) return fileCell(value, shown)
  return html`<span class="file-cell" title=${first.name}>${face(first, shown, first.name)}${more.length > 0 ? html`<small>+${more.length}</small>` : nothing}</span>`
}

/** @param alt what is read out; '' where the name stands beside it */
function face(file: FileShown, shown: Shown, alt = ''): TemplateResult {
  const sign = html`<span class="file-tile">${icon(iconOf(file))}${alt === '' ? nothing : html`<span class="visually-hidden">${alt}</span>`}</span>`
  const small = isPicture(file) ? shown.files?.address(shown.field, shown.record, file.id, 96) : undefined
  return small === undefined ? sign : html`${until(small.then((address) => (address === null ? sign : html`<img src=${address} alt=${alt} loading="lazy" decoding="async" />`)), sign)}`
}

function opened(file: FileShown, shown: Shown): TemplateResult {
  const address = shown.files?.address(shown.field, undefined, file.id)
  return html`${address === undefined ? file.name : until(address.then((url) => (url === null ? file.name : html`<a href=${url} target="_blank" rel="noopener" title=${t('field.file.open', { name: file.name })}>${file.name}</a>`)), file.name)}`
}
