/** What each page of the studio is for, and where its documentation stands. Pure. */
import type { TextKey } from '../../client/i18n.js'
import type { DocName } from '../../help/pages.js'

export interface Help {
  /** One sentence. */
  readonly text: TextKey
  /** Name of a page of the documentation, and a heading of it. */
  readonly page: DocName
  readonly at: string
}

/** By the parts of the address after `/studio`; the first that fits counts. */
const helps: readonly (readonly [RegExp, Help])[] = [
  [/^entities\/[^/]+\/form/, { text: 'help.form', page: 'admins', at: 'change-a-form' }],
  [/^entities\/[^/]+\/views/, { text: 'help.views', page: 'admins', at: 'change-the-lists-of-everybody' }],
  [/^entities\/./, { text: 'help.entity', page: 'admins', at: 'add-a-field' }],
  [/^diagram/, { text: 'help.diagram', page: 'admins', at: 'see-how-it-hangs-together' }],
  [/^overview/, { text: 'help.overview', page: 'admins', at: 'find-your-way' }],
  [/^screens\/navigation/, { text: 'help.navigation', page: 'admins', at: 'the-side-bar' }],
  [/^screens\/dashboards\/./, { text: 'help.dashboards', page: 'admins', at: 'dashboards' }],
  [/^screens/, { text: 'help.screens', page: 'admins', at: 'change-the-lists-of-everybody' }],
  [/^roles/, { text: 'help.roles', page: 'admins', at: 'roles' }],
  [/^processes\/lifecycles/, { text: 'help.lifecycles', page: 'admins', at: 'lifecycles' }],
  [/^processes/, { text: 'help.processes', page: 'admins', at: 'workflows' }],
  [/^segments/, { text: 'help.segments', page: 'admins', at: 'segments' }],
  [/^people/, { text: 'help.people', page: 'admins', at: 'people' }],
  [/^connections/, { text: 'help.connections', page: 'admins', at: 'connections' }],
  [/^texts/, { text: 'help.texts', page: 'admins', at: 'translations' }],
  [/^layers/, { text: 'help.layers', page: 'admins', at: 'layers' }],
  [/^text/, { text: 'help.text', page: 'admins', at: 'everything-as-text' }],
  [/^versions/, { text: 'help.versions', page: 'admins', at: 'take-it-back' }],
  [/^/, { text: 'help.entities', page: 'admins', at: 'a-new-kind-of-record' }],
]

export function helpFor(path: readonly string[]): Help {
  const address = path.join('/')
  const found = helps.find(([pattern]) => pattern.test(address))
  if (found === undefined) throw new Error('the last pattern fits every address')
  return found[1]
}
