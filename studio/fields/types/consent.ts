/** Consent with its evidence: what was said, when, how, and to which text. */
import { html, type TemplateResult } from 'lit'

import { isObject, type Json } from '../../../metadata/contract/json.js'
import { t, type TextKey } from '../../client/i18n.js'
import { instant } from './instant.js'
import { badge } from '../choices.js'
import { objectOf, partsGroup, withPart, type PartInput } from '../parts-group.js'
import { plain } from '../plain.js'
import { control } from '../control.js'
import type { FieldSlot, FieldView, Shown } from '../contract.js'

const colors: Readonly<Record<string, string>> = { granted: 'green', withdrawn: 'red' }
const states = ['granted', 'withdrawn', 'unknown'] as const

const stateText = (state: string): string => (states.some((known) => known === state) ? t(`part.state.${state}` as TextKey) : state)

const stateOptions = { enum: states, options: Object.fromEntries(states.map((state) => [state, { color: colors[state] ?? '' }])) }

/** Whoever says yes or no says it now and to the present text, until that is corrected; nobody said anything when it is unknown. */
function changed({ value, field }: FieldSlot, name: string, part: Json): Json {
  if (name !== 'state') return withPart(value, name, part)
  if (part === null) return null
  const { at: _at, ...rest } = objectOf(value)
  if (part === 'unknown') return { ...rest, state: part }
  const version = plain(field.options['textVersion'] ?? null)
  return { ...rest, state: part, at: new Date().toISOString(), ...(version !== '' && { textVersion: version }) }
}

/** One box to tick beside the text that is agreed to. Unticked nothing was said; when it was ticked and to which text is noted by the engine. */
const ownWord = (slot: FieldSlot): TemplateResult => html`
  <vaadin-checkbox ${control(slot)}
    @checked-changed=${({ detail }: CustomEvent<{ value: boolean }>) => {
      if (detail.value !== (objectOf(slot.value)['state'] === 'granted')) slot.change(detail.value ? { state: 'granted', at: new Date().toISOString() } : null)
    }}
    .checked=${objectOf(slot.value)['state'] === 'granted'}></vaadin-checkbox>
`

function inputs(value: Json | undefined): readonly PartInput[] {
  const state: PartInput = { name: 'state', type: 'select', width: 'half', options: stateOptions }
  if (objectOf(value)['state'] === undefined) return [state]
  return [state, { name: 'at', type: 'instant', width: 'half' }, { name: 'source', type: 'text', width: 'half' }, { name: 'textVersion', type: 'text', width: 'half' }]
}

/** The evidence in one line: `Jul 1, 2026, 4:30 PM · web form · v3`. */
function evidence(value: Json, shown: Shown): string {
  const { at = null, source, textVersion } = objectOf(value)
  const when = at === null ? '' : instant.text(at, shown)
  return [typeof when === 'string' ? when : '', plain(source), plain(textVersion)].filter((part) => part !== '').join(' · ')
}

const stateOf = (value: Json): string => (isObject(value) ? plain(value['state']) : plain(value))

export const consent: FieldView = {
  type: 'consent',
  icon: 'checkSquare',
  align: 'start',
  columnPx: 120,
  wide: true,
  filters: [],
  input: (slot) => (slot.ofOneself === true ? ownWord(slot) : partsGroup(slot, inputs(slot.value), (name, part) => changed(slot, name, part))),
  cell: (value, shown) => {
    const state = badge({ value: stateOf(value), label: stateText(stateOf(value)), color: colors[stateOf(value)] ?? '' })
    return shown.record === undefined ? html`${state} <span class="quiet">${evidence(value, shown)}</span>` : html`<span title=${evidence(value, shown)}>${state}</span>`
  },
  text: (value, shown) => [stateText(stateOf(value)), evidence(value, shown)].filter((part) => part !== '').join(' · '),
}
