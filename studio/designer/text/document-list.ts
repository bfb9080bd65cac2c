/** All definitions of the draft in groups, as the text editor offers them. Pure. */
import { parsePath, type DocumentKind } from '../../../metadata/contract/document-path.js'
import { language, languageTitle, t } from '../../client/i18n.js'
import type { Design } from '../draft/draft-store.js'
import { canonical } from '../draft/definitions.js'
import { textFor, type Titles } from '../words.js'

export interface ListedDocument {
  readonly path: string
  readonly title: string
  readonly kind: DocumentKind
  /** It differs from what is in force. */
  readonly change: 'none' | 'new' | 'changed'
  readonly problems: number
}

export interface DocumentGroup {
  readonly title: string
  readonly documents: readonly ListedDocument[]
}

/** Kinds within a group, in this order. */
const order: readonly DocumentKind[] = ['layer', 'entity', 'form', 'view', 'lifecycle', 'role', 'workflow', 'segment', 'dashboard', 'calendar', 'texts']

export const kindTitle = (kind: DocumentKind): string => t(`text.kind.${kind}`)

/** Groups whose titles or documents contain `q`. */
export function groupsOf(design: Design, titles: Titles, q: string): readonly DocumentGroup[] {
  const groups = new Map<string, ListedDocument[]>()
  for (const path of Object.keys(design.draft.documents)) {
    const parsed = parsePath(path)
    if (parsed === null) continue
    const group = parsed.entity === '' ? (parsed.kind === 'layer' ? '' : t(`text.kinds.${parsed.kind}` as 'text.kinds.role')) : titles.entity(parsed.entity)
    const listed = { path, kind: parsed.kind, title: titleOf(path, parsed.kind, parsed.name, titles), change: changeOf(design, path), problems: design.problems.filter((problem) => problem.path.split('#')[0] === path).length }
    if (`${group} ${listed.title} ${path}`.toLowerCase().includes(q.trim().toLowerCase())) groups.set(group, [...(groups.get(group) ?? []), listed])
  }
  return [...groups]
    .map(([title, documents]) => ({ title, documents: documents.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || a.title.localeCompare(b.title, language.value)) }))
    .toSorted((a, b) => rank(a) - rank(b) || a.title.localeCompare(b.title, language.value))
}

/** The system first, then the entities, then what belongs to none. */
const rank = ({ documents: [first] }: DocumentGroup): number => (first === undefined || first.kind === 'layer' ? 0 : ['entity', 'form', 'view', 'lifecycle'].includes(first.kind) ? 1 : 2)

function titleOf(path: string, kind: DocumentKind, name: string, titles: Titles): string {
  if (kind === 'layer') return t('designer.place.system')
  if (kind === 'texts') return languageTitle(name)
  if (kind === 'entity' || kind === 'lifecycle') return kindTitle(kind)
  if (kind === 'form') return `${kindTitle(kind)} · ${textFor(`text.form.${name}`, name)}`
  return kind === 'view' ? `${kindTitle(kind)} · ${titles.document(path)}` : titles.document(path)
}

function changeOf({ published, draft }: Design, path: string): ListedDocument['change'] {
  const before = published.documents[path]
  if (before === undefined) return 'new'
  const now = draft.documents[path]
  return now === before || canonical(now) === canonical(before) ? 'none' : 'changed'
}
