/** What people do with lists: rows change at once and one by one, are chosen with a finger, narrowed, saved as views and summed up. */
import { expect, test } from 'vitest'

import { accessibilityProblems, type Locator } from '../support/browser.js'
import { administrator, created, desk, gone, phone, seen, signedIn, stageFor, texts, words } from './support.js'

const stage = stageFor('test')

test('the first rows of a list are there before the code of its grid: they are ticked and pressed, and the grid that takes their place loses none of it', async () => {
  const id = await created(stage.app, 'member', { name: 'Zora Early' })
  const { page, errors } = await signedIn(stage, administrator, desk, '/tasks')
  let release = (): void => {}
  await page.route(/\/assets\/grid-.*\.js/, async (route) => {
    await new Promise<void>((resolve) => (release = resolve))
    await route.continue()
  })
  const first = page.locator('.first-rows [role=row]').filter({ hasText: 'Zora Early' })
  await page.goto(`${stage.app.url}/records/member`)
  await first.getByRole('checkbox').check()
  expect(await accessibilityProblems(page)).toEqual([])
  release()
  const ticked = page.locator('vaadin-grid').getByRole('checkbox', { name: 'Zora Early' })
  await expect.poll(() => ticked.isChecked()).toBe(true)
  await page.waitForFunction((href) => document.activeElement?.closest('vaadin-grid') !== null && document.activeElement?.getAttribute('href') === href, `/records/member/${String(id)}`)

  await page.goto(`${stage.app.url}/records/member`)
  await first.getByRole('link').hover()
  await page.mouse.down()
  release()
  await page.waitForFunction(() => customElements.get('record-list') !== undefined)
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))))
  await page.mouse.up()
  await page.waitForURL(`**/records/member/${String(id)}`)
  expect(errors).toEqual([])
})

test('the rows of a list do not wait for how many there are; the grid learns it when it is known', async () => {
  await stage.app.admin.post('/api/records/member/bulk', { create: Array.from({ length: 230 }, (_, i) => ({ name: `Row ${String(i).padStart(3, '0')}` })) })
  const { page, errors } = await signedIn(stage, administrator, desk, '/tasks')
  let release = (): void => {}
  await page.route(/count=true/, async (route) => {
    await new Promise<void>((resolve) => (release = resolve))
    await route.continue()
  })
  await page.goto(`${stage.app.url}/records/member`)
  await seen(page, '100+ records')
  await seen(page.locator('vaadin-grid'), 'Row 000')
  release()
  await seen(page, '230 records')
  await page.locator('vaadin-grid').evaluate((grid: HTMLElement & { scrollToIndex?: (index: number) => void }) => grid.scrollToIndex?.(229))
  await seen(page.locator('vaadin-grid'), 'Row 229')
  expect(errors).toEqual([])
})

test('many records are changed at once: what would be refused is told first, the others change, and all of it is taken back', async () => {
  const taken = await created(stage.app, 'member', { name: 'Ada', tier: 'gold', phone: '+8613812345678' })
  const ids = [await created(stage.app, 'member', { name: 'Bob', tier: 'bronze' }), await created(stage.app, 'member', { name: 'Cleo', tier: 'silver' }), await created(stage.app, 'member', { name: 'Dora', tier: 'gold' })]
  const tiers = async (): Promise<unknown[]> => Promise.all(ids.map(async (id) => ((await stage.app.admin.get(`/api/records/member/${String(id)}`)).body as { tier: string }).tier))
  const { page } = await signedIn(stage, administrator, {}, '/records/member')
  const said = texts.en
  await seen(page, 'Dora')
  const tick = async (names: readonly string[]): Promise<void> => {
    for (const name of names) await page.getByRole('checkbox', { name: `Select ${name}` }).click()
  }
  const dialog = page.locator('.bulk-dialog')
  const choose = async (title: string): Promise<void> => {
    await page.locator('selection-bar').getByRole('button', { name: said['list.bulkEdit'] }).click()
    await dialog.getByRole('combobox', { name: said['list.bulkField'] }).fill(title)
    await page.keyboard.press('Enter')
  }

  // A phone number is somebody's own: it is refused for each, and nothing is changed by looking.
  await tick(['Bob', 'Cleo'])
  await choose('Phone')
  await dialog.locator('.bulk-value input').fill('+8613812345678')
  await page.keyboard.press('Escape') // what was typed is not lost to a key
  await page.getByRole('button', { name: said['dialog.leaveNo'] }).click()
  await dialog.getByRole('button', { name: said['list.bulkLook'] }).click()
  await seen(dialog, '2 are refused')
  await seen(dialog, '0 records change')
  await dialog.getByRole('button', { name: said.cancel }).click()
  expect(((await stage.app.admin.get(`/api/records/member/${String(taken)}`)).body as { version: number }).version).toBe(1)

  // By keyboard: into the headers, on to the first row, down to Dora.
  await page.locator('filter-bar .build').focus()
  for (const key of ['Tab', 'Tab', 'ArrowDown', 'ArrowDown', 'ArrowDown', ' ']) await page.keyboard.press(key)
  await seen(page, '3 selected')
  // The keyboard stays in the rows: the box above is taken out and put back.
  for (const key of ['ArrowUp', ' ']) await page.keyboard.press(key)
  await seen(page, '2 selected')
  await page.keyboard.press(' ')
  await seen(page, '3 selected')
  await choose('Tier')
  await dialog.locator('.bulk-value').getByRole('combobox').click()
  await page.getByRole('option', { name: 'Gold' }).click()
  await dialog.getByRole('button', { name: said['list.bulkLook'] }).click()
  await seen(dialog, '1 have this value already')
  await dialog.getByRole('button', { name: 'Change 2 records' }).click()
  await seen(page, '2 records changed.')
  expect(await tiers()).toEqual(['gold', 'gold', 'gold'])
  await page.getByRole('button', { name: said.undo }).click()
  await seen(page, '2 records have their old value again.')
  expect(await tiers()).toEqual(['bronze', 'silver', 'gold'])

  // All rows are meant, and look so, until one of them is taken out.
  const ticked = (): Promise<number> => page.locator('record-list').getByRole('checkbox', { checked: true }).count()
  await tick(['Bob'])
  await page.getByRole('button', { name: 'Select all 4' }).click()
  await expect.poll(ticked).toBe(4)
  await tick(['Dora'])
  await seen(page, '1 selected')
  await expect.poll(ticked).toBe(1)
})

test('on a telephone a finger that rests on a row, or the menu, begins to choose; rows are ticked instead of opened until Done, Escape or the way back', async () => {
  for (const name of ['Una', 'Vera', 'Wim']) await created(stage.app, 'member', { name })
  const { page, errors } = await signedIn(stage, administrator, phone, '/records/member?q=')
  const said = texts.zh
  await seen(page, 'Wim')
  const bar = page.locator('selection-bar')
  const row = (name: string): Locator => page.locator('vaadin-grid .row-card').filter({ hasText: name })
  await row('Una').waitFor() // what is measured while the grid takes the place of the first rows is gone
  expect(await page.getByRole('checkbox').count()).toBe(0)

  const finger = await page.context().newCDPSession(page)
  const { x, y } = await row('Una').boundingBox() ?? { x: 0, y: 0 }
  await finger.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x: x + 20, y: y + 15 }] })
  await seen(bar, said['list.selected'].replace('{count}', '1'))
  await finger.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  await row('Vera').getByRole('link').click()
  await seen(bar, said['list.selected'].replace('{count}', '2'))
  expect(await page.getByRole('checkbox', { checked: true }).count()).toBe(2)
  expect(await accessibilityProblems(page)).toEqual([])
  await page.goBack()
  await bar.getByRole('region').waitFor({ state: 'detached' })
  expect(new URL(page.url()).pathname).toBe('/records/member')

  const begin = async (): Promise<void> => {
    await page.getByRole('button', { name: said['views.menu'] }).click()
    await page.getByRole('button', { name: said['list.choose'], exact: true }).click()
    await seen(bar, said['list.chooseRows'])
  }
  await begin()
  await page.keyboard.press('Escape')
  await bar.getByRole('region').waitFor({ state: 'detached' })
  await begin()
  await page.getByRole('checkbox', { name: 'Wim' }).focus()
  await page.keyboard.press(' ')
  await bar.getByRole('button', { name: said.archive }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: said.archive }).click()
  await gone(page, 'Wim')
  await bar.getByRole('region').waitFor({ state: 'detached' })
  await row('Una').click()
  await page.waitForURL(/\/records\/member\/\d+$/)
  await page.goBack()
  await seen(page, 'Una')
  expect(errors).toEqual([])
})

test('a value is changed in its cell, by mouse and by keyboard, refused with its reason, and taken back; a column is dragged', async () => {
  const id = await created(stage.app, 'member', { name: 'Ada', city: 'London', phone: '+8613812345678' })
  await created(stage.app, 'member', { name: 'Bob', city: 'Paris' })
  const { page } = await signedIn(stage, administrator, {}, '/records/member?columns=name,city,phone')
  const said = texts.en
  const form = page.locator('.cell-form')
  const stored = async (): Promise<unknown> => (await stage.app.admin.get(`/api/records/member/${String(id)}`)).body
  await words(page, 'London').hover()
  await page.getByRole('button', { name: 'Change City of Ada' }).click()
  await form.getByLabel('City').fill('Oxford')
  // Somebody else changes another field meanwhile: both changes stay.
  await stage.app.admin.patch(`/api/records/member/${String(id)}`, { notes: 'theirs' })
  await page.keyboard.press('Enter')
  await form.waitFor({ state: 'hidden' })
  await seen(page.locator('vaadin-grid'), 'Oxford')
  expect(await stored()).toMatchObject({ city: 'Oxford', notes: 'theirs' })
  await page.getByRole('button', { name: said.undo }).click()
  await seen(page.locator('vaadin-grid'), 'London')
  expect(await stored()).toMatchObject({ city: 'London' })

  await page.locator('vaadin-grid-cell-content').filter({ has: page.locator('.no-value') }).hover()
  await page.getByRole('button', { name: 'Change Phone of Bob' }).click()
  await form.getByLabel('Phone').fill('+8613812345678')
  await form.getByRole('button', { name: said['record.save'], exact: true }).click()
  await seen(form, 'already taken')
  await page.keyboard.press('Escape')
  await form.waitFor({ state: 'hidden' })

  // From the filters into the headers, on to the first row's city, and F2.
  await page.reload()
  await seen(page.locator('vaadin-grid'), 'London')
  await page.locator('filter-bar .build').focus()
  for (const key of ['Tab', 'Tab', 'ArrowRight', 'ArrowRight', 'F2']) await page.keyboard.press(key)
  await form.getByLabel('City').fill('Bath')
  await page.keyboard.press('Enter')
  await seen(page.locator('vaadin-grid'), 'Bath')
  expect(await stored()).toMatchObject({ city: 'Bath' })
  await page.keyboard.press('ControlOrMeta+z')
  await seen(page.locator('vaadin-grid'), 'London')
  expect(await stored()).toMatchObject({ city: 'London' })

  // A column is dragged by its title, which also sorts: only a press does.
  await page.getByRole('button', { name: 'City', exact: true }).hover()
  await page.mouse.down()
  const onto = await page.getByRole('button', { name: 'Phone', exact: true }).boundingBox()
  await page.mouse.move((onto?.x ?? 0) + 20, (onto?.y ?? 0) + 5, { steps: 5 })
  await page.mouse.up()
  await expect.poll(() => new URL(page.url()).search).toBe('?columns=name%2Cphone%2Ccity')
})

test('a filter over related records is built with its count in sight, saved as a view, begun with, found at its address, deleted and brought back', async () => {
  const [ada, bob] = [await created(stage.app, 'member', { name: 'Ada', city: 'London' }), await created(stage.app, 'member', { name: 'Bob', city: 'London' })]
  await created(stage.app, 'member', { name: 'Cleo', city: 'Paris' })
  for (const [i, member] of [ada, ada, bob].entries()) await created(stage.app, 'purchase', { number: `P-${String(i)}`, member, at: new Date().toISOString(), amount: 10 })
  const { page, errors } = await signedIn(stage, administrator)
  const said = texts.en
  const builder = page.locator('filter-builder')
  const pick = async (place: string, option: string): Promise<void> => {
    await builder.locator(place).click()
    await page.getByRole('option', { name: option, exact: true }).click()
  }
  await page.goto(`${stage.app.url}/records/member?filter=${encodeURIComponent('{"city":"London"}')}`)
  await page.locator('filter-bar .build').click()
  await seen(builder, '2 records match')
  await builder.getByRole('button', { name: said['filters.addRelated'] }).click()
  await seen(builder, '1 condition is not complete')

  // What was begun is there again, and nothing of it is applied.
  await page.keyboard.press('Escape')
  await seen(page.locator('vaadin-grid'), 'Bob')
  await page.locator('filter-bar .build').click()
  await seen(builder, said['filters.restored'])
  await pick('.related vaadin-select >> nth=1', 'Purchases')
  await builder.locator('.related .test-value input').fill('two')
  await builder.getByRole('button', { name: said['list.filterApply'] }).click()
  await seen(builder, said['check.unread.number'].replace('{text}', 'two'))
  await builder.locator('.related .test-value input').fill('2')
  await seen(builder, '1 record matches')
  expect(await accessibilityProblems(page)).toEqual([])
  await builder.locator('.builder-add >> nth=0').getByRole('button', { name: said['filters.addTest'] }).click()
  await page.keyboard.type('Amount')
  await page.keyboard.press('Enter')
  await builder.locator('.builder-related .test-value input').last().fill('11')
  await seen(builder, '0 records match')
  await builder.locator('.builder-related .builder-related, .builder-related .builder-row:not(.related)').getByRole('button', { name: said['filters.removePart'] }).click()
  await seen(builder, '1 record matches')
  await builder.getByRole('button', { name: said['list.filterApply'] }).click()
  await page.getByRole('button', { name: 'At least 2 Purchases' }).waitFor()
  await gone(page.locator('vaadin-grid'), 'Bob')

  const otherTab = await page.context().newPage()
  await otherTab.goto(`${stage.app.url}/records/member`)
  await seen(otherTab.locator('vaadin-grid'), 'Bob')
  await page.getByRole('button', { name: said['views.save'] }).click()
  const dialog = page.locator('view-dialog')
  await dialog.getByLabel(said['views.name']).fill('Regulars')
  await dialog.getByLabel(said['views.begin']).click()
  await dialog.getByRole('button', { name: said.save }).click()
  await seen(page, 'Regulars is saved.')
  await seen(otherTab.locator('.view-tabs'), 'Regulars')
  await page.goto(`${stage.app.url}/records/member`)
  await seen(page.locator('.view-tabs [aria-current]'), 'Regulars')
  await seen(page.locator('vaadin-grid'), 'Ada')
  expect(await page.locator('vaadin-grid').getByText('Bob').count()).toBe(0)
  const { views } = (await stage.app.admin.get('/api/views')).body as { views: readonly { id: number; filter: unknown }[] }
  expect(views).toMatchObject([{ filter: { city: 'London', purchases: { $count: { $gte: 2 } } } }])
  await page.goto(`${stage.app.url}/records/member?view=${String(views[0]?.id)}`)
  await seen(page.locator('.view-tabs [aria-current]'), 'Regulars')

  await page.getByRole('button', { name: said['views.menu'] }).click()
  await page.getByRole('button', { name: said['views.delete'] }).click()
  await seen(page, 'Regulars is deleted.')
  await seen(page.locator('vaadin-grid'), 'Cleo')
  await page.getByRole('button', { name: said.undo }).click()
  await seen(page.locator('.view-tabs [aria-current]'), 'Regulars')
  expect(errors).toEqual([])
})

test('a list is grouped by month and summed up exactly; a group is unfolded by keyboard and shows its records', async () => {
  const member = await created(stage.app, 'member', { name: 'Ada' })
  for (const [i, [at, amount]] of ([['2024-01-31T23:30:00Z', 0.1], ['2024-01-05T10:00:00Z', 0.2], ['2024-02-10T10:00:00Z', 1.5]] as const).entries()) await created(stage.app, 'purchase', { number: `P-${String(i)}`, member, at, amount, channel: i === 0 ? 'online' : 'store' })
  const { page, errors } = await signedIn(stage, administrator, {}, '/records/purchase')
  const said = texts.en
  await seen(page.locator('vaadin-grid'), '$1.80')
  await page.getByRole('button', { name: said['summary.title'] }).click()
  const form = page.locator('.summary-form')
  await form.locator('vaadin-select').first().click()
  await page.getByRole('option', { name: 'Time', exact: true }).click()
  await page.waitForURL(/group=at%3Amonth/)
  await page.keyboard.press('Escape')
  const groups = page.locator('grouped-list .group')
  await expect.poll(() => groups.allInnerTexts()).toEqual([expect.stringMatching(/February 2024\s*1/), expect.stringMatching(/January 2024\s*2/)])
  await seen(page.locator('vaadin-grid'), '$0.30')
  expect(await accessibilityProblems(page)).toEqual([])
  const byTime = page.locator('grouped-list').getByRole('button', { name: /^Time/ })
  await byTime.click()
  await expect.poll(() => groups.allInnerTexts()).toEqual([expect.stringMatching(/January 2024/), expect.stringMatching(/February 2024/)])
  await byTime.click()
  await expect.poll(() => groups.allInnerTexts()).toEqual([expect.stringMatching(/February 2024/), expect.stringMatching(/January 2024/)])
  await groups.last().locator('strong').click()
  await seen(page.locator('grouped-list'), 'P-0')
  await seen(page.locator('grouped-list'), 'P-1')
  expect(await page.locator('grouped-list').getByText('P-2').isVisible()).toBe(false)
  for (const key of ['ArrowLeft', 'ArrowLeft', 'ArrowLeft']) await page.keyboard.press(key) // past the box to tick, onto the row, and fold it
  await gone(page.locator('grouped-list'), 'P-0')
  await page.keyboard.press('Enter')
  await seen(page.locator('grouped-list'), 'P-0')

  // Records in groups are changed in place and ticked like others; groups stay unfolded.
  const channel = page.locator('grouped-list').getByRole('button', { name: /^Change Channel of P-0/ })
  await channel.evaluate((button: HTMLElement) => button.click())
  await page.locator('.cell-form').getByRole('combobox', { name: 'Channel' }).fill('Store')
  await page.keyboard.press('Enter')
  await page.locator('.cell-form').getByRole('button', { name: said['record.save'], exact: true }).click()
  await expect.poll(async () => ((await stage.app.admin.get('/api/records/purchase?filter={"number":"P-0"}&fields=channel')).body as { records: { channel: string }[] }).records[0]?.channel).toBe('store')
  await page.getByRole('checkbox', { name: /P-1$/ }).check()
  await seen(page.locator('selection-bar'), '1 selected')
  // How many columns stay in sight is chosen with the columns, and saved with the view.
  await page.locator('column-picker').getByRole('button', { name: said['list.columns'] }).click()
  await page.getByRole('combobox', { name: said['list.frozen'] }).selectOption('2')
  await page.waitForURL(/frozen=2/)
  await expect.poll(() => page.locator('grouped-list vaadin-grid-column[data-path][frozen]').count()).toBe(2)
  expect(errors).toEqual([])
})
