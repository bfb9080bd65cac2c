/** What is around the screens: the box that finds and does, the keys, favourites, the way from record to record, no connection. */
import { expect, test } from 'vitest'

import { accessibilityProblems, openWindow } from '../support/browser.js'
import { administrator, created, follow, input, person, seen, signedIn, stageFor, texts, words } from './support.js'

const stage = stageFor('file')

test('the keys are listed at a key, and the list goes away again', async () => {
  const { page } = await signedIn(stage, administrator)
  await page.keyboard.press('?')
  await page.getByRole('heading', { name: texts.en['keys.title'] }).waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await page.keyboard.press('Escape')
  await page.getByRole('heading', { name: texts.en['keys.title'] }).waitFor({ state: 'detached' })
})

test('what is typed into the box is done; a favourite and the looks follow to another device', async () => {
  const id = await created(stage.app, 'member', { name: 'Fay Vorite' })
  const { page } = await signedIn(stage, administrator)
  const command = async (words: string, chosen: string): Promise<void> => {
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: texts.en['search.label'] }).fill(words)
    await page.getByRole('option', { name: chosen }).first().waitFor()
    await page.keyboard.press('Enter')
  }
  await command('> new member', 'New Member')
  await page.waitForURL('**/records/member/new')
  await page.keyboard.press('Control+k')
  await page.keyboard.type('> new')
  await page.keyboard.press('Escape') // once, whatever was typed
  await page.locator('search-box dialog').waitFor({ state: 'hidden' })
  await command('> compact', texts.en['shell.density.compact'])
  await page.locator('html[data-compact]').waitFor()
  await command('Fay Vorite', 'Fay Vorite')
  await page.waitForURL(`**/records/member/${String(id)}`)
  await page.getByRole('button', { name: texts.en['favourites.add'] }).click()
  await page.locator('side-bar').getByRole('link', { name: 'Fay Vorite' }).waitFor()
  await page.getByRole('button', { name: texts.en['favourites.remove'] }).waitFor()

  await page.locator('.user-button').click()
  await page.getByRole('link', { name: texts.en['help.title'] }).click()
  await page.locator('doc-reader').getByRole('heading', { name: 'Find', exact: true }).waitFor()
  await page.locator('doc-reader').getByRole('link', { name: texts.en['help.doc.admins'] }).waitFor()

  const elsewhere = (await signedIn(stage, administrator)).page
  await elsewhere.locator('html[data-compact]').waitFor()
  await elsewhere.locator('side-bar').getByRole('link', { name: 'Fay Vorite' }).click()
  await elsewhere.getByRole('button', { name: texts.en['favourites.remove'] }).click()
  await elsewhere.locator('side-bar').getByRole('link', { name: 'Fay Vorite' }).waitFor({ state: 'detached' })
  await expect.poll(async () => (await stage.app.admin.get('/api/session')).body).toMatchObject({ preferences: { density: 'compact', favourites: [] } })
  await stage.app.admin.patch('/api/session/preferences', { density: null, favourites: null })
})

test('who reads no more of colleagues than their names still chooses the own time zone', async () => {
  const { page } = await signedIn(stage, await person(stage.app, 'zoe', ['employee']))
  await page.locator('.user-button').click()
  await page.getByLabel(texts.en['shell.timeZone']).selectOption('Asia/Tokyo')
  await expect.poll(async () => (await (await page.request.get(`${stage.app.url}/api/session`)).json() as { timeZone: string }).timeZone).toBe('Asia/Tokyo')
  expect(await accessibilityProblems(page, 'window')).toEqual([])
})

test('from one record of a list to the next, and back to the list', async () => {
  for (const name of ['Nora Neighbour', 'Nina Neighbour', 'Nils Neighbour']) await created(stage.app, 'member', { name, tier: 'gold' })
  const { page } = await signedIn(stage, administrator, {}, '/records/member?q=neighbour&sort=name')
  await words(page, 'Nils Neighbour').click()
  await seen(page.locator('.record-place'), '1 of 3')
  await page.getByRole('button', { name: texts.en['record.previous'] }).and(page.locator('[disabled]')).waitFor()
  await page.locator('h1').click()
  await page.keyboard.press('Alt+ArrowDown')
  await page.getByRole('heading', { name: 'Nina Neighbour' }).waitFor()
  await page.getByRole('button', { name: texts.en['record.next'] }).click()
  await page.getByRole('heading', { name: 'Nora Neighbour' }).waitFor()
  await seen(page.locator('.key-facts'), 'Gold')

  // The way back leads to where one was on the page.
  const main = page.locator('main#content')
  const scrolled = (): Promise<number> => main.evaluate(({ scrollTop }) => scrollTop)
  await page.setViewportSize({ width: 1440, height: 400 })
  await main.evaluate((element) => element.scrollTo({ top: 150 }))
  await expect.poll(() => page.evaluate(() => (history.state as { scrolled?: number }).scrolled)).toBe(150)
  await follow(page, '/tasks')
  await page.locator('tasks-page').waitFor()
  expect(await scrolled()).toBe(0)
  await page.goBack()
  await expect.poll(scrolled).toBe(150)
  await page.goBack()
  await page.locator('record-list').waitFor()
  expect(new URL(page.url()).search).toContain('neighbour')

  // Loaded anew, a list stands where it stood.
  for (let number = 10; number < 40; number += 1) await created(stage.app, 'member', { name: `Zoe Neighbour ${String(number)}` })
  const grid = page.locator('vaadin-grid')
  const firstRow = (): Promise<unknown> => grid.evaluate((element: HTMLElement & { readonly _firstVisibleIndex?: number }) => element._firstVisibleIndex)
  await page.reload()
  await seen(grid, 'Zoe Neighbour 10')
  await grid.evaluate((element: HTMLElement & { scrollToIndex?: (row: number) => void }) => element.scrollToIndex?.(12))
  await expect.poll(firstRow).not.toBe(0)
  const before = await firstRow()
  await page.reload()
  await expect.poll(firstRow).toBe(before)
})

test('code that does not come, as after an update, is told with the way on', async () => {
  const { page } = await signedIn(stage, administrator, {}, '/tasks')
  await page.locator('tasks-page').waitFor()
  await page.route('**/assets/**', (route) => route.abort())
  await follow(page, '/audit')
  const notice = page.getByRole('alert').filter({ hasText: 'A part of this page could not be loaded' })
  await notice.waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await page.unroute('**/assets/**')
  await notice.getByRole('button', { name: 'Load anew' }).click()
  await page.locator('audit-page').waitFor()
  await notice.waitFor({ state: 'detached' })
})

test('without a connection the shell opens, says so, and goes on when the server is back', async () => {
  const { page } = await signedIn(stage, administrator, { keepsShell: true })
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready
  })
  await page.reload() // what was loaded before the worker was there comes once more, through it
  await page.locator('side-bar').waitFor()
  await page.context().setOffline(true)
  await page.reload()
  await seen(page, texts.en['connection.lost'])
  await page.context().setOffline(false)
  await page.locator('side-bar').waitFor()
})

test('a stranger fills in a public form: what was typed outlives a reload, mistakes are shown, and it arrives once', async () => {
  const { page, errors } = await openWindow(stage.browser, { width: 390, height: 844, language: 'zh' })
  const send = page.getByRole('button', { name: '加入' })
  await page.goto(`${stage.app.url}/forms/join`)
  await page.getByRole('heading', { name: '成为会员' }).waitFor()
  await send.click()
  await page.locator('[data-key=name] [invalid]').first().waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await input(page, 'name').fill('王网')
  await page.route('**/api/forms/join*', (route) => route.abort())
  await page.reload()
  await page.getByRole('heading', { name: texts.zh['open.failed'] }).waitFor()
  await page.unroute('**/api/forms/join*')
  await page.getByRole('button', { name: texts.zh['retry'] }).click()
  await expect.poll(() => input(page, 'name').inputValue()).toBe('王网')
  await input(page, 'email').fill('web@example.com')
  await send.click()
  await page.getByRole('heading', { name: texts.zh['open.thanks'] }).waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  const { records } = (await stage.app.admin.get('/api/records/member?q=web%40example.com')).body as { records: readonly object[] }
  expect(records).toMatchObject([{ name: '王网', tags: ['web'] }])
  await page.goto(`${stage.app.url}/forms/none`)
  await page.getByRole('heading', { name: texts.zh['open.missing'] }).waitFor()
  expect(errors.filter((error) => !/404|ERR_FAILED/.test(error))).toEqual([])
})
