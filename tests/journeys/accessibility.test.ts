/** axe finds nothing wrong on any screen of a day's work: light and dark, wide and narrow. */
import { beforeAll, describe, expect, test } from 'vitest'

import { accessibilityProblems, openWindow, type Page } from '../support/browser.js'
import { administrator, created, follow, input, seen, signedIn, stageFor, texts } from './support.js'

const said = texts.en
const stage = stageFor('file')

let id: number
beforeAll(async () => {
  const store = await created(stage.app, 'store', { number: '1', name: 'North', region: 'north', location: { lat: 51.5, lng: -0.12 } })
  id = await created(stage.app, 'member', { name: 'Ada Lovelace', store, tier: 'gold', city: 'London' })
  await created(stage.app, 'member', { name: 'Bob Miller', store, tier: 'bronze' })
  await created(stage.app, 'product', { code: '1', name: 'Tea' })
  await created(stage.app, 'task', { title: 'Call back', due: '2026-01-02', priority: 'high', about: { entity: 'member', id } })
  await created(stage.app, 'purchase', { number: 'P-1', member: id, store, at: '2026-01-02T10:00:00Z', amount: 12.5 })
})

/** Goes on while the screens are looked at, so that one report names everything that is wrong. */
async function look(page: Page, screen: string, found: string[], of?: 'window'): Promise<void> {
  found.push(...(await accessibilityProblems(page, of)).map((problem) => `${screen}: ${problem}`))
}

interface Size {
  readonly theme: 'light' | 'dark'
  readonly width: number
  readonly height: number
}
const wide = { width: 1440, height: 900 }
const narrow = { width: 390, height: 844 }
/** Each screen in both themes and both widths, crosswise: colours do not depend on the width, nor places on the theme. */
const forLists: readonly Size[] = [{ theme: 'light', ...wide }, { theme: 'dark', ...narrow }]
const forRecords: readonly Size[] = [{ theme: 'dark', ...wide }, { theme: 'light', ...narrow }]

describe('no barrier', () => {
  test.each(forLists)('in figures: a dashboard, a chart and its table, a pivot table, down to the records; $theme, $width px', async (size) => {
    const found: string[] = []
    const { page } = await signedIn(stage, administrator, size)
    const tile = page.locator('dashboard-tile').filter({ has: page.getByRole('heading', { name: 'Sales by week' }) })
    await tile.locator('.drawing svg').waitFor()
    await look(page, 'home with a dashboard', found, 'window')
    await tile.getByRole('button', { name: said['chart.asTable'] }).click()
    await tile.getByRole('row').nth(1).waitFor()
    await look(page, 'a chart as a table', found)
    await follow(page, `/records/member?pivot=${encodeURIComponent('{"rows":["tier"],"columns":["store.name"],"measure":{"count":true}}')}`)
    await page.locator('pivot-view').getByRole('row', { name: /^Gold/ }).waitFor()
    await look(page, 'pivot table', found)
    await follow(page, '/records/store?view=map')
    await page.locator('map-view canvas').waitFor()
    await page.locator('.map-list').getByRole('link', { name: 'North', exact: true }).waitFor()
    await look(page, 'map', found)
    await page.locator('.map-list header').getByRole('link').click()
    await page.locator('record-list').getByText('North', { exact: true }).first().waitFor()
    await follow(page, '/records/product?gallery=picture')
    await page.locator('gallery-view').getByRole('link', { name: 'Tea', exact: true }).waitFor()
    await look(page, 'gallery', found)
    await follow(page, `/records/member?pivot=${encodeURIComponent('{"rows":["tier"],"columns":["store.name"],"measure":{"count":true}}')}`)
    if (size.width === narrow.width) {
      // A telephone has room for the present kind and a menu, and for one button of tools.
      await page.getByRole('button', { name: said['list.tools'] }).click()
      await page.getByRole('dialog', { name: said['list.tools'] }).getByRole('link', { name: said['import.menu'] }).waitFor()
      await look(page, 'tools of a list', found)
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: new RegExp(`^${said['board.kind'] ?? ''}`) }).click()
      await page.getByRole('dialog', { name: said['board.kind'] }).getByRole('button', { name: said['chart.asChart'] }).waitFor()
      await look(page, 'kinds of a list', found)
    }
    await page.locator('kind-switch').getByRole('button', { name: said['chart.asChart'] }).click()
    await page.locator('chart-panel .drawing svg').waitFor()
    await look(page, 'chart of a list', found)
    if (size.width < 720) await page.locator('chart-panel .made-fold summary').click() // a telephone folds what the chart is made of
    await page.locator('chart-panel').getByRole('combobox', { name: said['chart.by'] }).selectOption({ label: 'Tier' })
    await page.locator('chart-panel').getByRole('button', { name: said['chart.asTable'] }).click()
    await page.locator('chart-panel').getByRole('row', { name: /^Gold/ }).getByRole('link').click()
    await page.locator('record-list').getByText(/^Ada/).first().waitFor()
    expect(await page.locator('list-page .list-head').getByRole('status').textContent()).toBe('1 record')
    expect(found).toEqual([])
  })

  test.each(forLists)('in lists: home, all, filtered, the form of a filter, nothing found, search, the user menu; $theme, $width px', async (size) => {
    const found: string[] = []
    const stranger = await openWindow(stage.browser, { ...size, language: 'en' })
    await stranger.page.goto(stage.app.url)
    await stranger.page.locator('sign-in input[type=password]').waitFor()
    await look(stranger.page, 'sign in', found)
    await stranger.context.close()

    const { page } = await signedIn(stage, administrator, size)
    await page.locator('dashboard-page h1').waitFor()
    await follow(page, '/tasks?of=team')
    await page.locator('tasks-page li').first().waitFor()
    await look(page, 'tasks', found)
    await follow(page, '/records/task?view=calendar&month=2026-01-02')
    await page.locator('calendar-view').getByRole('link', { name: /^Call back/ }).filter({ visible: true }).first().waitFor()
    await look(page, 'calendar', found)
    await follow(page, '/notifications')
    await page.getByRole('heading', { name: said['inbox.empty'] }).waitFor()
    await look(page, 'notifications', found)
    await follow(page, '/records/member')
    await seen(page, /^Ada/)
    await look(page, 'list', found)
    await follow(page, `/records/member?filter=${encodeURIComponent('{"tier":{"$in":["gold"]},"city":{"$contains":"Lon"}}')}`)
    await page.locator('filter-bar .chip:not(.add)').first().waitFor()
    await seen(page, /^Ada/)
    await look(page, 'list with chips', found)
    await page.locator('#filter-add').click()
    await page.getByRole('combobox', { name: said['list.filterField'] }).waitFor()
    await look(page, 'form of a filter', found)
    await page.keyboard.press('Escape')
    await follow(page, '/records/member?q=nobody')
    await seen(page, said['list.noneTitle'])
    await look(page, 'nothing found', found)
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog').first().waitFor()
    await look(page, 'search', found)
    await page.keyboard.press('Escape')
    const menu = page.locator('.bottom button')
    if (await menu.isVisible()) await menu.click()
    await page.locator('.user-button').click()
    await page.locator('#user-menu').waitFor()
    await look(page, 'user menu', found, 'window')
    await page.keyboard.press('Escape')
    await page.locator('#user-menu').waitFor({ state: 'hidden' })
    await follow(page, '/nowhere')
    await seen(page, said['missing.title'])
    await look(page, 'not found', found)
    expect(found).toEqual([])
  })

  test.each(forRecords)('in records: to read, wrong, in conflict, to leave; $theme, $width px', async (size) => {
    const found: string[] = []
    const { page } = await signedIn(stage, administrator, size, `/records/member/${String(id)}`)
    await input(page, 'name').waitFor()
    await look(page, 'record', found)
    for (const tab of await page.getByRole('tab').all()) {
      await tab.click()
      await look(page, `record, tab ${(await tab.textContent())?.trim() ?? ''}`, found)
    }
    await page.getByRole('tab').first().click()
    await input(page, 'name').fill('')
    await page.locator('.save-bar').getByRole('button', { name: said['record.save'], exact: true }).click()
    await seen(page, said['check.required'])
    await look(page, 'record with a mistake', found)

    const name = `Ada ${size.theme} ${String(size.width)}`
    await input(page, 'name').fill(`${name} mine`)
    expect((await stage.app.admin.patch(`/api/records/member/${String(id)}`, { name: `${name} theirs` }, { 'if-match': String((await stage.app.admin.get(`/api/records/member/${String(id)}`)).headers.get('etag')) })).status).toBe(200)
    await page.locator('.save-bar').getByRole('button', { name: said['record.save'], exact: true }).click()
    const dialog = page.getByRole('dialog', { name: said['conflict.title'] })
    await dialog.waitFor()
    await look(page, 'conflict', found)
    await dialog.getByRole('button', { name: said['conflict.keepEditing'] }).click()

    await page.locator('.record-head a').first().click()
    await seen(page, said['record.leaveTitle'])
    await look(page, 'leaving', found)
    expect(found).toEqual([])
  })
})
