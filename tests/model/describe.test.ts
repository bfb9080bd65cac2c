import { describe, expect, test } from 'vitest'
import { check } from '../../engine/definitions/check.js'
import { compile } from '../../engine/model/compile.js'
import type { Model } from '../../engine/model/model.js'
import { describe as describeModel } from '../../engine/forms/describe.js'
import { accessFor } from '../../engine/permissions/compile.js'
import type { Actor } from '../../engine/permissions/actor.js'
import type { JsonObject } from '../../metadata/contract/json.js'
import type { UiCalendar, UiTimeline, UiFormElement, UiModel } from '../../metadata/contract/ui-model.js'
import { tinyDocuments, tinyModel, withEntity } from './packs.js'

const actor = (roles: readonly string[], locale: string): Actor => ({ id: 1, name: 'Ada', email: 'ada@example.com', roles, locale, timeZone: 'UTC', attributes: new Map() })

/** The rules of the pack can all be resolved; one that cannot is a failed test, not a log entry. */
const log = {
  error(_fields: unknown, message: string): never {
    throw new Error(message)
  },
}

const screens = (model: Model, roles: readonly string[], locale = 'en'): UiModel => describeModel(model, accessFor(model, roles, log), actor(roles, locale))

function scopes(element: UiFormElement | undefined): string[] {
  return [...(element?.scope === undefined ? [] : [element.scope.replace('#/properties/', '')]), ...(element?.elements ?? []).flatMap(scopes)]
}

describe('screens of an administrator', () => {
  test('have every entity, field, list and form', async () => {
    const ui = screens(await tinyModel(), ['admin'])
    expect(Object.keys(ui.entities)).toEqual(['account', 'contact', 'deal', 'user'])
    expect(ui.mayDesign).toBe(true)
    expect(ui.navigation.map((group) => group.entities)).toEqual([['account', 'contact', 'deal'], ['user']])
    expect(ui.entities.deal?.lists.map((list) => list.name)).toEqual(['all', 'open'])
    expect(ui.entities.account?.display).toBe('name')
    expect(ui.entities.account?.may).toEqual({ create: true, update: true, archive: true, purge: true, export: true, history: true })
  })

  test('are the first form and the lists that are for one of the roles, also an inherited one; the others are not told of', async () => {
    const field = (key: string): JsonObject => ({ type: 'VerticalLayout', elements: [{ type: 'Control', scope: `#/properties/${key}` }] })
    const documents = {
      ...(await tinyDocuments()),
      'roles/lead.json': { title: 'Lead', inherits: ['sales'] },
      'deal/form.default.json': field('title'),
      'deal/form.brief.json': { ...field('stage'), title: 'Brief', roles: ['sales'], position: 2 },
      'deal/form.admins.json': { ...field('amount'), roles: ['admin'], position: 1 },
      'deal/form.aside.json': field('account'),
      'deal/view.open.json': { kind: 'list', title: 'Open', columns: ['title'], roles: ['sales'] },
    }
    const { model, findings } = check(documents)
    expect(findings).toEqual([])
    const seen = (roles: readonly string[]): unknown => {
      const deal = screens(model, roles).entities.deal
      return [deal?.formName, scopes(deal?.form), deal?.lists.map(({ name }) => name)]
    }
    expect(seen(['viewer'])).toEqual(['default', ['title'], ['all']])
    expect(seen(['sales'])).toEqual(['brief', ['stage'], ['all', 'open']])
    expect(seen(['lead'])).toEqual(seen(['sales']))
    expect(seen(['sales', 'admin'])).toEqual(['admins', ['amount'], ['all', 'open']]) // by position, not by the order of the roles
    const { 'deal/form.default.json': _default, ...without } = documents
    expect(screens(check(without).model, ['viewer']).entities.deal?.formName).toBe('aside')
    expect(check({ ...documents, 'deal/view.open.json': { kind: 'list', columns: ['title'], roles: ['nobody'] } }).findings).toMatchObject([{ path: 'deal/view.open.json#/roles/0', code: 'screen.role' }])
  })

  test('have a form and a list made from the fields where the pack has none', async () => {
    const contact = screens(await tinyModel(), ['admin']).entities.contact
    expect(scopes(contact?.form)).toEqual(['name', 'account', 'email', 'phone', 'birthday', 'vip'])
    expect(contact?.form.elements?.at(-1)).toMatchObject({ type: 'RelatedList', label: 'Deals', options: { relation: 'deals' } })
    expect(contact?.lists).toEqual([{ name: 'all', title: 'Contacts', columns: ['name', 'account', 'email', 'phone', 'birthday', 'vip'], sort: '-id' }])
  })

  test('say nothing about writing what the engine fills', async () => {
    const account = screens(await tinyModel(), ['admin']).entities.account
    expect(account?.fields.filter((field) => !field.createable).map((field) => field.key)).toEqual(['accountNo', 'id', 'version', 'createdAt', 'createdBy', 'updatedAt', 'updatedBy', 'owner', 'archivedAt'])
    expect(account?.schema.required).toEqual(['name'])
  })
})

describe('screens of someone who may see less', () => {
  test('hold no trace of a hidden field', async () => {
    const ui = screens(await tinyModel(), ['sales'])
    expect(JSON.stringify(ui)).not.toContain('creditLimit')
    expect(ui.mayDesign).toBe(false)
  })

  test('lose groups and tabs that would be empty', async () => {
    const form = screens(await tinyModel(), ['sales']).entities.account?.form
    expect(JSON.stringify(form)).not.toContain('Money')
    expect(JSON.stringify(screens(await tinyModel(), ['viewer']).entities.account?.form)).not.toContain('Categorization,Money')
  })

  test('masked fields can be shown but not filtered, sorted or grouped by', async () => {
    const phone = screens(await tinyModel(), ['sales']).entities.account?.fields.find((field) => field.key === 'phone')
    expect(phone).toMatchObject({ masked: true, operators: [], sortable: false, measures: [], buckets: [] })
  })

  test('lists lose unreadable columns, and vanish when their filter is unreadable', async () => {
    const deal = screens(await tinyModel(), ['viewer']).entities.deal
    expect(deal?.lists).toEqual([{ name: 'all', title: 'All deals', columns: ['title', 'account', 'account.region', 'amount'], sort: 'title' }])
    expect(deal?.may.export).toBe(true)
  })

  test('entities that are not granted, and what points to them, do not exist', async () => {
    const ui = screens(await tinyModel(), ['viewer'])
    expect(Object.keys(ui.entities)).toEqual(['account', 'deal', 'user'])
    expect(JSON.stringify(ui)).not.toMatch(/contact/i)
  })

  test('rules are only told to those who see all their fields', async () => {
    expect(screens(await tinyModel(), ['sales']).entities.deal?.rules).toHaveLength(1)
    expect(screens(await tinyModel(), ['viewer']).entities.deal?.rules).toHaveLength(0)
  })

  test('a navigation group for some roles is there for those, under its own translation', async () => {
    const model = compile({ ...(await tinyModel()).documents, 'layer.json': { name: 'test', navigation: [{ title: 'Office', entities: ['account'], roles: ['admin'] }, { title: 'Sales', entities: ['deal'] }] }, 'texts/zh.json': { 'layer.json': { '/navigation/1/title': '销售' } } }, 1)
    expect(screens(model, ['admin']).navigation.map((group) => group.title)).toEqual(['Office', 'Sales'])
    expect(screens(model, ['sales'], 'zh').navigation).toEqual([{ title: '销售', entities: ['deal'] }])
  })

  test('nobody without a role sees anything', async () => {
    expect(screens(await tinyModel(), []).entities).toEqual({})
    expect(screens(await tinyModel(), ['nosuchrole']).navigation).toEqual([])
  })
})

describe('texts', () => {
  test.each(['zh', 'zh-CN', 'zh-Hans-CN'])('%s is Chinese where there is a translation and English elsewhere', async (locale) => {
    const ui = screens(await tinyModel(), ['admin'], locale)
    expect([ui.title, ui.navigation[0]?.title, ui.navigation[1]?.title]).toEqual(['小型销售', '销售', 'People'])
    const account = ui.entities.account
    expect([account?.title, account?.plural, account?.fields[1]?.title]).toEqual(['客户', '客户', '名称'])
    expect(account?.fields.find((field) => field.key === 'region')?.options).toMatchObject({ options: { north: { title: '北区', color: 'blue' }, south: { title: 'South' } } })
    expect(account?.fields.find((field) => field.key === 'createdAt')?.title).toBe('创建时间')
    expect(account?.rules[0]?.message).toBe('客户的起始日期不能在将来。')
    expect(ui.entities.deal?.lists[1]?.title).toBe('进行中的商机')
    expect(account?.form.elements?.[0]?.label).toBe('概况')
  })

  test('an unknown language is English', async () => {
    expect(screens(await tinyModel(), ['admin'], 'fr').title).toBe('Tiny sales')
  })
})

test('a damaged form is no reason to show nothing', async () => {
  const documents = { ...(await tinyDocuments()), 'contact/form.default.json': { type: 'VerticalLayout', elements: [7, null, { type: 'Control' }, { type: 'Control', scope: 5 }, { type: 'Group', elements: 'x' }, { type: 'Control', scope: '#/properties/name', rule: 3 }] } }
  const ui = screens(compile(documents, 1), ['admin'])
  expect(scopes(ui.entities.contact?.form)).toEqual(['name'])
})

test('an archived field disappears from lists and forms that name it', async () => {
  const model = compile(withEntity(await tinyDocuments(), 'account', { properties: { phone: { crm: { archived: true } } } }), 1)
  expect(scopes(screens(model, ['admin']).entities.account?.form)).not.toContain('phone')
})

test('a calendar loses a colour that the reader may not read, and without its days it is a list', async () => {
  const viewer = { 'roles/viewer.json': { title: 'Viewer', entities: { deal: { read: { fields: ['title', 'closesOn'] } } } } }
  const calendar = (definition: UiCalendar): JsonObject => ({ 'deal/view.all.json': { kind: 'calendar', columns: ['title'], calendar: definition } })
  const shown = async (definition: UiCalendar, role: string): Promise<UiCalendar | undefined> => screens(compile({ ...(await tinyDocuments()), ...viewer, ...calendar(definition) }, 1), [role]).entities.deal?.lists.find(({ name }) => name === 'all')?.calendar
  const whole = { by: 'closesOn', end: 'contactedAt', color: 'stage' }
  expect(await shown(whole, 'admin')).toEqual(whole)
  expect(await shown({ by: 'closesOn', color: 'stage' }, 'viewer')).toEqual({ by: 'closesOn' })
  expect(await shown(whole, 'viewer')).toBeUndefined()
  expect(await shown({ by: 'contactedAt' }, 'viewer')).toBeUndefined()
})

test('a timeline loses colours and rows that the reader may not read, and without its days it is a list', async () => {
  const viewer = { 'roles/viewer.json': { title: 'Viewer', entities: { deal: { read: { fields: ['title', 'closesOn'] } } } } }
  const timeline = (definition: UiTimeline): JsonObject => ({ 'deal/view.all.json': { kind: 'timeline', columns: ['title'], timeline: definition } })
  const shown = async (definition: UiTimeline, role: string): Promise<UiTimeline | undefined> => screens(compile({ ...(await tinyDocuments()), ...viewer, ...timeline(definition) }, 1), [role]).entities.deal?.lists.find(({ name }) => name === 'all')?.timeline
  const whole = { by: 'closesOn', end: 'contactedAt', color: 'stage', group: 'stage' }
  expect(await shown(whole, 'admin')).toEqual(whole)
  expect(await shown({ by: 'closesOn', color: 'stage', group: 'stage' }, 'viewer')).toEqual({ by: 'closesOn' })
  expect(await shown(whole, 'viewer')).toBeUndefined()
})

test('of the columns that stay in sight those count that the reader has', async () => {
  const viewer = { 'roles/viewer.json': { title: 'Viewer', entities: { deal: { read: { fields: ['title', 'closesOn'] } } } } }
  const view = (frozen: number | undefined): JsonObject => ({ 'deal/view.all.json': { kind: 'list', columns: ['title', 'stage', 'closesOn'], ...(frozen === undefined ? {} : { frozen }) } })
  const shown = async (frozen: number | undefined, role: string): Promise<number | undefined> => screens(compile({ ...(await tinyDocuments()), ...viewer, ...view(frozen) }, 1), [role]).entities.deal?.lists.find(({ name }) => name === 'all')?.frozen
  expect([await shown(undefined, 'admin'), await shown(3, 'admin'), await shown(3, 'viewer'), await shown(2, 'viewer'), await shown(0, 'viewer')]).toEqual([undefined, 3, 2, undefined, 0])
})

test('a map and a gallery are lists for who may not read their place or pictures, or sees these masked', async () => {
  const fields = { place: { crm: { type: 'geoPoint' } }, photo: { crm: { type: 'image' } } }
  const viewer = (read: JsonObject): JsonObject => ({ 'roles/viewer.json': { title: 'Viewer', entities: { deal: { read: { fields: read } } } } })
  const views = {
    'deal/view.places.json': { kind: 'map', columns: ['title'], map: { at: 'place', color: 'stage' } },
    'deal/view.pictures.json': { kind: 'gallery', columns: ['title'], gallery: { picture: 'photo' } },
  }
  const shown = async (read: JsonObject): Promise<unknown> => screens(compile({ ...withEntity(await tinyDocuments(), 'deal', { properties: fields }), ...viewer(read), ...views }, 1), ['viewer']).entities.deal?.lists.map(({ map, gallery }) => map ?? gallery).filter((part) => part !== undefined)
  expect(await shown({ title: true, place: true, photo: true, stage: true })).toEqual([{ picture: 'photo' }, { at: 'place', color: 'stage' }])
  expect(await shown({ title: true, place: true })).toEqual([{ at: 'place' }])
  expect(await shown({ title: true, place: 'masked', photo: 'masked', stage: true })).toEqual([])
})

test('a masked field is shown in lists, but no list sorts or filters by it', async () => {
  const views = {
    'account/view.all.json': { kind: 'list', title: 'By phone', columns: ['name', 'phone'], sort: '-phone,name' },
    'account/view.reachable.json': { kind: 'list', title: 'Reachable', columns: ['name'], filter: { phone: { $ne: null } } },
  }
  const ui = screens(compile({ ...(await tinyDocuments()), ...views }, 1), ['sales'])
  expect(ui.entities.account?.lists).toEqual([{ name: 'all', title: 'By phone', columns: ['name', 'phone'], sort: 'name' }])
})

test('a new record begins with the value that is the only one its creator may give it', async () => {
  const own = (attribute: string): JsonObject => ({ where: { account: { $in: `$user.${attribute}` } }, fields: ['title', 'account', 'stage'] })
  const grants = (deal: JsonObject): JsonObject => ({ title: 'Keeper', entities: { account: { read: true }, deal: { read: true, ...deal } } })
  const user = { ...((await tinyDocuments())['user/entity.json'] as JsonObject) }
  const documents = {
    ...(await tinyDocuments()),
    'user/entity.json': { ...user, properties: { ...(user['properties'] as JsonObject), accounts: { type: 'array', items: { type: 'integer' }, crm: { type: 'references', to: 'account' } } } },
    'roles/keeper.json': grants({ create: own('accounts') }),
    'roles/reader.json': grants({ create: { fields: ['title', 'account', 'stage'] } }),
  }
  const { model, findings } = check(documents)
  expect(findings).toEqual([])
  const begins = (roles: readonly string[], accounts: readonly number[] | undefined): unknown => {
    const who: Actor = { ...actor(roles, 'en'), attributes: new Map(accounts === undefined ? [] : [['accounts', accounts]]) }
    return describeModel(model, accessFor(model, roles, log), who).entities.deal?.fields.find(({ key }) => key === 'account')?.default
  }
  expect(begins(['keeper'], [7])).toBe(7)
  expect(begins(['keeper'], [7, 8])).toBeUndefined()
  expect(begins(['keeper'], [])).toBeUndefined()
  expect(begins(['keeper'], undefined)).toBeUndefined()
  expect(begins(['keeper', 'reader'], [7])).toBeUndefined() // as a reader they may give it any
})
