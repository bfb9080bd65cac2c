/** Field by field: mine or theirs. Opens over the form and gives back the choice. */
import './conflict-dialog.css'
import '@vaadin/button'
import { html, nothing, render, type TemplateResult } from 'lit'
import { until } from 'lit/directives/until.js'

import type { Json, JsonObject } from '../../../metadata/contract/json.js'
import type { UiEntity } from '../../../metadata/contract/ui-model.js'
import { fieldOf } from '../../client/model.js'
import { t } from '../../client/i18n.js'
import type { Surroundings } from '../../fields/contract.js'
import { viewOf } from '../../fields/index.js'
import type { Conflict, ConflictField } from './conflict.js'

type Side = 'mine' | 'theirs'

/** Asks for every conflicting field; the chosen values, or null to go on editing. */
export function resolveConflict(conflict: Conflict, entity: UiEntity, surroundings: Surroundings): Promise<JsonObject | null> {
  return new Promise((resolve) => {
    const dialog = document.createElement('dialog')
    dialog.className = 'conflict-dialog'
    dialog.setAttribute('aria-labelledby', 'conflict-title')
    let sides: Readonly<Record<string, Side>> = Object.fromEntries(conflict.fields.map(({ key }) => [key, 'mine']))
    const done = (choice: JsonObject | null): void => {
      dialog.close()
      dialog.remove()
      resolve(choice)
    }
    const choose = (next: Readonly<Record<string, Side>>): void => {
      sides = { ...sides, ...next }
      draw()
    }
    const all = (side: Side): void => choose(Object.fromEntries(conflict.fields.map(({ key }) => [key, side])))
    const chosen = (): JsonObject => Object.fromEntries(conflict.fields.map((field) => [field.key, field[sides[field.key] ?? 'mine']]))
    const draw = (): void => {
      render(
        html`
          <h2 id="conflict-title">${t('conflict.title')}</h2>
          <p class="quiet">${t('conflict.text')}</p>
          <div class="conflict-all">
            <button type="button" class="plain accent" @click=${() => all('mine')}>${t('conflict.allMine')}</button>
            <button type="button" class="plain accent" @click=${() => all('theirs')}>${t('conflict.allTheirs')}</button>
          </div>
          <div class="conflict-fields">${conflict.fields.map((field) => fieldRow(field, entity, surroundings, sides[field.key] ?? 'mine', choose))}</div>
          <div class="conflict-actions">
            <vaadin-button theme="tertiary" @click=${() => done(null)}>${t('conflict.keepEditing')}</vaadin-button>
            <vaadin-button theme="primary" @click=${() => done(chosen())}>${t('conflict.save')}</vaadin-button>
          </div>
        `,
        dialog,
      )
    }
    dialog.addEventListener('cancel', (event) => {
      event.preventDefault()
      done(null)
    })
    draw()
    document.body.append(dialog)
    dialog.showModal()
  })
}

function fieldRow(conflict: ConflictField, entity: UiEntity, surroundings: Surroundings, side: Side, choose: (next: Record<string, Side>) => void): TemplateResult {
  const field = fieldOf(entity, conflict.key)
  const shown = (value: Json): unknown => {
    if (value === null || value === '') return html`<span class="quiet">${t('record.empty')}</span>`
    return field === undefined ? JSON.stringify(value) : until(viewOf(field.type).text(value, { ...surroundings, field }), '…')
  }
  const option = (name: Side): TemplateResult => html`
    <label class="choice-card">
      <input type="radio" name=${`conflict-${conflict.key}`} .checked=${side === name} @change=${() => choose({ [conflict.key]: name })} />
      <span><small>${t(`conflict.${name}`)}</small><span class="conflict-value">${shown(conflict[name])}</span></span>
    </label>
  `
  return html`
    <fieldset class="conflict-field">
      <legend>${field?.title ?? conflict.key}</legend>
      ${conflict.original === null ? nothing : html`<p class="quiet">${t('conflict.original')}: ${shown(conflict.original)}</p>`}
      <div class="conflict-sides">${option('mine')}${option('theirs')}</div>
    </fieldset>
  `
}
