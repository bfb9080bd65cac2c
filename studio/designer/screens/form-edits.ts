/** What is done to a form by hand. Each gives a new form, or the same one where it does not fit. Pure. */
import type { Json } from '../../../metadata/contract/json.js'
import { newNode, nodeAt, placesIn, same, typeOf, type FormNode, type Place } from './form-tree.js'

/** Where something is put: into an element at a place of its own, or beside one. */
export type Target =
  | { readonly into: Place; readonly index: number }
  | { readonly beside: Place; readonly side: 'start' | 'end' }

/** Tabs stand in a row of tabs and hold everything else. */
export const canHold = (parent: FormNode, child: FormNode): boolean => parent.children !== null && (typeOf(parent) === 'Categorization') === (typeOf(child) === 'Category')

/** Puts a new element into the form. */
export function place(form: FormNode, node: FormNode, target: Target): FormNode {
  if ('into' in target) {
    const parent = nodeAt(form, target.into)
    return parent !== null && canHold(parent, node) ? tidied(inserted(form, target.into, target.index, node)) : form
  }
  const at = target.beside
  const neighbour = nodeAt(form, at)
  const parent = nodeAt(form, at.slice(0, -1))
  const index = at.at(-1)
  if (neighbour === null || parent === null || index === undefined || typeOf(node) === 'Category' || typeOf(neighbour) === 'Category') return form
  const after = target.side === 'end' ? 1 : 0
  if (typeOf(parent) === 'HorizontalLayout') return tidied(inserted(form, at.slice(0, -1), index + after, node))
  const row: FormNode = { ...newNode({ type: 'HorizontalLayout' }), children: after === 1 ? [neighbour, node] : [node, neighbour] }
  return tidied(changed(form, at, () => row))
}

/** Moves an element; never into itself. */
export function move(form: FormNode, from: Place, target: Target): FormNode {
  const node = nodeAt(form, from)
  const goal = 'into' in target ? target.into : target.beside
  if (node === null || from.every((index, depth) => goal[depth] === index)) return form
  const copy = { ...node }
  const put = withoutTidying(form, copy, target)
  return put === form ? form : tidied(without(put, node))
}

/** Rows are tidied when the element has left its old place: before, places would change. */
function withoutTidying(form: FormNode, node: FormNode, target: Target): FormNode {
  if ('into' in target) {
    const parent = nodeAt(form, target.into)
    return parent !== null && canHold(parent, node) ? inserted(form, target.into, target.index, node) : form
  }
  return place(form, node, target)
}

export const remove = (form: FormNode, at: Place): FormNode => {
  const node = nodeAt(form, at)
  return node === null || at.length === 0 ? form : tidied(without(form, node))
}

/** One step among the elements beside it; at the end of a row or section it leaves it. */
export function step(form: FormNode, at: Place, by: -1 | 1): FormNode {
  const index = at.at(-1)
  const parent = nodeAt(form, at.slice(0, -1))
  const count = parent?.children?.length ?? 0
  if (index === undefined || parent === null) return form
  const next = index + by
  if (next >= 0 && next < count) return move(form, at, { into: at.slice(0, -1), index: by === 1 ? next + 1 : next })
  const outer = at.slice(0, -1)
  const place = outer.at(-1)
  return place === undefined ? form : move(form, at, { into: outer.slice(0, -1), index: by === 1 ? place + 1 : place })
}

/** Puts an element beside the one before it; one that shares its line gets a line of its own below. */
export function pair(form: FormNode, at: Place): FormNode {
  const outer = at.slice(0, -1)
  const parent = nodeAt(form, outer)
  const index = at.at(-1) ?? 0
  const line = outer.at(-1)
  if (parent !== null && typeOf(parent) === 'HorizontalLayout' && line !== undefined) return move(form, at, { into: outer.slice(0, -1), index: line + 1 })
  if (index === 0) return form
  const before = [...outer, index - 1]
  const row = nodeAt(form, before)
  return row !== null && typeOf(row) === 'HorizontalLayout' ? move(form, at, { into: before, index: row.children?.length ?? 0 }) : move(form, at, { beside: before, side: 'end' })
}

/** Where an element stands after a change; null when it is gone. */
export function placeAfter(form: FormNode, at: Place, change: (form: FormNode) => FormNode): Place | null {
  const own = nodeAt(form, at)?.own
  return placesIn(change(form)).find(({ node }) => node.own === own)?.place ?? null
}

/** What is said of a form as a whole: it stays outside of its tabs. */
const ofWhole: ReadonlySet<string> = new Set(['$schema', 'title', 'roles', 'position', 'public'])

/** A tab at the end. A form without tabs becomes the first one, called `first`. */
export function addTab(form: FormNode, label: string, tags: readonly string[]): FormNode {
  const tab = newNode({ type: 'Category', label })
  if (typeOf(form) === 'Categorization') return { ...form, children: [...(form.children ?? []), tab] }
  const whole = Object.entries(form.own).filter(([key]) => ofWhole.has(key))
  const own = Object.fromEntries(Object.entries(form.own).filter(([key]) => !ofWhole.has(key)))
  const [texts, inside] = [textsOf(form, true), textsOf(form, false)]
  const inner: readonly FormNode[] = typeOf(form) === 'VerticalLayout' && Object.keys(own).length === 1 ? (form.children ?? []) : [{ ...form, own, texts: inside }]
  return { own: { ...Object.fromEntries(whole), type: 'Categorization' }, texts, children: [{ ...newNode({ type: 'Category', label: 'General' }), texts: Object.fromEntries(Object.entries(general).filter(([tag]) => tags.includes(tag))), children: inner }, tab] }
}

/** What the tab is called that nobody asked for: in the languages of the interface, of those that texts are written in. */
const general: FormNode['texts'] = { zh: { '/label': '常规' } }

const textsOf = ({ texts }: FormNode, whole: boolean): FormNode['texts'] =>
  Object.fromEntries(Object.entries(texts).map(([tag, all]) => [tag, Object.fromEntries(Object.entries(all).filter(([at]) => ofWhole.has(at.split('/')[1] ?? '') === whole))]))

/** Sets or removes (undefined) what the element says of itself. */
export const set = (form: FormNode, at: Place, key: string, value: Json | undefined): FormNode =>
  changed(form, at, (node) => {
    if (same(node.own[key], value)) return node
    const { [key]: _old, ...rest } = node.own
    return { ...node, own: value === undefined ? rest : { ...node.own, [key]: value } }
  })

/** The text of a place within the element in another language; '' removes it. */
export const translate = (form: FormNode, at: Place, tag: string, key: string, text: string): FormNode =>
  changed(form, at, (node) => {
    const { [key]: old, ...others } = node.texts[tag] ?? {}
    if ((old ?? '') === text) return node
    return { ...node, texts: { ...node.texts, [tag]: text === '' ? others : { ...others, [key]: text } } }
  })

function changed(node: FormNode, at: Place, change: (node: FormNode) => FormNode): FormNode {
  const [index, ...rest] = at
  if (index === undefined) return change(node)
  const child = node.children?.[index]
  if (child === undefined || node.children === null) return node
  const next = changed(child, rest, change)
  return next === child ? node : { ...node, children: node.children.with(index, next) }
}

const inserted = (form: FormNode, into: Place, index: number, node: FormNode): FormNode =>
  changed(form, into, (parent) => ({ ...parent, children: (parent.children ?? []).toSpliced(Math.max(0, index), 0, node) }))

/** `gone` is found by identity: its place may have changed meanwhile. */
function without(node: FormNode, gone: FormNode): FormNode {
  if (node.children === null) return node
  const children = node.children.filter((child) => child !== gone).map((child) => without(child, gone))
  return children.length === node.children.length && children.every((child, index) => child === node.children?.[index]) ? node : { ...node, children }
}

/** A line with one element, or none, is no line, unless something else is said of it. */
function tidied(node: FormNode): FormNode {
  if (node.children === null) return node
  const children = node.children.map(tidied).flatMap((child) => (isPlainRow(child) && (child.children?.length ?? 0) < 2 ? (child.children ?? []) : [child]))
  return children.length === node.children.length && children.every((child, index) => child === node.children?.[index]) ? node : { ...node, children }
}

const isPlainRow = (node: FormNode): boolean => typeOf(node) === 'HorizontalLayout' && Object.keys(node.own).length === 1 && Object.keys(node.texts).length === 0
