/** The areas of the studio, one line each: what the bar offers, and whose page an address is. */
import './access/role-page.js'
import './access/roles-page.js'
import './connections/connections-page.js'
import './connections/webhook-page.js'
import './diagram/diagram-page.js'
import './entities/entity-list.js'
import './entities/entity-page.js'
import './home/overview-page.js'
import './layers/layers-page.js'
import './people/people-page.js'
import './screens/form-designer.js'
import './screens/view-designer.js'
import './segments/segment-page.js'
import './segments/segments-page.js'
import './text/text-page.js'
import './texts/texts-page.js'
import './versions/definition-history.js'
import './versions/versions-page.js'

import { html, type TemplateResult } from 'lit'
import { keyed } from 'lit/directives/keyed.js'

import type { TextKey } from '../client/i18n.js'
import type { IconName } from '../ui/icon.js'
import { connectionsPath } from './connections/connections.js'
import type { Desk } from './desk.js'
import { screensPath } from './screens/places.js'
import { screens } from './screens/screens-page.js'
import { segmentsPath } from './segments/segments.js'
import { processesPath } from './workflows/places.js'
import { processes } from './workflows/processes-area.js'

/** One area; `page` answers null for an address that is none of its own. */
export interface Area {
  /** The first part of its addresses after `/studio`. */
  readonly path: string
  /** Reached from other pages only. */
  readonly inner?: true
  /** Where its link leads. */
  readonly address: string
  readonly icon: IconName
  readonly title: TextKey
  /** @param rest the parts of the address after `path` */
  readonly page: (desk: Desk, rest: readonly string[]) => TemplateResult | null
}

export const areas: readonly Area[] = [
  { path: 'overview', address: '/studio/overview', icon: 'home', title: 'overview.title', page: overview },
  { path: 'entities', address: '/studio', icon: 'shapes', title: 'designer.entities', page: entities },
  { path: 'screens', address: screensPath, icon: 'screen', title: 'screens.area', page: screens },
  { path: 'roles', address: '/studio/roles', icon: 'shield', title: 'access.title', page: roles },
  { path: 'processes', address: processesPath, icon: 'spark', title: 'process.area', page: processes },
  { path: 'segments', address: segmentsPath, icon: 'filter', title: 'segments.area', page: segments },
  { path: 'people', address: '/studio/people', icon: 'users', title: 'people.title', page: people },
  { path: 'connections', address: connectionsPath, icon: 'link', title: 'connections.title', page: connections },
  { path: 'diagram', address: '/studio/diagram', icon: 'shapes', title: 'diagram.title', inner: true, page: diagram },
  { path: 'texts', address: '/studio/texts', icon: 'language', title: 'texts.title', inner: true, page: texts },
  { path: 'layers', address: '/studio/layers', icon: 'layers', title: 'layers.title', inner: true, page: layers },
  { path: 'text', address: '/studio/text', icon: 'braces', title: 'text.title', page: text },
  { path: 'versions', address: '/studio/versions', icon: 'history', title: 'designer.versions', page: versions },
]

/** `/studio` itself is the one of the entities. */
export const areaOf = (path: readonly string[]): Area | undefined => areas.find((area) => area.path === (path[0] ?? 'entities'))

function entities({ design, client, model, drafted, query, surroundings, perform, attempt }: Desk, [name, ...rest]: readonly string[]): TemplateResult | null {
  if (name === undefined) return html`<entity-list .design=${design} .client=${client} .model=${model} .surroundings=${surroundings} .perform=${perform}></entity-list>`
  if (rest[0] === 'form' && rest.length < 3) return html`${keyed(rest.join('/') + name, html`<form-designer .form=${rest[1] ?? 'default'} .client=${client} .model=${model} .drafted=${drafted} .design=${design} .name=${name} .query=${query} .surroundings=${surroundings} .perform=${perform}></form-designer>`)}`
  if (rest[0] === 'views' && rest.length < 3) return html`<view-designer .client=${client} .model=${drafted} .design=${design} .entity=${name} .view=${rest[1] ?? ''} .surroundings=${surroundings} .perform=${perform}></view-designer>`
  if (rest.length > 0) return null
  return html`${keyed(name, html`<entity-page .client=${client} .design=${design} .name=${name} .query=${query} .surroundings=${surroundings} .perform=${perform} .attempt=${attempt} .model=${drafted} .live=${model}></entity-page>`)}`
}

function text({ design, query, surroundings, perform }: Desk, rest: readonly string[]): TemplateResult | null {
  return rest.length > 0 ? null : html`<text-page .design=${design} .query=${query} .surroundings=${surroundings} .perform=${perform}></text-page>`
}

function roles(desk: Desk, [name, ...rest]: readonly string[]): TemplateResult | null {
  if (rest.length > 0) return null
  return name === undefined ? html`<roles-page .desk=${desk}></roles-page>` : html`${keyed(name, html`<role-page .desk=${desk} .name=${name}></role-page>`)}`
}

function segments(desk: Desk, [name, ...rest]: readonly string[]): TemplateResult | null {
  if (rest.length > 0) return null
  return name === undefined ? html`<segments-page .desk=${desk}></segments-page>` : html`${keyed(name, html`<segment-page .desk=${desk} .name=${name}></segment-page>`)}`
}

/** The one area that needs no draft: for those who administer people without shaping the system, too. */
export function people({ client, model, surroundings }: Pick<Desk, 'client' | 'model' | 'surroundings'>, [id, ...rest]: readonly string[]): TemplateResult | null {
  return rest.length > 0 || (id !== undefined && !/^\d{1,15}$/.test(id)) ? null : html`<people-page .client=${client} .model=${model} .surroundings=${surroundings} .chosen=${id === undefined ? null : Number(id)}></people-page>`
}

function connections(desk: Desk, [id, ...rest]: readonly string[]): TemplateResult | null {
  if (rest.length > 0 || (id !== undefined && !/^\d{1,15}$/.test(id))) return null
  return id === undefined ? html`<connections-page .desk=${desk}></connections-page>` : html`${keyed(id, html`<webhook-page .desk=${desk} .webhookId=${Number(id)}></webhook-page>`)}`
}

function overview(desk: Desk, rest: readonly string[]): TemplateResult | null {
  return rest.length > 0 ? null : html`<overview-page .desk=${desk}></overview-page>`
}

function diagram(desk: Desk, rest: readonly string[]): TemplateResult | null {
  return rest.length > 0 ? null : html`<diagram-page .desk=${desk}></diagram-page>`
}

function texts(desk: Desk, rest: readonly string[]): TemplateResult | null {
  return rest.length > 0 ? null : html`<texts-page .desk=${desk}></texts-page>`
}

function layers(desk: Desk, rest: readonly string[]): TemplateResult | null {
  return rest.length > 0 ? null : html`<layers-page .desk=${desk}></layers-page>`
}

function versions(desk: Desk, [name, ...rest]: readonly string[]): TemplateResult | null {
  const { client, design, query, review } = desk
  if (rest.length > 0) return null
  if (name === 'of') return html`<definition-history .desk=${desk} .path=${new URLSearchParams(query).get('path') ?? ''}></definition-history>`
  const shown = name === undefined ? null : Number(name)
  return html`<versions-page .client=${client} .shown=${Number.isSafeInteger(shown) ? shown : null} .inForce=${design.published.version} .documents=${design.published.documents}
    @restore=${(event: CustomEvent<number>) => review(event.detail)}></versions-page>`
}
