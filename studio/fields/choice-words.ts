/** A record that may be chosen, as a list of choices shows it: its face, its name, and what tells it from others of that name. */
import './reference-input.css'

import { html, nothing, type TemplateResult } from 'lit'

import { t } from '../client/i18n.js'
import type { Choice } from './contract.js'

export const choiceWords = ({ name, detail = '', face = nothing }: Choice): TemplateResult =>
  html`<div class="choice-row">${face}<div class="choice">${name}${detail === '' ? nothing : html`<small>${detail}</small>`}</div></div>`

/** Said where what was typed names no record: a list that does not open says nothing. @param name what was typed; '' for nothing to say */
export const noneFound = (name: string): TemplateResult => html`<small class="none-found" role="status" ?hidden=${name === ''}>${name === '' ? nothing : t('field.noneFound', { name })}</small>`
