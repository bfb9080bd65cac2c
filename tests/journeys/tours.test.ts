/**
 * Hours at the screens of those who work with customers, each on a desk in English and on a telephone in Chinese; pictures of them stay in `dist/.build/tours`.
 * What differs by neither is done in one of them only.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

import type { JsonObject } from '../../metadata/contract/json.js'
import coreChinese from '../../metadata/core/texts/zh.json' with { type: 'json' }
import retailChinese from '../../metadata/retail/texts/zh.json' with { type: 'json' }
import type { Locator, Page } from '../support/browser.js'
import { created, follow, gone, input, looks, overhear, person, phone, seen, signedIn, stageFor, texts, words } from './support.js'

const stage = stageFor('test')

describe.each(looks)('in $language at $width px', (look) => {
  const { language } = look
  const said = texts[language]
  /** A text of the packs as this person reads it: its English words, or their translation at this place. */
  const pack = (english: string, document: string, place: string): string =>
    language === 'en' ? english : (({ ...coreChinese, ...retailChinese } as unknown as Record<string, Record<string, string>>)[document]?.[place] ?? english)
  const picture = (page: Page, name: string): Promise<unknown> => page.screenshot({ path: join(import.meta.dirname, `../../dist/.build/tours/${name}-${language}-${String(look.width)}.png`) })
  const stored = async (entity: string, id: number): Promise<JsonObject> => (await stage.app.admin.get(`/api/records/${entity}/${String(id)}`)).body as JsonObject
  /** The address at which a related list or a calendar begins a record. */
  const anew = (entity: string, values: JsonObject): string => `/records/${entity}/new?values=${encodeURIComponent(JSON.stringify(values))}`
  /** A caller, found by what they say on the telephone or at the till. */
  const call = async (page: Page, told: string, name: string): Promise<void> => {
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: said['search.label'] }).fill(told)
    await page.getByRole('option', { name }).click()
    await page.locator('h1', { hasText: name }).waitFor()
  }
  /** Writes beside a record; on a telephone the activity is a tab of its own. `more` is done before it is sent. */
  const beside = async (page: Page, kind: 'note' | 'task', text: string, more: (composer: Locator) => Promise<void> = async () => {}): Promise<void> => {
    const composer = page.locator('timeline-composer')
    const tab = page.getByRole('tab', { name: said['timeline.title'] })
    await composer.or(tab).first().waitFor()
    if ((await composer.count()) === 0) await tab.click()
    await composer.locator('.pill').nth(kind === 'note' ? 0 : 1).click()
    await composer.locator(kind === 'note' ? 'textarea' : 'vaadin-text-field input').fill(text)
    await more(composer)
    await composer.getByRole('button', { name: said['timeline.send'], exact: true }).click()
    await seen(page.locator('.timeline'), text)
  }
  /** Begins a record in the related list of a record's tab, and fills in one field of it. */
  const within = async (page: Page, tab: string, key: string, value: string): Promise<void> => {
    await page.locator('record-page').getByRole('tab', { name: tab, exact: true }).click()
    const list = page.locator('related-list')
    await list.locator('a.add').click()
    await list.locator(`[data-key=${key}] input`).first().fill(value)
    const option = page.locator('vaadin-combo-box-item').filter({ hasText: value })
    if (key === 'member') await option.first().click()
    await list.locator('quick-form').getByRole('button', { name: said['create'], exact: true }).click()
    await seen(list.locator('tbody'), value)
  }
  /** Chooses one of the options of a field; the list of them stands at the end of the page. */
  const choose = async (page: Page, field: Locator, option: string): Promise<void> => {
    await field.fill(option)
    await page.locator('vaadin-combo-box-item').filter({ hasText: option }).first().click()
  }
  /** Saves while the network is away: it is said, and what was typed waits for it to come back. */
  const withoutNetwork = async (page: Page): Promise<void> => {
    await page.context().setOffline(true)
    await save(page)
    await seen(page, said['problem.network.failed'])
    await picture(page, 'clerk-0-offline')
    await page.context().setOffline(false)
    await page.locator('.code-missing').waitFor({ state: 'detached' })
    expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBe(look.height)
    expect(await input(page, 'city').inputValue()).toBe('Oxford')
  }
  const save = (page: Page, key: 'create' | 'record.save' = 'record.save'): Promise<void> => page.locator('.save-bar').getByRole('button', { name: said[key], exact: true }).click()

  // At the till members are found, written down and changed, what they buy is entered line by line, coupons and complaints are taken, and colleagues are left a note.
  test('a clerk finds, creates and edits members of the own stores, takes their money, a coupon and a complaint, and learns nothing of others or of incomes', async () => {
    const [own, other] = [await created(stage.app, 'store', { number: '1', name: 'North' }), await created(stage.app, 'store', { number: '2', name: 'Elsewhere Plaza' })]
    const ada = await created(stage.app, 'member', { name: 'Ada Lovelace', store: own, city: 'London', income: 987_654 })
    await created(stage.app, 'member', { name: 'Bob Miller', store: own, city: 'Paris', income: 987_654 })
    await created(stage.app, 'member', { name: 'Mallory Secret', store: other, income: 987_654 })
    await created(stage.app, 'purchase', { number: 'P-1', member: ada, store: own, at: '2026-01-02T10:00:00Z', amount: 12.5 })
    await created(stage.app, 'product', { code: '31', name: 'Tea' })
    await person(stage.app, 'Noor', ['clerk'], { stores: [own] })
    const coupon = await created(stage.app, 'coupon', { code: '10000085364', campaign: await created(stage.app, 'campaign', { code: 'C-1', name: 'Spring', startsOn: '2026-11-01', endsOn: '2026-12-31' }) })
    const received: string[] = []
    const { page, errors } = await signedIn(stage, await person(stage.app, 'clerk', ['clerk'], { stores: [own] }), look, '/records/member', (opened) => overhear(opened, received))

    await seen(page, 'Ada Lovelace')
    await expect.poll(() => page.getByRole('status').first().textContent()).toContain('2')

    await page.getByRole('searchbox').fill('lovelace')
    await gone(page, 'Bob Miller')
    await page.getByRole('searchbox').fill('')
    await seen(page, 'Bob Miller')

    await page.locator('#filter-add').click()
    const city = ((await stage.app.admin.get(`/api/model?locale=${language}`)).body as { entities: { member: { fields: { key: string; title: string }[] } } }).entities.member.fields.find(({ key }) => key === 'city')?.title ?? ''
    await page.getByRole('combobox', { name: said['list.filterField'] }).fill(city)
    await page.keyboard.press('Enter')
    await page.getByLabel(said['list.filterValue']).fill('Lon')
    await page.getByRole('button', { name: said['list.filterApply'] }).click()
    await gone(page, 'Bob Miller')
    if (look !== phone) {
      await page.getByRole('button', { name: said['views.save'] }).click()
      await page.locator('view-dialog').getByLabel(said['views.name']).fill('Londoners')
      await page.locator('view-dialog').getByRole('button', { name: said.save, exact: true }).click()
      await seen(page.locator('.view-tabs [aria-current]'), 'Londoners')
    }
    await words(page, 'Ada Lovelace').click()

    await input(page, 'city').fill('Oxford')
    // What saves comes over the end of the page, and not over what is being typed.
    const [typed, bar] = await Promise.all([input(page, 'city').boundingBox(), page.locator('.save-bar').boundingBox()])
    expect((typed?.y ?? 0) + (typed?.height ?? 0)).toBeLessThanOrEqual(bar?.y ?? 0)
    if (look === phone) await withoutNetwork(page)
    await page.locator('.save-bar').getByRole('button', { name: said['record.save'], exact: true }).click()
    await page.locator('.save-bar').waitFor({ state: 'detached' })
    expect((await stage.app.admin.get(`/api/records/member/${String(ada)}`)).body).toMatchObject({ city: 'Oxford', income: 987_654 })
    await page.locator('button.shown-why').first().click()
    await page.getByRole('dialog').getByRole('listitem').or(page.getByRole('dialog').locator('.dialog-body > p')).first().waitFor()
    await page.keyboard.press('Escape')
    await page.locator('why-dialog').waitFor({ state: 'detached' })
    for (const tab of await page.getByRole('tab').all()) {
      await tab.click()
      if ((await page.locator('related-list').count()) > 0) break
    }
    await page.locator('related-list tbody tr').first().click()
    await page.waitForURL('**/records/purchase/*')

    await follow(page, '/records/member/new')
    await input(page, 'name').fill('Cleo Patra')
    await input(page, 'store').fill('North')
    await page.getByRole('option', { name: 'North' }).click()
    await choose(page, page.locator('[data-key=emailConsent] vaadin-combo-box input'), said['part.state.granted'])
    await picture(page, 'clerk-0-consent')
    await page.locator('.save-bar').getByRole('button', { name: said['create'], exact: true }).click()
    await page.waitForURL(/records\/member\/\d+/)
    expect(await page.locator('h1').textContent()).toBe('Cleo Patra')

    const cleo = Number(/member\/(\d+)/.exec(page.url())?.[1])
    expect(await stored('member', cleo)).toMatchObject({ emailConsent: { state: 'granted', textVersion: '2026-11' } })

    await follow(page, anew('purchase', { number: 'P-2', member: cleo, store: own, at: '2026-11-20T10:00:00Z' }))
    await input(page, 'amount').fill('80')
    await page.locator('lines-editor').getByRole('button', { name: said['lines.add'] }).click()
    await page.locator('lines-editor td.here input').first().evaluate((target, text) => {
      const data = new DataTransfer()
      data.setData('text/plain', text)
      target.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true, composed: true }))
    }, 'Tea\t2\t30\nTea\t1\t50')
    await expect.poll(() => page.locator('lines-editor tfoot').textContent()).toContain('80.00')
    // What tells of it covers nothing of the form: on a telephone it lies on the bar at the top.
    await seen(page.locator('vaadin-notification-card'), said['lines.pasted'].replace('{count}', '2'))
    const head = await page.locator('.record-head').boundingBox()
    for (const notice of await page.locator('vaadin-notification-card').all()) {
      const lies = await notice.boundingBox()
      expect(lies === null || head === null || lies.y + lies.height <= head.y || lies.y >= head.y + head.height).toBe(true)
    }
    await picture(page, 'clerk-1-purchase')
    await save(page, 'create')
    await page.waitForURL(/records\/purchase\/\d+/)
    await expect.poll(async () => stored('member', cleo)).toMatchObject({ purchasesCount: 1, spent: 80 })

    await follow(page, anew('couponRedemption', { member: cleo, coupon, redeemedOn: '2026-11-20' }))
    await save(page, 'create')
    await page.waitForURL(/records\/couponRedemption\/\d+/)

    await follow(page, anew('case', { member: cleo, store: own, kind: 'complaint' }))
    await input(page, 'subject').fill('The bag was torn')
    await save(page, 'create')
    await page.waitForURL(/records\/case\/\d+/)

    await call(page, 'cleo', 'Cleo Patra')
    await beside(page, 'note', 'Prefers to be called in the evening.', async (composer) => {
      if (look === phone) return
      await composer.locator('textarea').pressSequentially(' @No')
      await composer.getByRole('option', { name: 'Noor' }).waitFor()
      await page.keyboard.press('Enter')
      await expect.poll(() => composer.locator('textarea').inputValue()).toMatch(/@Noor $/)
    })
    await beside(page, 'task', 'Bring her a new bag', (composer) => choose(page, composer.locator('.composer-plan > vaadin-combo-box').first().locator('input'), pack('Visit', 'task/entity.json', '/properties/kind/crm/options/visit/title')))
    await picture(page, 'clerk-2-member')
    await follow(page, '/tasks')
    const task = page.locator('tasks-page li').filter({ hasText: 'Bring her a new bag' })
    await task.waitFor()
    await picture(page, 'clerk-3-tasks')
    await task.getByRole('checkbox').click()
    await task.waitFor({ state: 'detached' })

    const told = [await page.innerText('body'), ...received].join('\n')
    expect(told).toContain('Ada Lovelace')
    expect(['987654', '987,654', 'Mallory', '"income"', 'incomeBand', 'Elsewhere Plaza'].filter((secret) => told.includes(secret))).toEqual([])
    expect(errors.filter((one) => !one.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([])
  })

  // Calls come in between cases: who is it, what did they buy, what was said; a case is taken on, waits and is solved.
  test('a service agent finds who calls by the telephone number, takes up the case, asks back, answers and closes it', async () => {
    const store = await created(stage.app, 'store', { number: '1', name: 'North' })
    const ada = await created(stage.app, 'member', { name: 'Ada Lovelace', store, phone: '+8613812345678' })
    await created(stage.app, 'purchase', { number: 'P-1', member: ada, store, at: '2026-01-02T10:00:00Z', amount: 12.5 })
    await created(stage.app, 'case', { subject: 'First of the day', store })
    const { page, errors } = await signedIn(stage, await person(stage.app, 'agent', ['agent']), look, '/records/case')
    const step = (english: string, place: string): string => pack(english, 'case/lifecycle.json', `/states/${place}/title`)
    const state = (english: string, name: string): Promise<void> => page.locator('lifecycle-path [aria-current=step]').filter({ hasText: pack(english, 'case/entity.json', `/properties/status/crm/options/${name}/title`) }).waitFor()
    const take = (title: string): Promise<void> => page.locator('lifecycle-path').getByRole('button', { name: title, exact: true }).click()

    await call(page, '13812345678', 'Ada Lovelace')
    await page.waitForURL(`**/records/member/${String(ada)}`)
    await picture(page, 'agent-1-caller')
    await beside(page, 'note', 'Calls for the second time.', async (composer) => {
      if (look === phone) return
      await composer.locator('input[type=file]').setInputFiles({ name: 'leak.txt', mimeType: 'text/plain', buffer: Buffer.from('a picture of the leak, in words') })
      await composer.locator('.composer-files').getByText('leak.txt').waitFor()
    })
    if (look !== phone) {
      await seen(page.locator('.timeline'), 'leak.txt')
      await page.locator('.timeline').getByRole('button', { name: said['peek.of'].replace('{name}', 'P-1') }).click()
      await seen(page.locator('record-panel'), '$12.50')
      await picture(page, 'agent-1-beside')
      await page.keyboard.press('Escape')
      await page.locator('record-panel').waitFor({ state: 'detached' })
    }

    await follow(page, anew('case', { member: ada, store }))
    await input(page, 'subject').fill('The machine leaks')
    await picture(page, 'agent-2-new')
    await save(page, 'create')
    await page.waitForURL(/records\/case\/\d+/)
    const id = Number(/case\/(\d+)/.exec(page.url())?.[1])
    await state('New', 'new')
    await take(step('Take it on', 'new/on/take'))
    await state('In progress', 'open')
    await take(step('Wait for the customer', 'open/on/wait'))
    await state('Waiting', 'waiting')
    await picture(page, 'agent-3-case')
    await take(step('Solve', 'waiting/on/solve'))
    const dialog = page.locator('transition-dialog')
    await dialog.locator('textarea').first().fill('It is exchanged.')
    await dialog.getByRole('button', { name: step('Solve', 'waiting/on/solve'), exact: true }).click()
    await state('Solved', 'solved')
    await follow(page, '/records/case?view=board')
    const card = page.locator('board-view .card').filter({ hasText: 'The machine leaks' })
    await card.waitFor()
    await picture(page, 'agent-4-board')
    expect(await stored('case', id)).toMatchObject({ member: ada, status: 'solved', answer: 'It is exchanged.' })
    if (look !== phone) {
      // By keys: it is taken, carried one column on and put down.
      await card.locator('.card-name').focus()
      for (const key of [' ', 'ArrowRight', 'Enter']) await page.keyboard.press(key)
      await expect.poll(async () => (await stored('case', id))['status']).toBe('closed')
      await follow(page, '/records/case?view=all&sort=number')
      await words(page.locator('record-list'), 'First of the day').click()
      await page.locator('.record-place').waitFor()
      await page.keyboard.press('Alt+ArrowDown')
      await page.locator('h1', { hasText: 'The machine leaks' }).waitFor()
      expect(await page.locator('.record-place').textContent()).toContain('2')
    }
    await follow(page, '/')
    await page.locator('dashboard-tile').filter({ has: page.getByRole('heading', { name: pack('Answer next', 'dashboards/service.json', '/tiles/next/title') }) }).getByText('First of the day').waitFor()
    await picture(page, 'agent-5-service')
    expect(errors).toEqual([])
  })

  // Whom an offer is for is found by what people did, kept and shared, and goes out as a file; the campaign gets its members and coupons. Their manager goes from figures to records, decides, and gives work to others.
  test('a marketer looks who stays away, plans a campaign with a high discount, and a manager agrees to it after a look at the figures', async () => {
    const store = await created(stage.app, 'store', { number: '1', name: 'North' })
    const [away, here] = [await created(stage.app, 'member', { name: 'Ada Lovelace', store, tier: 'gold' }), await created(stage.app, 'member', { name: 'Bob Miller', store, tier: 'gold' })]
    const now = new Date().toISOString()
    for (const [i, [member, at]] of ([[away, '2024-05-02T10:00:00Z'], [here, now], [here, now], [here, now], [here, new Date(Date.now() - 120 * 86_400_000).toISOString()]] as const).entries()) await created(stage.app, 'purchase', { number: `P-${String(i)}`, member, store, at, amount: 12.5 })
    const boss = await person(stage.app, 'manager', ['manager'])
    const { page, errors } = await signedIn(stage, await person(stage.app, 'marketer', ['marketer']), look, '/records/member?view=lapsing')
    await seen(page, 'Ada Lovelace')
    expect(await page.locator('record-list').getByText('Bob Miller').count()).toBe(0)
    await picture(page, 'marketer-1-segment')

    await follow(page, '/records/member?view=all')
    if (look === phone) {
      await page.locator('#filter-add').click()
      await page.locator('.to-builder').click()
    } else await page.locator('filter-bar .build').click()
    const builder = page.locator('filter-builder')
    await builder.getByRole('button', { name: said['filters.addRelated'] }).click()
    await builder.locator('.related vaadin-select >> nth=1').click()
    await page.getByRole('option', { name: pack('Purchases', 'purchase/entity.json', '/crm/plural'), exact: true }).click()
    await builder.locator('.related .test-value input').fill('3')
    await seen(builder, said['filters.found.one'].replace('{count}', '1'))
    await picture(page, 'marketer-2-conditions')
    await builder.getByRole('button', { name: said['list.filterApply'] }).click()
    await gone(page.locator('record-list'), 'Ada Lovelace')
    await page.getByRole('button', { name: said['views.save'] }).click()
    const dialog = page.locator('view-dialog')
    await dialog.getByLabel(said['views.name']).fill('Regulars')
    await dialog.getByLabel(pack('Marketer', 'roles/marketer.json', '/title'), { exact: true }).check()
    await picture(page, 'marketer-3-share')
    await dialog.getByRole('button', { name: said.save, exact: true }).click()
    await seen(page.locator('.view-tabs [aria-current]'), 'Regulars')
    await picture(page, 'marketer-4-view')
    if (look === phone) await page.locator('#list-tools').click()
    await page.locator('export-menu button').click()
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: said['list.exportAs'].replace('{format}', 'CSV') }).click()])
    expect(await readFile(await file.path(), 'utf8')).toMatch(/Bob Miller/)
    await follow(page, '/records/purchase?view=channels')
    await page.locator('chart-view canvas').or(page.locator('chart-view svg')).first().waitFor()
    await picture(page, 'marketer-5-chart')

    await follow(page, anew('campaign', { startsOn: '2026-10-01', endsOn: '2026-10-31' }))
    for (const [key, value] of [['code', 'AUT-1'], ['name', 'Autumn'], ['discount', '30']] as const) await input(page, key).fill(value)
    await picture(page, 'marketer-6-campaign')
    await save(page, 'create')
    await page.waitForURL(/records\/campaign\/\d+/)
    const id = Number(/campaign\/(\d+)/.exec(page.url())?.[1])
    expect(await stored('campaign', id)).toMatchObject({ code: 'AUT-1', startsOn: '2026-10-01', endsOn: '2026-10-31' })
    await within(page, pack('Members', 'campaign/form.default.json', '/elements/2/label'), 'member', 'Bob Miller')
    await picture(page, 'marketer-7-members')
    await within(page, pack('Coupons', 'campaign/form.default.json', '/elements/3/label'), 'code', '10000085364')
    await follow(page, '/records/campaign?view=timeline&day=2026-10-01')
    await seen(page.locator('timeline-view'), /Autumn/)
    await picture(page, 'marketer-8-timeline')
    await page.goto(`${stage.app.url}/forms/join`)
    await page.locator('open-form').getByRole('button', { name: pack('Join', 'member/form.join.json', '/public/send') }).waitFor()
    await picture(page, 'marketer-9-form')
    expect(errors).toEqual([])

    await created(stage.app, 'task', { title: 'Count the till', due: now.slice(0, 10), kind: 'visit', about: { entity: 'member', id: here } })
    const cases = [await created(stage.app, 'case', { subject: 'Torn bag', store }), await created(stage.app, 'case', { subject: 'Late parcel', store })]
    const manager = (await signedIn(stage, boss, look)).page
    const figure = manager.locator('dashboard-tile').filter({ has: manager.getByRole('heading', { name: pack('Purchases', 'dashboards/sales.json', '/tiles/purchases/title'), exact: true }) })
    await figure.waitFor()
    await picture(manager, 'manager-1-figures')
    if (look !== phone) {
      // The whole page for one store and ninety days: its numbers say how they were before, and the list behind them has the same conditions.
      await manager.getByRole('combobox', { name: said['dashboard.period'] }).selectOption('days90')
      await choose(manager, manager.locator('.dash-filter input').first(), 'North')
      await manager.waitForURL(/period=days90.*store/)
      await seen(figure, '+200%')
      await picture(manager, 'manager-1-store')
    }
    await figure.getByRole('link').first().click()
    await manager.waitForURL('**/records/purchase?*')
    if (look !== phone) expect(decodeURIComponent(manager.url())).toContain('"store"')
    await seen(manager.locator('record-list'), 'P-1')
    await picture(manager, 'manager-1-purchases')
    await follow(manager, '/tasks')
    const card = manager.locator('approval-card').filter({ hasText: 'Autumn' })
    await card.waitFor()
    await picture(manager, 'manager-2-approval')
    await card.getByRole('button', { name: said['approval.approve'], exact: true }).click()
    await expect.poll(async () => (await stored('campaign', id))['discountApproval']).toBe('approved')
    await follow(manager, '/records/member?pivot=' + encodeURIComponent('{"rows":["tier"],"columns":["store.name"],"measure":{"count":true}}'))
    await manager.locator('pivot-view').getByRole('row').nth(1).waitFor()
    await picture(manager, 'manager-3-pivot')
    await manager.locator('pivot-view td a').first().click()
    await seen(manager.locator('record-list'), 'Ada Lovelace')

    await follow(manager, '/records/case?view=all')
    await seen(manager.locator('record-list'), 'Torn bag')
    if (look === phone) {
      await manager.getByRole('button', { name: said['views.menu'] }).click()
      await manager.getByRole('button', { name: said['list.choose'], exact: true }).click()
    }
    for (const subject of ['Torn bag', 'Late parcel']) await manager.getByRole('checkbox', { name: subject }).click()
    await manager.locator('selection-bar').getByRole('button', { name: said['list.bulkEdit'] }).click()
    const bulk = manager.locator('.bulk-dialog')
    await bulk.getByRole('combobox', { name: said['list.bulkField'] }).fill(pack('Assignee', 'case/entity.json', '/properties/assignee/title'))
    await manager.keyboard.press('Enter')
    await bulk.locator('.bulk-value input').fill('manager')
    await manager.locator('vaadin-combo-box-item').filter({ hasText: 'manager' }).first().click()
    await bulk.getByRole('button', { name: said['list.bulkLook'] }).click()
    await seen(bulk, said['list.bulkWill'].replace('{count}', '2'))
    await picture(manager, 'manager-4-reassign')
    await bulk.getByRole('button', { name: said['list.bulkDo'].replace('{count}', '2') }).click()
    const assignees = (): Promise<unknown[]> => Promise.all(cases.map(async (one) => (await stored('case', one))['assignee']))
    await expect.poll(async () => (await assignees()).includes(null)).toBe(false)
    await manager.locator('vaadin-notification-card').getByRole('button', { name: said.undo }).first().click()
    await expect.poll(assignees).toEqual([null, null])

    await follow(manager, '/tasks')
    await manager.locator(`a[title="${said['tasks.calendar']}"]`).click()
    await manager.locator('calendar-view').getByRole('link', { name: /^Count the till/ }).filter({ visible: true }).first().waitFor()
    await picture(manager, 'manager-6-calendar')
    await follow(manager, '/records/purchase?group=channel')
    await manager.locator('grouped-list .group').first().waitFor()
    await picture(manager, 'manager-5-groups')
  })
})
