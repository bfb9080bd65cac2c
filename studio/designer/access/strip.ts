/** Seven marks: how far a role goes with each action on an entity. */
import './strip.css'
import { html, type TemplateResult } from 'lit'

import { t } from '../../client/i18n.js'
import { icon, type IconName } from '../../ui/icon.js'
import { grantActions, reachOf, type GrantAction, type Reach } from './grants.js'
import type { Documents } from '../draft/operations.js'

export const actionIcons: Readonly<Record<GrantAction, IconName>> = { read: 'eye', create: 'plus', update: 'pencil', archive: 'archive', purge: 'trash', export: 'download', history: 'history' }

export const actionTitle = (action: GrantAction): string => t(`access.action.${action}`)

const reachesOf = (documents: Documents, role: string, entity: string): readonly (readonly [GrantAction, Reach])[] => grantActions.map((action) => [action, reachOf(documents, role, entity, action)] as const)

/** What the marks say, as one sentence. */
export function stripWords(documents: Documents, role: string, entity: string): string {
  const granted = reachesOf(documents, role, entity).filter(([, reach]) => reach !== 'none')
  if (granted.length === 0) return t('access.nothing')
  return granted.map(([action, reach]) => (reach === 'all' ? actionTitle(action) : t('access.partly', { action: actionTitle(action) }))).join(', ')
}

/** Drawn only: the words stand beside it or around it. */
export const strip = (documents: Documents, role: string, entity: string): TemplateResult => html`
  <span class="grant-strip" aria-hidden="true">${reachesOf(documents, role, entity).map(([action, reach]) => mark(action, reach, reach === 'none' ? '' : reach === 'all' ? actionTitle(action) : t('access.partly', { action: actionTitle(action) })))}</span>`

const mark = (action: GrantAction, reach: Reach, title = ''): TemplateResult => html`<span class="grant-mark" data-reach=${reach} title=${title}>${icon(actionIcons[action])}</span>`

/** What the marks mean. */
export const legend = (): TemplateResult => html`
  <p class="grant-legend">
    ${grantActions.map((action) => html`<span>${icon(actionIcons[action])}${actionTitle(action)}</span>`)}
    <span class="reaches"><span>${mark('read', 'all')}${t('access.reach.all')}</span><span>${mark('read', 'some')}${t('access.reach.some')}</span><span>${mark('read', 'none')}${t('access.reach.none')}</span></span>
  </p>`
