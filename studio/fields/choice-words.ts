/** A record that may be chosen, as a list of choices shows it: its face, its name, and what tells it from others of that name. */
import './reference-input.css'

import { html, nothing, type TemplateResult } from 'lit'

import type { Choice } from './contract.js'

export const choiceWords = ({ name, detail = '', face = nothing }: Choice): TemplateResult =>
  html`<div class="choice-row">${face}<div class="choice">${name}${detail === '' ? nothing : html`<small>${detail}</small>`}</div></div>`
