/** A place on the map: two numbers, or both pasted into one of them. */
import { html } from 'lit'

import type { Json } from '../../../metadata/contract/json.js'
import { number, t } from '../../client/i18n.js'
import { objectOf, partsGroup } from '../parts-group.js'
import { plain } from '../plain.js'
import type { FieldSlot, FieldView } from '../contract.js'

const digits = { maximumFractionDigits: 7 } as const

function written(value: Json): string {
  const { lat, lng } = objectOf(value)
  return typeof lat === 'number' && typeof lng === 'number' ? `${number(lat, digits)}, ${number(lng, digits)}` : plain(value)
}

/** Whoever copies a place from a map copies both numbers: they go where they belong, whichever input is in front. */
function pasted(slot: FieldSlot, event: ClipboardEvent): void {
  const [, lat, lng] = /^\s*([+-]?\d{1,2}(?:\.\d+)?)°?\s*[,;\s]\s*([+-]?\d{1,3}(?:\.\d+)?)°?\s*$/.exec(event.clipboardData?.getData('text') ?? '') ?? []
  if (lat === undefined || lng === undefined) return
  event.preventDefault()
  slot.change({ lat: Number(Number(lat).toFixed(7)), lng: Number(Number(lng).toFixed(7)) })
}

/** Opens in whatever map the reader's system or browser has for it; nothing is loaded from there by itself. */
function mapAddress(value: Json): string {
  const { lat, lng } = objectOf(value)
  return `https://www.openstreetmap.org/?mlat=${String(Number(lat))}&mlon=${String(Number(lng))}#map=17/${String(Number(lat))}/${String(Number(lng))}`
}

export const geoPoint: FieldView = {
  type: 'geoPoint',
  icon: 'map',
  align: 'start',
  columnPx: 190,
  wide: false,
  places: true,
  filters: [],
  input: (slot) => html`<div @paste=${(event: ClipboardEvent) => pasted(slot, event)}>${partsGroup(slot, [
    { name: 'lat', type: 'decimal', options: { minimum: -90, maximum: 90 }, width: 'half', required: slot.required },
    { name: 'lng', type: 'decimal', options: { minimum: -180, maximum: 180 }, width: 'half', required: slot.required },
  ])}</div>`,
  cell: (value, { record }) => (record === undefined && written(value).includes(', ')
    ? html`<span class="number">${written(value)}</span> <a href=${mapAddress(value)} target="_blank" rel="noopener noreferrer">${t('field.geoPoint.map')}</a>`
    : html`<span class="number">${written(value)}</span>`),
  text: written,
}
