/** The designer's sentences: plan steps, changes, origins and problems in words of people who do not program. */
import { kindWords, readFault, type FaultWords } from '../../metadata/contract/formula-faults.js'
import type { Json, JsonObject } from '../../metadata/contract/json.js'
import type { PlanStep } from '../../metadata/contract/plan.js'
import { hasText, language, languageTitle, listed, number, t } from '../client/i18n.js'
import { entityNamed, objectOf, textOf, titleFrom, translated, type Origin, type TypeNames } from './draft/definitions.js'
import { keysOf, type Documents } from './draft/operations.js'
import type { DraftProblem } from './draft/draft-store.js'

/** A text by a key that is made from a name; `fallback` when there is none. */
export function textFor(key: string, fallback: string): string {
  return hasText(key) ? t(key) : fallback
}

export const typeTitle = (name: string): string => textFor(`designer.type.${name}`, titleFrom(name))
export const typeHelp = (name: string): string => textFor(`designer.typeHelp.${name}`, '')
export const layerTitle = (name: string): string => textFor(`designer.layer.${name}`, titleFrom(name))

/** What an origin's badge says; '' for nothing. */
export function originText({ layer, change }: Origin): string {
  if (change === 'new') return t('designer.origin.new')
  if (change === 'changed') return t('designer.origin.changed')
  if (change === 'here') return t('designer.origin.here', { layer: layerTitle(layer) })
  return layer === '' ? '' : layerTitle(layer)
}

/** `roles/clerk.json` → `clerk`, `member/view.gold.json` → `gold`. */
const nameIn = (path: string): string => path.slice(path.lastIndexOf('/') + 1).replace(/^(view|form)\./, '').replace(/\.json$/, '')

/** Titles by API names, from the definitions before and after a change. */
export class Titles {
  readonly #sources: readonly Documents[]

  /** The first that knows a name is used. */
  constructor(...sources: readonly Documents[]) {
    this.#sources = sources
  }

  entity(name: string): string {
    for (const documents of this.#sources) {
      const found = entityNamed(documents, noTypes, language.value, name)
      if (found !== null) return found.title
    }
    return titleFrom(name)
  }

  /** Several records of an entity. */
  plural(name: string): string {
    for (const documents of this.#sources) {
      const found = entityNamed(documents, noTypes, language.value, name)
      if (found !== null) return found.plural
    }
    return titleFrom(name)
  }

  /** One field, or several joined by `+` as in the steps of indexes. */
  field(entity: string, keys: string): string {
    return keys.split('+').map((key) => this.#field(entity, key)).join(' + ')
  }

  /** A document's own title, e.g. of a role or a list. */
  document(path: string): string {
    for (const documents of this.#sources) {
      const found = documents[path]
      if (found === undefined) continue
      // A workflow's title stands in its head.
      const [at, head] = path.startsWith('workflows/') ? ['/document', objectOf(found['document'])] : ['', found]
      return translated(documents, language.value, path, `${at}/title`) || textOf(head['title']) || titleFrom(nameIn(path))
    }
    return titleFrom(nameIn(path))
  }

  /** True when the field may not hold the same value twice. */
  isUnique(entity: string, key: string): boolean {
    const [documents] = this.#sources
    return objectOf(objectOf(objectOf(documents?.[`${entity}/entity.json`]?.['properties'])[key])['crm'])['unique'] === true
  }

  #field(entity: string, key: string): string {
    for (const documents of this.#sources) {
      const property = objectOf(objectOf(documents[`${entity}/entity.json`])['properties'])[key]
      if (property === undefined) continue
      return translated(documents, language.value, `${entity}/entity.json`, `/properties/${key}/title`) || textOf(objectOf(property)['title']) || titleFrom(key)
    }
    return titleFrom(key)
  }
}

const noTypes: TypeNames = {}

/** What a document or a place in it is called on the screens; `path` as in problems: `member/view.gold.json#/filter`. */
export function placeText(path: string, titles: Titles): string {
  const [document = '', place = ''] = path.split('#')
  const [folder = '', file] = document.split('/')
  const keys = keysOf(place)
  if (file === undefined) return t('designer.place.system')
  if (folder === 'texts') return t('designer.place.texts')
  if (folder === 'roles') {
    const role = t('designer.place.role', { name: titles.document(document) })
    return keys[0] === 'entities' && keys[1] !== undefined ? `${role} · ${titles.entity(keys[1])}` : role
  }
  if (folder === 'workflows') return t('process.placeWorkflow', { name: titles.document(document) })
  if (folder === 'segments') return t('segments.place', { name: titles.document(document) })
  if (folder === 'dashboards' || folder === 'calendars') return t(`designer.place.${folder}`, { name: titles.document(document) })
  const entity = titles.entity(folder)
  if (file === 'lifecycle.json') return t('process.placeLifecycle', { entity })
  if (file.startsWith('form.')) return file === 'form.default.json' ? t('designer.place.form', { entity }) : t('designer.place.formNamed', { entity, name: titles.document(document) })
  if (file.startsWith('view.')) return t('designer.place.view', { entity, name: titles.document(document) })
  return keys[0] === 'properties' && keys[1] !== undefined ? `${entity} · ${titles.field(folder, keys[1])}` : entity
}

/** What a step does, as one sentence. */
export function stepText(step: PlanStep, titles: Titles): string {
  const entity = step.entity === undefined ? '' : titles.entity(step.entity)
  const field = step.entity === undefined || step.field === undefined ? '' : titles.field(step.entity, step.field)
  const convert = step.action === 'convertField'
  const relinksTarget = step.action === 'relinkField'
  const word = (name: string | undefined): string => (name === undefined ? '' : convert ? typeTitle(name) : relinksTarget ? textFor(`designer.value.onDelete.${name}`, titles.entity(name)) : name)
  const path = step.key.slice(step.key.indexOf(':') + 1)
  if (step.change !== undefined) return t(`designer.plan.${step.change}`, { document: placeText(path, titles) })
  if (step.fields !== undefined && step.entity !== undefined) return t('designer.plan.changeFields', { entity, fields: listed(step.fields.map((key) => titles.field(step.entity ?? '', key))) })
  if (step.action === 'changeScreen' && path.startsWith('workflows/')) return t('process.planWorkflow', { name: titles.document(path) })
  if (step.action === 'changeScreen' && path === 'layer.json') return t('designer.plan.changeNavigation')
  const isUnique = step.action === 'addIndex' && step.entity !== undefined && titles.isUnique(step.entity, step.field ?? '')
  return t(isUnique ? 'designer.plan.addUnique' : `designer.plan.${step.action}`, { entity, field, from: word(step.from), to: word(step.to), document: placeText(path, titles) })
}

/** A formula that is new or was changed; its values follow, so there is nothing to agree to. */
const isComputed = ({ action, safety }: PlanStep): boolean => action === 'recomputeField' || ((action === 'addField' || action === 'restoreField' || action === 'convertField') && safety !== 'lossy')

/** What a step means for the data; '' when it touches none. */
export function stepDetail(step: PlanStep): string {
  const failing = step.failing?.count ?? 0
  const looked = step.failing?.looked
  if (failing > 0 && isComputed(step)) return t(looked === undefined ? 'designer.failing.formula' : 'designer.failing.formulaLooked', { count: failing, looked: looked ?? 0 })
  if (failing > 0) {
    const key = `designer.failing.${step.action}`
    return t(hasText(key) ? key : 'designer.failing.other', { count: failing })
  }
  if (step.action === 'requireField') return t('designer.plan.noneLacks')
  if (step.action === 'archiveField' || step.action === 'archiveEntity') return t('designer.plan.kept')
  if (step.action === 'renameField' || step.action === 'renameEntity') return t('designer.plan.renameSafe')
  return step.rows === undefined || step.rows === 0 ? '' : t('designer.plan.rows', { count: step.rows })
}

/** How long a step takes and who waits meanwhile; '' where nobody notices it. */
export function timeText({ takes }: PlanStep): string {
  if (takes === undefined) return ''
  const seconds = takes.milliseconds / 1_000
  const [value, unit] = seconds < 90 ? [seconds, 'second'] : [seconds / 60, 'minute']
  const time = seconds < 1 ? t('designer.takes.moment') : t('designer.takes.about', { time: number(value, { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 0 }) })
  return t(`designer.takes.${takes.waits}`, { time })
}

/** A problem in the reader's language; the engine writes English and names the details in quotes: what is named is said in any language, as the screens call it. */
export function problemText({ code, message, path, documents }: DraftProblem): string {
  if (code === 'field.computed' || code === 'entity.rule') {
    const fault = faultText(message)
    if (fault !== undefined) return fault
  }
  if (code === 'role.test' && documents !== undefined) return brokenTest(documents, path, message)
  const key = `designer.problem.${code}`
  const called = (name: string): string => (documents === undefined ? name : titleNear(documents, path, name))
  if (language.value === 'en' || !hasText(key)) return message.replace(quoted, (_whole, name: string) => `“${called(name)}”`)
  const named = [...new Set([...message.matchAll(quoted)].map(([, name = '']) => called(name)))]
  return named.length === 0 ? t(key) : t('designer.problemNamed', { text: t(key).replace(/[.。]$/, ''), names: listed(named) })
}

/** What is wrong with a formula, in the reader's language where the mistake is a known one. @param message of the engine */
export const formulaProblem = (message: string): string => faultText(message) ?? message

function faultText(message: string): string | undefined {
  const fault = readFault(message)
  return fault === undefined ? undefined : `${t(`formula.fault.${fault.code}`, faultWords(fault.words))}${fault.at === undefined ? '' : t('formula.faultAt', { at: fault.at })}`
}

/** Kinds of values and what a sentence tells of another field are said in the reader's language, too. */
const faultWords = (words: FaultWords): FaultWords =>
  Object.fromEntries(Object.entries(words).map(([name, word]) => [name, name === 'reason' ? formulaProblem(word) : kindWords.has(name) && language.value !== 'en' ? word.split(', ').map(kindText).join(', ') : word]))

/** `a yes/no value` → 是/否. */
const kindText = (word: string): string => textFor(`formula.kind.${kindKeys[word.replace(/^an? /, '')] ?? word.replace(/^an? /, '')}`, word)
const kindKeys: Readonly<Record<string, string>> = { 'yes/no value': 'yesNo', 'unknown value': 'unknown' }

/** A test of a role as a sentence: `Store clerk may not read: Income of Members`. */
export function testSentence(titles: Titles, role: string, test: JsonObject): string {
  const [entity, field] = [textOf(test['entity']), textOf(test['field'])]
  const plural = titles.plural(entity)
  const what = field === '' ? plural : t('access.test.fieldOf', { field: titles.field(entity, field), entity: plural })
  const answer = `access.test.${textOf(test['may'])}`
  const action = textFor(`access.action.${textOf(test['action'])}`, '').toLocaleLowerCase(language.value)
  return hasText(answer) ? t(answer, { role, action, what }) : ''
}

/** What would not stay so, and what the role could do instead. */
function brokenTest(documents: Documents, path: string, message: string): string {
  const [document = '', place = ''] = path.split('#')
  const titles = new Titles(documents)
  const test = objectOf(objectOf(documents[document]?.['tests'])[keysOf(place)[1] ?? ''])
  return t('access.testBroken', { test: testSentence(titles, titles.document(document), test), found: foundInstead(message) })
}

/** What a role could do, where a test of it says otherwise: the last name in the message is the answer that was found. */
export const foundInstead = (message: string): string => textFor(`access.found.${[...message.matchAll(quoted)].at(-1)?.[1] ?? ''}`, '')

const quoted = /“([^”\s]+)”/g

/** What a name means at a place of a definition: a state, a field, an entity or a role there; the name itself where it is none of them. */
function titleNear(documents: Documents, path: string, name: string): string {
  const titles = new Titles(documents)
  const [document = '', place = ''] = path.split('#')
  const keys = keysOf(place)
  const entity = document.startsWith('roles/') && keys[0] === 'entities' ? (keys[1] ?? '') : (document.split('/')[0] ?? '')
  const properties = objectOf(documents[`${entity}/entity.json`]?.['properties'])
  const states = textOf(documents[`${entity}/lifecycle.json`]?.['field'])
  const option = objectOf(objectOf(objectOf(objectOf(properties[states])['crm'])['options'])[name])
  const field = name.replace(/^#\/properties\//, '')
  if (document.endsWith('/lifecycle.json') && option['title'] !== undefined) return translated(documents, language.value, `${entity}/entity.json`, `/properties/${states}/crm/options/${name}/title`) || textOf(option['title'])
  if (properties[field] !== undefined) return titles.field(entity, field)
  if (documents[`${name}/entity.json`] !== undefined) return titles.entity(name)
  return documents[`roles/${name}.json`] === undefined ? name : titles.document(`roles/${name}.json`)
}

/** One difference between two versions. */
export interface DefinitionChange {
  readonly path: string
  readonly before?: Json
  readonly after?: Json
}

/** Differences that are one to a reader: a field that left under one name and came back under another was renamed. */
export function readableChanges(changes: readonly DefinitionChange[]): readonly (DefinitionChange & { readonly renamedFrom?: string })[] {
  const renames = new Map<DefinitionChange, DefinitionChange>()
  for (const added of changes) {
    const place = fieldPlace(added)
    if (place === null || added.before !== undefined) continue
    const gone = changes.find((change) => change.after === undefined && fieldPlace(change)?.document === place.document && identityIn(change) === identityIn(added))
    if (gone !== undefined) renames.set(added, gone)
  }
  const gone = new Set(renames.values())
  return changes.filter((change) => !gone.has(change)).map((change) => {
    const from = renames.get(change)
    return from === undefined ? change : { ...change, before: from.before ?? null, renamedFrom: fieldPlace(from)?.key ?? '' }
  })
}

/** Document and key, when the difference is a whole field. */
function fieldPlace({ path }: DefinitionChange): { readonly document: string; readonly key: string } | null {
  const [document = '', place = ''] = path.split('#')
  const [area, key, ...rest] = keysOf(place)
  return document.endsWith('/entity.json') && area === 'properties' && key !== undefined && rest.length === 0 ? { document, key } : null
}

/** What a field was first published as. */
const identityIn = (change: DefinitionChange): string =>
  textOf(objectOf(objectOf(change.after ?? change.before)['crm'])['id']) || (fieldPlace(change)?.key ?? '')

type ChangeKind = 'added' | 'removed' | 'changed'

/** What a difference is about, in words. */
export function changeText(change: DefinitionChange & { readonly renamedFrom?: string }, titles: Titles): string {
  const [document = '', place = ''] = change.path.split('#')
  const keys = keysOf(place)
  const kind: ChangeKind = change.before === undefined ? 'added' : change.after === undefined ? 'removed' : 'changed'
  const [folder = '', file = ''] = document.split('/')
  if (folder === 'texts') return t('designer.change.texts', { name: languageTitle(file.replace('.json', '')), change: placeText(keys.length === 0 ? document : `${keys[0] ?? ''}#${keys[1] ?? ''}`, titles) })
  const entity = titles.entity(folder)
  if (file !== 'entity.json') return documentText(titles, folder, file, kind, keys.length === 0)
  if (keys.length === 0) return t(`designer.change.entity.${kind}`, { entity })
  const [area = '', key = '', ...rest] = keys
  if (area !== 'properties') return t('designer.change.entitySetting', { entity, setting: settingText(area === 'crm' ? [key, ...rest] : [area]) })
  const field = titles.field(folder, key)
  if (change.renamedFrom !== undefined) return t('designer.change.field.renamed', { entity, field, from: change.renamedFrom, to: key })
  if (rest.length === 0) return t(`designer.change.field.${kind}`, { entity, field })
  const setting = rest[0] === 'crm' ? rest.slice(1) : rest
  if (setting.length === 0) return t('designer.change.field.changed', { entity, field })
  return t('designer.change.fieldSetting', { entity, field, setting: settingText(setting) })
}

function documentText(titles: Titles, folder: string, file: string, kind: ChangeKind, whole: boolean): string {
  const entity = titles.entity(folder)
  const change = whole ? kind : 'changed'
  const doc = t(`designer.change.document.${change}`)
  if (folder === 'workflows') return t('process.changeWorkflow', { name: titles.document(`${folder}/${file}`), change: doc })
  if (file === 'lifecycle.json') return t('process.changeLifecycle', { entity, change: doc })
  if (folder === 'dashboards' || folder === 'calendars' || folder === 'segments') return `${placeText(`${folder}/${file}`, titles)}: ${doc}`
  if (folder === 'roles') return t('designer.change.role', { name: titles.document(`${folder}/${file}`), change: doc })
  if (file.startsWith('form.')) return t('designer.change.form', { entity, change: doc })
  if (file.startsWith('view.')) return t('designer.change.view', { entity, change: doc })
  return t('designer.change.system', { change: doc })
}

const settingText = (keys: readonly string[]): string => {
  const [first = '', ...rest] = keys
  const name = textFor(`designer.option.${first}`, titleFrom(first))
  return rest.length === 0 ? name : `${name} (${rest.join(', ')})`
}
