/** A choice among few words, with its name in front. */
import './choice-select.css'
import { html, nothing, type TemplateResult } from 'lit'

import type { Named } from './choices.js'

/** `none`: how choosing nothing is called; absent where something must be chosen. */
export function choiceSelect(label: string, choices: readonly Named[], value: string, choose: (text: string) => void, none?: string): TemplateResult {
  const known = choices.some(({ text }) => text === value) || value === '' ? choices : [{ text: value, label: value }, ...choices]
  return html`
    <label class="made-choice"><span>${label}</span>
      <select .value=${value} @change=${(event: Event & { currentTarget: HTMLSelectElement }) => choose(event.currentTarget.value)}>
        ${none === undefined ? nothing : html`<option value="" ?selected=${value === ''}>${none}</option>`}
        ${known.map(({ text, label: name }) => html`<option value=${text} ?selected=${text === value}>${name}</option>`)}
      </select>
    </label>`
}
