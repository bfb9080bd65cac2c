/** The face of a record beside its name: its picture, or of people the first letters of their name. */
import './face.css'

import { html, nothing, type TemplateResult } from 'lit'
import { until } from 'lit/directives/until.js'

import type { JsonObject } from '../../metadata/contract/json.js'
import type { UiEntity, UiField } from '../../metadata/contract/ui-model.js'
import { nameOf } from './name-of.js'
import { icon } from '../ui/icon.js'
import { initials } from '../ui/initials.js'
import type { FileAccess } from './contract.js'
import { filesIn, isPicture } from './file-value.js'
import { viewOf } from './index.js'

/** Fields whose pictures may be shown of many records. Personal pictures stay on the record's page: looking at them is recorded. */
export const pictureFields = (entity: UiEntity): readonly UiField[] => entity.fields.filter((field) => viewOf(field.type).picture === true && !field.masked && field.sensitive !== true)

/** The field whose picture stands for a record. */
export const pictureField = (entity: UiEntity): UiField | undefined => pictureFields(entity)[0]

/** Entities whose sign is a person have people. */
const hasPeople = ({ icon: sign }: UiEntity): boolean => sign === 'user' || sign === 'users'

/** True when records of the entity have a face at all. */
export const hasFaces = (entity: UiEntity): boolean => hasPeople(entity) || pictureField(entity) !== undefined

/**
 * Always of the same size, so that nothing moves when a picture comes. It says nothing that the name beside it does not.
 * @param shown where the record is not the one that `files` is about: the record itself
 */
export function face(entity: UiEntity, record: JsonObject, files: FileAccess | undefined, shown?: JsonObject, size: 'large' | '' = ''): TemplateResult | typeof nothing {
  if (!hasFaces(entity)) return nothing
  const field = pictureField(entity)
  const picture = field === undefined ? undefined : filesIn(record[field.key]).find(isPicture)
  const instead = hasPeople(entity) ? initials(nameOf(entity, record)) : icon(entity.icon)
  const address = field === undefined || picture === undefined ? undefined : files?.address(field, shown, picture.id, 96)
  const inside = address === undefined ? instead : until(address.then((url) => (url === null ? instead : html`<img src=${url} alt="" loading="lazy" decoding="async" />`)), nothing)
  return html`<span class="face ${hasPeople(entity) ? 'person' : ''} ${size}" aria-hidden="true">${inside}</span>`
}
