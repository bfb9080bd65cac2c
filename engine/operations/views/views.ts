/** Saved views: own ones and those that are shared with a role, beside the ones that the definitions have. */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import type { UiSavedView, UiViews } from '../../../metadata/contract/ui-model.js'
import { viewFindings } from '../../definitions/check-screens.js'
import { shapeFindings } from '../../definitions/shape.js'
import { Problem } from '../../errors.js'
import { describeColumns } from '../../forms/lists.js'
import { translator } from '../../forms/texts.js'
import { readableField } from '../../forms/visible.js'
import { defaultViewName } from '../../model/view.js'
import type { EntityAccess } from '../../permissions/access.js'
import { inheritedRoles } from '../../permissions/compile.js'
import type { Executor } from '../../storage/contract.js'
import * as views from '../../storage/own/views.js'
import type { Call } from '../call.js'
import { filtered } from '../records/read.js'
import { accessTo } from '../rights/rights.js'
import { withIdentities } from './identities.js'
import { seenView } from './seen.js'

export const viewLimits = { viewsMax: 200, listedMax: 2_000, rolesMax: 20, titleMax: 120, definitionBytes: 20_000, keptMilliseconds: 30 * 86_400_000 } as const

/** What is sent of a view; in a change, what is left out stays. */
export interface ViewRequest {
  readonly title?: Json | undefined
  readonly roles?: Json | undefined
  readonly definition?: Json | undefined
}

/** Every view that the caller sees, which one they begin with, and with whom they may share. @param locale of the names of roles */
export async function listViews(call: Call, locale = call.actor.locale): Promise<UiViews> {
  const stored = await views.listViews(call.engine.database.read, { user: call.actor.id, roles: call.access.design ? undefined : ownRoles(call) }, viewLimits.listedMax)
  const seen = stored.flatMap((one) => seenView(call, one) ?? [])
  const first = call.actor.id === null ? new Map<string, string>() : await views.firstViews(call.engine.database.read, call.actor.id)
  const begins = [...call.model.entities.values()].flatMap((entity) => {
    const view = first.get(entity.id)
    const there = view !== undefined && call.access.entity(entity.name) !== undefined && (entity.views.has(view) || seen.some(({ name }) => name === view))
    return there ? [[entity.name, view] as const] : []
  })
  return { views: seen, first: Object.fromEntries(begins), shareWith: shareable(call, locale) }
}

/** @throws Problem request.path, request.invalid, view.invalid, view.roles, view.tooMany */
export async function addView(call: Call, entity: string, request: ViewRequest): Promise<UiSavedView> {
  const access = accessTo(call, entity)
  const owner = userOf(call)
  const made = { owner, entity: access.entity.id, title: titleOf(request.title), roles: rolesOf(call, request.roles ?? []), definition: definitionOf(call, access, request.definition) }
  return call.engine.database.write(async (tx) => {
    await views.forgetDeleted(tx, owner, new Date(call.at.getTime() - viewLimits.keptMilliseconds))
    if ((await views.countViews(tx, owner)) >= viewLimits.viewsMax) throw new Problem('view.tooMany', { limit: viewLimits.viewsMax })
    return told(call, tx, await views.addView(tx, made, call.at))
  })
}

/** @throws Problem view.unavailable, view.stale, view.invalid, view.roles, request.invalid */
export const changeView = (call: Call, id: number, version: number | undefined, request: ViewRequest): Promise<UiSavedView> =>
  call.engine.database.write(async (tx) => {
    const { stored, access } = await changeable(call, tx, id, false)
    const roles = request.roles === undefined ? stored.roles : [...readRoles(request.roles)]
    // Who changes what others see must be allowed to show it to them.
    if (roles.length > 0) rolesOf(call, stored.owner === call.actor.id ? roles : roles.filter((role) => !stored.roles.includes(role)))
    await save(tx, call, version, {
      ...stored,
      roles,
      ...(request.title === undefined ? {} : { title: titleOf(request.title) }),
      ...(request.definition === undefined ? {} : { definition: definitionOf(call, access, request.definition) }),
    })
    return told(call, tx, id)
  })

/** It can be restored for a month. @throws Problem view.unavailable, view.stale */
export const deleteView = (call: Call, id: number, version: number | undefined): Promise<void> =>
  call.engine.database.write(async (tx) => {
    const { stored } = await changeable(call, tx, id, false)
    await save(tx, call, version, { ...stored, deleted: true })
  })

/** @throws Problem view.unavailable, view.tooMany */
export const restoreView = (call: Call, id: number): Promise<UiSavedView> =>
  call.engine.database.write(async (tx) => {
    const { stored } = await changeable(call, tx, id, true)
    if ((await views.countViews(tx, stored.owner)) >= viewLimits.viewsMax) throw new Problem('view.tooMany', { limit: viewLimits.viewsMax })
    await save(tx, call, undefined, { ...stored, deleted: false })
    return told(call, tx, id)
  })

/** The view that the caller begins with on an entity; null: the first one. @throws Problem request.path, view.unavailable */
export async function beginWith(call: Call, entity: string, view: string | null): Promise<void> {
  const access = accessTo(call, entity)
  const user = userOf(call)
  const defined = view === null || access.entity.views.has(view) || (view === defaultViewName && access.entity.views.size === 0)
  if (!defined) await visible(call, call.engine.database.read, Number(view), access)
  await call.engine.database.write((tx) => views.setFirstView(tx, user, access.entity.id, view))
}

// ── what may be done with which view ──

async function visible(call: Call, x: Executor, id: number, access?: EntityAccess): Promise<{ readonly stored: views.StoredView; readonly access: EntityAccess }> {
  const stored = Number.isSafeInteger(id) ? await views.viewById(x, id) : null
  const entity = [...call.model.entities.values()].find((one) => one.id === stored?.entity)
  const rights = entity === undefined ? undefined : call.access.entity(entity.name)
  const seen = stored !== null && (stored.owner === call.actor.id || (stored.roles.length > 0 && (call.access.design || stored.roles.some((role) => ownRoles(call).includes(role)))))
  if (!seen || rights === undefined || (access !== undefined && access !== rights)) throw new Problem('view.unavailable')
  return { stored, access: rights }
}

/** Own views, and for who may design the shared ones: their owner may have left. */
async function changeable(call: Call, tx: Executor, id: number, deleted: boolean): Promise<{ readonly stored: views.StoredView; readonly access: EntityAccess }> {
  const found = await visible(call, tx, id)
  const { stored } = found
  if (stored.deleted !== deleted) throw new Problem('view.unavailable')
  if (stored.owner !== call.actor.id && !call.access.design) throw new Problem('access.denied')
  return found
}

async function save(tx: Executor, call: Call, version: number | undefined, next: views.StoredView): Promise<void> {
  if (!((version === undefined || version === next.version) && (await views.changeView(tx, next, call.at)))) throw new Problem('view.stale')
}

async function told(call: Call, tx: Executor, id: number): Promise<UiSavedView> {
  const stored = await views.viewById(tx, id)
  const seen = stored === null ? null : seenView(call, stored)
  if (seen === null) throw new Problem('view.unavailable')
  return seen
}

// ── reading what was sent ──

function userOf(call: Call): number {
  if (call.actor.id === null) throw new Problem('access.denied')
  return call.actor.id
}

function titleOf(sent: Json | undefined): string {
  const title = typeof sent === 'string' ? sent.trim() : ''
  if (title === '' || title.length > viewLimits.titleMax) throw new Problem('view.invalid', {}, { problems: [{ path: '/title', code: 'view.invalid', message: `A view has a name of 1 to ${viewLimits.titleMax} characters.` }] })
  return title
}

const ownRoles = (call: Call): readonly string[] => [...inheritedRoles(call.model, call.actor.roles).keys()]

/** Roles that the caller may share with, with the titles that people know them by. */
function shareable(call: Call, locale = call.actor.locale): UiViews['shareWith'] {
  if (!call.access.share) return []
  const translate = translator(call.model, locale)
  const names = call.access.design ? [...call.model.roles.keys()] : ownRoles(call)
  return names.toSorted().map((name) => ({ name, title: translate(`roles/${name}.json`, '/title', call.model.roles.get(name)?.title ?? name) }))
}

function readRoles(sent: Json): readonly string[] {
  const names: readonly Json[] = Array.isArray(sent) ? (sent as readonly Json[]) : [null]
  const roles = names.filter((name) => typeof name === 'string')
  if (roles.length < names.length || roles.length > viewLimits.rolesMax) throw new Problem('request.invalid', { reason: `roles must be a list of at most ${viewLimits.rolesMax} names` })
  return [...new Set(roles)]
}

/** A role that does not exist and one that the caller may not share with look the same. */
function rolesOf(call: Call, sent: Json): readonly string[] {
  const roles = readRoles(sent)
  const allowed = new Set(shareable(call).map(({ name }) => name))
  const refused = roles.find((role) => !allowed.has(role))
  if (refused !== undefined) throw new Problem('view.roles', { role: refused.slice(0, 63) })
  return roles
}

/** The definition with identities, when all of it is there for the caller. */
function definitionOf(call: Call, access: EntityAccess, sent: Json | undefined): JsonObject {
  if (!isObject(sent)) throw new Problem('request.invalid', { reason: 'definition must be a view as in the definitions' })
  if (Buffer.byteLength(JSON.stringify(sent)) > viewLimits.definitionBytes) throw new Problem('request.tooLarge', { limit: '20 kB' })
  const { entity } = access
  const shape = shapeFindings('', 'view', sent)
  const { columns, sort, summaries } = shape.length > 0 ? { columns: [], sort: [], summaries: [] } : describeColumns(call.access, entity, sent as never).left
  const left = [...columns, ...sort, ...summaries]
  // A field that is hidden and one that is not there get the same answer, before anything is said of either.
  const unseen = left.find((path) => readableField(call.access, entity.name, path.replace(/^-/, '').split(':')[0] ?? '') === undefined)
  if (unseen !== undefined) throw new Problem('access.field', { field: unseen.slice(0, 200) })
  const findings = shape.length > 0 ? shape : viewFindings('', { ...sent, filter: null }, entity, call.model)
  if (findings.length > 0) throw new Problem('view.invalid', {}, { problems: findings.map((one) => ({ ...one, path: `/definition${one.path.replace(/^#/, '')}` })) })
  if (left[0] !== undefined) throw new Problem('access.field', { field: left[0].slice(0, 200) })
  filtered(call, access, sent.filter)
  return withIdentities(call.model, entity, sent)
}
