/** A new record without leaving the form that needs it: what must be known of it, in a dialog. */
import './quick-create.css'
import './quick-form.js'
import { html, render } from 'lit'

import type { UiEntity, UiModel } from '../../../metadata/contract/ui-model.js'
import type { Client } from '../../client/client.js'
import { t } from '../../client/i18n.js'
import { displayKey } from '../../client/records.js'
import type { Choice, Surroundings } from '../../fields/contract.js'

/** Where the record is made, and for whom. */
interface Place {
  readonly client: Client
  readonly model: UiModel
  readonly entity: UiEntity
  readonly surroundings: Surroundings
}

/** Asks for the record; the one that was made, or null when the person went back. `name`: what was typed in the search of it. */
export function createQuickly({ client, model, entity, surroundings }: Place, name: string): Promise<Choice | null> {
  return new Promise((resolve) => {
    const dialog = document.createElement('dialog')
    dialog.className = 'quick-create'
    dialog.setAttribute('aria-labelledby', 'quick-create-title')
    const done = (choice: Choice | null): void => {
      dialog.close()
      dialog.remove()
      resolve(choice)
    }
    dialog.addEventListener('cancel', (event) => {
      if (event.target !== dialog) return // pickers inside send the same event
      event.preventDefault()
      done(null)
    })
    render(html`
      <h2 id="quick-create-title">${t('record.new', { entity: entity.title })}</h2>
      <quick-form .client=${client} .model=${model} .entity=${entity} .surroundings=${surroundings} .begin=${{ [displayKey(entity)]: name }}
        @made=${(event: CustomEvent<Choice>) => done(event.detail)} @cancelled=${() => done(null)}></quick-form>`, dialog)
    document.body.append(dialog)
    dialog.showModal()
    requestAnimationFrame(() => requestAnimationFrame(() => dialog.querySelector<HTMLElement>('input, textarea')?.focus()))
  })
}
