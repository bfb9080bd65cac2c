/** What a view is made of: choices among few words, each with its name in front. A telephone has no room for them: there they are folded into what is chosen. */
import './choice-select.css'
import { html, nothing, type TemplateResult } from 'lit'

import { narrow } from '../lists/narrow.js'
import { icon } from '../ui/icon.js'
import type { Named } from './choices.js'

export interface Choice {
  readonly label: string
  readonly choices: readonly Named[]
  readonly value: string
  readonly choose: (text: string) => void
  /** How choosing nothing is called; absent where something must be chosen. */
  readonly none?: string | undefined
}

/** Draw again when the window becomes narrow or wide. @param label what is chosen, for who cannot see it */
export function choicesMade(label: string, choices: readonly Choice[]): TemplateResult | typeof nothing {
  if (choices.length === 0) return nothing
  if (!narrow.matches) return html`<span class="made-of" role="group" aria-label=${label}>${choices.map(select)}</span>`
  return html`
    <details class="made-fold">
      <summary>${icon('settings')}<span class="visually-hidden">${label}: </span><span class="made-words">${choices.map(chosen).join(' · ')}</span>${icon('chevronDown')}</summary>
      <div class="made-of" role="group" aria-label=${label}>${choices.map(select)}</div>
    </details>`
}

const chosen = ({ choices, value, none }: Choice): string => choices.find(({ text }) => text === value)?.label ?? (value === '' ? (none ?? '') : value)

function select({ label, choices, value, choose, none }: Choice): TemplateResult {
  const known = choices.some(({ text }) => text === value) || value === '' ? choices : [{ text: value, label: value }, ...choices]
  return html`
    <label class="made-choice"><span>${label}</span>
      <select .value=${value} @change=${(event: Event & { currentTarget: HTMLSelectElement }) => choose(event.currentTarget.value)}>
        ${none === undefined ? nothing : html`<option value="" ?selected=${value === ''}>${none}</option>`}
        ${known.map(({ text, label: name }) => html`<option value=${text} ?selected=${text === value}>${name}</option>`)}
      </select>
    </label>`
}
