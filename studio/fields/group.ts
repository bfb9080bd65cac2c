/** Several inputs under one label: what a Vaadin field shows around its one input, around all of them. */
import './group.css'

import { html, nothing, type TemplateResult } from 'lit'

import type { FieldSlot } from './contract.js'

/** `kind` is for its look: `boxed` stands in a frame of its own. */
export const group = (slot: FieldSlot, content: unknown, kind: 'plain' | 'boxed' = 'plain'): TemplateResult => html`
  <fieldset class="field-group" data-kind=${kind} ?disabled=${slot.disabled} aria-label=${slot.label === '' ? slot.field.title : nothing}
    @focusout=${(event: FocusEvent) => event.currentTarget instanceof HTMLElement && !event.currentTarget.contains(event.relatedTarget as Node | null) && slot.touch()}>
    ${slot.label === '' ? nothing : html`<legend>${slot.label}${slot.required ? html`<span class="required" aria-hidden="true"> *</span>` : nothing}</legend>`}
    ${content}
    ${slot.help === '' ? nothing : html`<p class="group-help">${slot.help}</p>`}
    ${slot.error === '' ? nothing : html`<p class="group-error" role="alert">${slot.error}</p>`}
  </fieldset>
`
