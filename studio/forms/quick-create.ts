/** A new record without leaving the form that needs it: what must be known of it, in a dialog. */
import './quick-create.css'
import '@vaadin/button'
import './record-form.js'
import { html, render, type TemplateResult } from 'lit'

import type { JsonObject } from '../../metadata/contract/json.js'
import type { UiEntity, UiField, UiModel } from '../../metadata/contract/ui-model.js'
import type { Client } from '../client/client.js'
import { t } from '../client/i18n.js'
import { displayKey, nameOf } from '../client/records.js'
import type { Choice, Surroundings } from '../fields/contract.js'
import { sendable } from '../fields/lines-state.js'
import { toastProblem } from '../ui/toast.js'
import { check } from './checks.js'
import { edit, refuse, start, touch, touchAll, type FormState } from './form-state.js'
import type { EditDetail, RecordForm } from './record-form.js'
import { Creation } from './save.js'

/** Where the record is made, and for whom. */
interface Place {
  readonly client: Client
  readonly model: UiModel
  readonly entity: UiEntity
  readonly surroundings: Surroundings
}

/** Its name first, then what it needs, and its key facts, as far as the person may set them. */
function asked(entity: UiEntity): readonly UiField[] {
  const keys = new Set([displayKey(entity), ...entity.fields.filter(({ required }) => required).map(({ key }) => key), ...(entity.tree === undefined ? [] : [entity.tree]), ...entity.facts])
  const fields = entity.fields.filter((field) => keys.has(field.key) && field.createable)
  return fields.toSorted((a, b) => Number(b.key === displayKey(entity)) - Number(a.key === displayKey(entity)))
}

/** Asks for the record; the one that was made, or null when the person went back. `name`: what was typed in the search of it. */
export function createQuickly({ client, model, entity, surroundings }: Place, name: string): Promise<Choice | null> {
  return new Promise((resolve) => {
    const fields = asked(entity)
    const defaults: JsonObject = Object.fromEntries(fields.flatMap((field) => (field.default === undefined ? [] : [[field.key, field.default]])))
    const named = fields.some(({ key }) => key === displayKey(entity)) ? { [displayKey(entity)]: name } : {}
    let form: FormState = start({ ...defaults, ...named })
    let saving = false
    const creation = new Creation()
    const dialog = document.createElement('dialog')
    dialog.className = 'quick-create'
    dialog.setAttribute('aria-labelledby', 'quick-create-title')
    const shown: UiEntity = { ...entity, form: { type: 'VerticalLayout', elements: fields.map(({ key }) => ({ type: 'Control', scope: `#/properties/${key}` })) } }
    const checks = (): Readonly<Record<string, string>> => check(entity, form.values, fields.map(({ key }) => key), fields.filter(({ required }) => required).map(({ key }) => key))
    const problems = (): Readonly<Record<string, string>> => ({ ...Object.fromEntries(Object.entries(checks()).filter(([path]) => form.touched.has(path.split('/')[1] ?? ''))), ...form.refused })
    const become = (next: FormState): void => {
      form = next
      draw()
    }
    const done = (choice: Choice | null): void => {
      dialog.close()
      dialog.remove()
      resolve(choice)
    }
    const firstProblem = (): void => void dialog.querySelector<RecordForm>('record-form')?.showFirstProblem()
    const save = async (): Promise<void> => {
      if (saving) return
      become(touchAll(form, fields.map(({ key }) => key)))
      if (Object.keys(checks()).length > 0) return void requestAnimationFrame(firstProblem)
      saving = true
      const body = Object.fromEntries(Object.entries(form.values).filter(([, value]) => value !== null && value !== ''))
      const outcome = await creation.save(client.records, entity, sendable(model, entity, body, {}), model.entities)
      saving = false
      if (outcome.kind === 'saved') return done({ id: outcome.record.id, name: nameOf(entity, outcome.record) })
      if (outcome.kind !== 'refused') return toastProblem(outcome.kind === 'failed' ? outcome.problem : new Error(outcome.kind))
      become(refuse(form, outcome.problems))
      if (Object.keys(outcome.problems).some((path) => !fields.some(({ key }) => path.startsWith(`/${key}`)))) toastProblem(outcome.problem)
      requestAnimationFrame(firstProblem)
    }
    const content = (): TemplateResult => html`
      <h2 id="quick-create-title">${t('record.new', { entity: entity.title })}</h2>
      <record-form .entity=${shown} .values=${form.values} .problems=${problems()} .mode=${'create'} .surroundings=${surroundings}
        @edit=${(event: CustomEvent<EditDetail>) => become(edit(form, event.detail.key, event.detail.value))} @touch=${(event: CustomEvent<string>) => become(touch(form, event.detail))}></record-form>
      <div class="quick-create-actions">
        <vaadin-button theme="tertiary" @click=${() => done(null)}>${t('cancel')}</vaadin-button>
        <vaadin-button theme="primary" @click=${() => void save()}>${t('create')}</vaadin-button>
      </div>`
    const draw = (): void => void render(content(), dialog)
    dialog.addEventListener('cancel', (event) => {
      if (event.target !== dialog) return // pickers inside send the same event
      event.preventDefault()
      done(null)
    })
    dialog.addEventListener('keydown', (event) => {
      if (event.key.toLowerCase() === 's' && (event.ctrlKey || event.metaKey)) {
        // The form below has the same key.
        event.preventDefault()
        event.stopPropagation()
        void save()
      }
    })
    draw()
    document.body.append(dialog)
    dialog.showModal()
    requestAnimationFrame(() => requestAnimationFrame(() => dialog.querySelector<HTMLElement>('input, textarea')?.focus()))
  })
}
