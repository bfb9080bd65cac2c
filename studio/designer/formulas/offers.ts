/** What a formula may name where the caret stands: fields, functions, the choices of a select that something is compared with. Pure. */
import type { UiField, UiModel } from '../../../metadata/contract/ui-model.js'
import { inWords } from '../../fields/parts.js'
import { titleFrom, translated, type EntityDefinition, type OfferedFunction, type TypeInfo } from '../draft/definitions.js'
import type { Documents } from '../draft/operations.js'
import { choiceTextPlace } from '../commands/set-choices.js'
import { choicesOf, type Choice } from '../entities/type-options.js'

/** A name that may stand in a formula. */
export interface FormulaName {
  /** As it is written, with the names before it: `store.region`. */
  readonly path: string
  readonly title: string
  /** Field type; '' where there is none to tell. */
  readonly type: string
  /** Values that it can have, where they are chosen from a list. */
  readonly choices: readonly Choice[]
  /** More names follow after a dot. */
  readonly leads: boolean
}

/** What can be written at a place: `names('')` are the first ones, `names('store')` those behind `store.`. */
export interface FormulaLanguage {
  readonly names: (before: string) => readonly FormulaName[]
  readonly functions: readonly OfferedFunction[]
  /** Words that stand for values by themselves, e.g. `today`. */
  readonly words: readonly FormulaWord[]
}

export type FormulaWord = 'today' | 'now' | 'true' | 'false' | 'null'

/** What is said of what is offered, in the language of who reads. */
export interface OfferWords {
  readonly field: (name: FormulaName) => string
  readonly function: (usage: string) => string
  readonly word: (word: FormulaWord) => string
}

export type Offer =
  | { readonly kind: 'field'; readonly text: string; readonly name: FormulaName }
  | { readonly kind: 'function'; readonly text: string; readonly usage: string }
  | { readonly kind: 'choice'; readonly text: string; readonly choice: Choice }
  | { readonly kind: 'word'; readonly text: FormulaWord }

/** What is offered, in the place of the text between `from` and `to`. */
export interface Offers {
  readonly from: number
  readonly to: number
  readonly offers: readonly Offer[]
}

const letter = String.raw`[\p{L}_]`
/** Names with dots and places in lists between them, as far as they are written; titles may be typed instead of names. */
const chain = new RegExp(String.raw`(?:${letter}[\p{L}\p{N}_]*(?:\[\d+\])?\.)*(?:${letter}[\p{L}\p{N}_]*)?$`, 'u')
const rest = /^[\p{L}\p{N}_]*/u
/** A comparison whose other side is being written. */
const comparison = new RegExp(String.raw`(${letter}[\p{L}\p{N}_.[\]]*)\s*(?:==|!=|\bin\s*\[(?:[^\][]*,)?)\s*$`, 'u')

export function offersAt(language: FormulaLanguage, text: string, caret: number): Offers {
  const before = text.slice(0, caret)
  const quote = openQuote(before)
  if (quote !== null) {
    const closes = text.slice(caret).match(/^[^"'\n]*["']/)?.[0].length ?? 0
    return { from: quote, to: caret + closes, offers: choicesAt(language, before.slice(0, quote)) }
  }
  const written = chain.exec(before)?.[0] ?? ''
  const from = caret - written.length
  const to = caret + (rest.exec(text.slice(caret))?.[0].length ?? 0)
  const dot = written.lastIndexOf('.')
  const names = shorterFirst(language.names(dot < 0 ? '' : written.slice(0, dot))).map((name): Offer => ({ kind: 'field', text: name.leads ? `${name.path}.` : name.path, name }))
  if (dot >= 0) return { from, to, offers: names }
  return {
    from, to,
    offers: [
      ...choicesAt(language, before.slice(0, from)), ...names,
      ...language.functions.map(({ usage }): Offer => ({ kind: 'function', text: usage, usage })),
      ...language.words.map((word): Offer => ({ kind: 'word', text: word })),
    ],
  }
}

/** In their order, but what another name begins with stands before that: who has typed it whole means it. */
function shorterFirst(names: readonly FormulaName[]): readonly FormulaName[] {
  const place = new Map(names.map(({ path }) => [path, names.findIndex((other) => other.path.startsWith(path))]))
  return names.toSorted((a, b) => (place.get(a.path) ?? 0) - (place.get(b.path) ?? 0) || a.path.length - b.path.length)
}

/** Where the quoted text begins that the end lies in; null outside of quotes. */
function openQuote(text: string): number | null {
  let open: number | null = null
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charAt(at)
    if (open !== null && sign === '\\') at += 1
    else if (open !== null && sign === text.charAt(open)) open = null
    else if (open === null && (sign === '"' || sign === "'")) open = at
  }
  return open
}

/** The choices of what is compared at the end of a text, each as a quoted text. */
function choicesAt(language: FormulaLanguage, before: string): readonly Offer[] {
  const path = comparison.exec(before)?.[1]
  if (path === undefined) return []
  const name = language.names(path.slice(0, Math.max(0, path.lastIndexOf('.')))).find((one) => one.path === path)
  return (name?.choices ?? []).map((choice): Offer => ({ kind: 'choice', text: JSON.stringify(choice.value), choice }))
}

/** A call with its words as places to fill: `round(number, digits)` → `round(${1:number}, ${2:digits})`. */
export function callSnippet(usage: string): string {
  const [, name = '', words = ''] = /^(\w+)\((.*)\)$/.exec(usage) ?? []
  const places = words.split(', ').filter((word) => word !== '').map((word, index) => `\${${String(index + 1)}:${word}}`)
  return `${name}(${places.join(', ')})`
}

// ── the fields of an entity ──

export interface EntityLanguage {
  readonly documents: Documents
  readonly entities: readonly EntityDefinition[]
  /** The screens' model with the draft: it knows the parts of values and what every record has. */
  readonly model?: UiModel | undefined
  readonly entity: EntityDefinition
  readonly types: readonly TypeInfo[]
  readonly functions: readonly OfferedFunction[]
  /** Language that people read titles in. */
  readonly reads: string
  /** The field that is being computed: it cannot name itself. */
  readonly without: string
  /**
   * `computed`: over references too, and not `now`, as it is stored. `rule`: the fields of the record alone. `setting`: those of
   * them that are there before anything is computed.
   */
  readonly use: 'computed' | 'rule' | 'setting'
}

/** Fields as the draft has them, those that a formula can use. */
export function entityLanguage(about: EntityLanguage): FormulaLanguage {
  const { entity, functions, use } = about
  return {
    functions,
    words: ['today', ...(use === 'computed' ? [] : ['now' as const]), 'true', 'false', 'null'],
    names: (before) => {
      if (use !== 'computed') return before === '' ? namesIn(about, entity, '') : []
      const keys = before === '' ? [] : before.split('.')
      const along = (path: readonly string[]): EntityDefinition | undefined => path.reduce<EntityDefinition | undefined>((at, key) => (at === undefined ? undefined : targetOf(about, at, key)), entity)
      const owner = along(keys)
      if (owner !== undefined) return [...namesIn(about, owner, before), ...systemNames(about, owner, before)]
      const whole = along(keys.slice(0, -1))
      return whole === undefined ? [] : partNames(about, whole, keys.at(-1) ?? '', before)
    },
  }
}

function namesIn(about: EntityLanguage, owner: EntityDefinition, before: string): readonly FormulaName[] {
  return owner.fields.flatMap((field): readonly FormulaName[] => {
    if (field.archived || (before === '' && field.key === about.without)) return []
    const type = about.types.find(({ name }) => name === field.type)
    const leads = about.use === 'computed' && (targetOf(about, owner, field.key) !== undefined || partsOf(about, owner, field.key).length > 0)
    if ((!leads && type?.formula === 'none') || (about.use === 'setting' && type?.computed === true)) return []
    const titled = ({ value, title }: Choice): string => translated(about.documents, about.reads, owner.path, choiceTextPlace(field.key, String(value))) || title || titleFrom(String(value))
    const choices = choicesOf(field.property).map((choice) => ({ ...choice, title: titled(choice) }))
    return [{ path: before === '' ? field.key : `${before}.${field.key}`, title: field.title, type: field.type, choices, leads }]
  })
}

const shownField = ({ model }: EntityLanguage, owner: EntityDefinition, key: string): UiField | undefined => model?.entities[owner.name]?.fields.find((field) => field.key === key)

/** Parts of a value that a formula can use. */
const partsOf = (about: EntityLanguage, owner: EntityDefinition, key: string): readonly UiField[] =>
  (shownField(about, owner, key)?.parts ?? []).filter((part) => about.types.find(({ name }) => name === part.type)?.formula !== 'none')

const partNames = (about: EntityLanguage, owner: EntityDefinition, key: string, before: string): readonly FormulaName[] =>
  partsOf(about, owner, key).map(inWords).map(({ key: name, title, type, options }) => ({ path: `${before}.${name}`, title, type, choices: choicesOf({ ...options, crm: options }).map((choice) => ({ ...choice, title: choice.title || titleFrom(String(choice.value)) })), leads: false }))

/** What every record has and saving never changes: the engine computes from nothing else of it. */
export const usableSystemKeys: readonly string[] = ['createdAt', 'createdBy', 'owner']

const systemNames = (about: EntityLanguage, owner: EntityDefinition, before: string): readonly FormulaName[] =>
  usableSystemKeys.flatMap((key) => shownField(about, owner, key) ?? []).map((field) => (
    { path: before === '' ? field.key : `${before}.${field.key}`, title: field.title, type: field.type, choices: [], leads: targetOf(about, owner, field.key) !== undefined }))

/** The entity that a link to one record leads to; undefined for any other field. */
function targetOf(about: EntityLanguage, owner: EntityDefinition, key: string): EntityDefinition | undefined {
  const { entities, types } = about
  if (usableSystemKeys.includes(key)) return entities.find(({ name, archived }) => !archived && name === shownField(about, owner, key)?.to)
  const field = owner.fields.find((one) => one.key === key && !one.archived)
  // Links to many records are lists for a formula.
  if (field === undefined || types.find(({ name }) => name === field.type)?.formula !== 'link') return undefined
  return entities.find(({ name, archived }) => !archived && name === field.to)
}
