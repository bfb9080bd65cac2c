/** What is asked before a workflow starts, or of those who approve: questions that are added, named, ordered and taken out; all of it also as text. */
import './asked-form-editor.css'
import '../entities/choices-editor.js'
import '../entities/type-dialog.js'
import './json-text.js'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import { language, languageTitle, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import { viewOf } from '../../fields/index.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { questionField, questionsOf, questionText, setQuestions, type AskedQuestion, type FormPlace } from '../commands/asked-form.js'
import { setTranslation } from '../commands/set-field.js'
import { withTexts } from '../commands/set-translations.js'
import { setValue } from '../commands/set-value.js'
import type { Desk } from '../desk.js'
import { entitiesOf, objectOf, textLanguages, textOf } from '../draft/definitions.js'
import { valueAt, type Documents } from '../draft/operations.js'
import type { ChoiceText } from '../entities/choices-editor.js'
import { choicesOf, hasChoices, propertyFor, type Choice } from '../entities/type-options.js'
import { entry, shownField } from '../entry.js'
import { problemText, typeTitle } from '../words.js'

/** `<asked-form-editor .desk .place .taken>`: everything that is done goes into the draft. */
@customElement('asked-form-editor')
export class AskedFormEditor extends LightElement {
  static override properties = { desk: { attribute: false }, place: { attribute: false }, taken: { attribute: false }, opened: { state: true } }
  declare desk: Desk | undefined
  declare place: FormPlace | undefined
  /** Keys that no question may have. */
  declare taken: readonly string[]
  /** Key of the question that is open; '' for none. */
  declare opened: string

  constructor() {
    super()
    this.taken = []
    this.opened = ''
    new Watch(this, language)
  }

  override render(): TemplateResult | typeof nothing {
    const { desk, place } = this
    if (desk === undefined || place === undefined) return nothing
    const { documents } = desk.design.draft
    const form = valueAt(documents, [place.path, ...place.keys])
    const questions = questionsOf(objectOf(form))
    return html`
      ${this.#problems(desk, place, '').map(wrong)}
      ${questions.length === 0 ? html`<p class="quiet">${t('process.noQuestions')}</p>` : html`<ol class="questions">${questions.map((_one, index) => this.#question(desk, place, questions, index))}</ol>`}
      <button type="button" class="plain accent" @click=${() => void this.#add(desk, place, questions)}>${icon('plus')}<span>${t('process.addQuestion')}</span></button>
      ${form === undefined ? nothing : html`<details class="more-options"><summary>${t('process.asText')}</summary><json-text .label=${t('process.questionsAsText')} .value=${form}
        @value=${(event: CustomEvent<Json | undefined>) => desk.perform((current) => setValue(current, [place.path, ...place.keys], event.detail))}></json-text></details>`}
    `
  }

  /** What is wrong at the form itself, or at one of its questions. */
  #problems({ design }: Desk, { path, keys }: FormPlace, key: string): readonly string[] {
    const at = key === '' ? `${path}#/${keys.join('/')}` : `${path}#${questionText({ path, keys }, key)}`
    return design.problems.filter((problem) => problem.path === at || (key === '' ? problem.path.startsWith(`${at}/required`) : problem.path.startsWith(`${at}/`))).map(problemText)
  }

  #question(desk: Desk, place: FormPlace, questions: readonly AskedQuestion[], index: number): TemplateResult | typeof nothing {
    const question = questions[index]
    if (question === undefined) return nothing
    const { key, title, type, required } = questionField(question)
    const open = this.opened === key
    const problems = this.#problems(desk, place, key)
    const put = (next: readonly AskedQuestion[]): void => desk.perform((documents) => setQuestions(documents, place, next))
    const move = (by: number): void => put(questions.toSpliced(index, 1).toSpliced(index + by, 0, question))
    return html`
      <li class="question" data-wrong=${problems.length > 0 ? 'true' : nothing}>
        <div class="question-head">
          <button type="button" class="plain question-name" aria-expanded=${open ? 'true' : 'false'} @click=${() => (this.opened = open ? '' : key)}>${icon(viewOf(type).icon)}<span>${title}${required ? html` <span class="star" aria-hidden="true">*</span>` : nothing}<small>${typeTitle(type)}</small></span></button>
          <button type="button" class="plain icon-only" ?disabled=${index === 0} aria-label=${t('process.questionUp', { title })} @click=${() => move(-1)}>${icon('arrowUp')}</button>
          <button type="button" class="plain icon-only" ?disabled=${index === questions.length - 1} aria-label=${t('process.questionDown', { title })} @click=${() => move(1)}>${icon('arrowDown')}</button>
          <button type="button" class="plain icon-only" aria-label=${t('process.questionRemove', { title })} @click=${() => put(questions.toSpliced(index, 1))}>${icon('trash')}</button>
        </div>
        ${problems.map(wrong)}
        ${open ? html`<div class="question-body">${this.#body(desk, place, question)}</div>` : nothing}
      </li>
    `
  }

  #body(desk: Desk, place: FormPlace, question: AskedQuestion): TemplateResult {
    const { key, property } = question
    const { surroundings, design: { draft: { documents }, published } } = desk
    const type = published.fieldTypes.find(({ name }) => name === questionField(question).type)
    const change = (changed: Partial<AskedQuestion>, name: string): void => desk.perform((current) => setQuestions(current, place, questionsIn(current, place).map((one) => (one.key === key ? { ...one, ...changed } : one))), `${place.path} ${key} ${name}`)
    const keyword = (name: 'title' | 'description', value: Json): void => {
      const { [name]: _old, ...others } = property
      if (textOf(property[name]) !== (value ?? '')) change({ property: typeof value === 'string' && value !== '' ? { ...others, [name]: value } : others }, name)
    }
    const translation = (tag: string, ...inside: readonly string[]): string => textOf(objectOf(documents[`texts/${tag}.json`]?.[place.path])[questionText(place, key, ...inside)])
    const translate = (tag: string, text: string, ...inside: readonly string[]): void => desk.perform((current) => setTranslation(current, tag, place.path, questionText(place, key, ...inside), text), `${place.path} ${key} ${tag} ${inside.join(' ')}`)
    const tags = textLanguages(documents)
    return html`
      ${entry(surroundings, { field: shownField(`${key}-title`, t('designer.field.title'), 'text'), value: textOf(property['title']), change: (value) => keyword('title', value) })}
      ${tags.map((tag) => entry(surroundings, { field: shownField(`${key}-${tag}`, t('designer.field.titleIn', { language: languageTitle(tag) }), 'text'), value: translation(tag, 'title'), change: (value) => (value ?? '') !== translation(tag, 'title') && translate(tag, textOf(value), 'title') }))}
      ${entry(surroundings, { field: shownField(`${key}-help`, t('designer.field.description'), 'longText'), value: textOf(property['description']), change: (value) => keyword('description', value) })}
      <label class="tick"><input type="checkbox" .checked=${question.required} @change=${() => change({ required: !question.required }, 'required')} /><span>${t('designer.required')}</span></label>
      ${type === undefined || !hasChoices(type) ? nothing : html`<choices-editor .choices=${choicesOf(property)} .unused=${true} .tags=${tags} .texts=${(tag: string, value: string) => translation(tag, 'crm', 'options', value, 'title')}
        @choices=${(event: CustomEvent<readonly Choice[]>) => change({ property: withChoices(property, event.detail) }, 'choices')}
        @choice-text=${({ detail: { tag, value, text } }: CustomEvent<ChoiceText>) => translate(tag, text, 'crm', 'options', value, 'title')}></choices-editor>`}
      <p class="quiet">${t('process.questionKey', { key })}</p>
    `
  }

  async #add(desk: Desk, place: FormPlace, questions: readonly AskedQuestion[]): Promise<void> {
    const { design } = desk
    const dialog = document.createElement('type-dialog')
    dialog.surroundings = desk.surroundings
    dialog.types = design.published.fieldTypes.filter(({ asked }) => asked === true)
    dialog.entities = entitiesOf(design.draft.documents, design.types, language.value, design.inferred)
    dialog.taken = [...this.taken, ...questions.map(({ key }) => key)]
    dialog.only = 'question'
    dialog.tags = textLanguages(design.draft.documents)
    const chosen = await dialog.open()
    if (chosen === null) return
    const { key, title, texts, required, type, options, another } = chosen
    desk.perform((documents) => [
      ...setQuestions(documents, place, [...questionsIn(documents, place), { key, property: propertyFor(type, title, options), required }]),
      ...withTexts(documents, texts.map(({ inside, ...text }) => ({ ...text, path: place.path, place: questionText(place, key, ...inside) }))),
    ])
    this.opened = key
    await this.updateComplete
    if (another) await this.#add(desk, place, [...questions, { key, property: {}, required }])
  }
}

const questionsIn = (documents: Documents, { path, keys }: FormPlace): readonly AskedQuestion[] => questionsOf(objectOf(valueAt(documents, [path, ...keys])))

const wrong = (text: string): TemplateResult => html`<p class="wrong" role="alert">${icon('warning')}<span>${text}</span></p>`

/** Titles and colours stand in the settings, the values in the list. */
function withChoices(property: JsonObject, choices: readonly Choice[]): JsonObject {
  const { oneOf: _oneOf, ...others } = property
  const shown = choices.map(({ value, title, color }): [string, JsonObject] => [String(value), { ...(title === '' ? {} : { title }), ...(color === '' ? {} : { color }) }])
  const values = choices.map(({ value }) => value)
  const list: JsonObject = isObject(property['items']) ? { items: { ...property['items'], enum: values } } : { enum: values }
  return { ...others, ...list, crm: { ...objectOf(property['crm']), options: Object.fromEntries(shown) } }
}

declare global {
  interface HTMLElementTagNameMap {
    'asked-form-editor': AskedFormEditor
  }
}
