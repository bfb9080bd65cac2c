/** Records that stand below each other, and rows that belong to a record, as people meet them at the screen. */
import { expect, test } from 'vitest'

import { accessibilityProblems, type Page } from '../support/browser.js'
import { administrator, created, follow, person, seen, signedIn, stageFor, texts } from './support.js'

const stage = stageFor('file')

/** Accessible names of the rows that are seen, from the top. */
const rows = async (page: Page): Promise<readonly string[]> => page.locator('tree-page tbody tr .tree-name > a:first-of-type').allTextContents()

test('a tree is unfolded by keys, its path is shown, and another list is narrowed by it', async () => {
  const food = await created(stage.app, 'category', { name: 'Food' })
  const dairy = await created(stage.app, 'category', { name: 'Dairy', parent: food })
  const cheese = await created(stage.app, 'category', { name: 'Cheese', parent: dairy })
  await created(stage.app, 'category', { name: 'Toys' })
  await created(stage.app, 'product', { code: '1', name: 'Gouda', category: cheese })
  await created(stage.app, 'product', { code: '2', name: 'Robot' })
  const { page, errors } = await signedIn(stage, administrator, { language: 'en', width: 1440, height: 900 }, '/records/category')

  await page.getByRole('link', { name: texts.en['tree.asTree'] }).click()
  await expect.poll(() => rows(page)).toEqual(['Food', 'Toys'])
  await page.locator('tree-page tbody tr').first().focus()
  await page.keyboard.press('ArrowRight')
  await expect.poll(() => rows(page)).toEqual(['Food', 'Dairy', 'Toys'])
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  await expect.poll(() => rows(page)).toEqual(['Food', 'Dairy', 'Cheese', 'Toys'])
  const focused = page.locator('tree-page tr:focus')
  expect([await focused.getAttribute('aria-level'), await focused.getAttribute('aria-expanded')]).toEqual(['2', 'true'])
  expect(await accessibilityProblems(page)).toEqual([])

  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/records/category/${String(cheese)}`)
  await expect.poll(() => page.locator('.record-title .tree-path a').allTextContents()).toEqual(['Food', 'Dairy'])
  await page.goBack()
  await expect.poll(() => rows(page)).toEqual(['Food', 'Dairy', 'Cheese', 'Toys']) // as it was left
  await page.locator('tree-page tr[tabindex="0"]').focus()
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowLeft')
  await expect.poll(() => rows(page)).toEqual(['Food', 'Dairy', 'Toys'])

  await follow(page, `/records/product?filter=${encodeURIComponent(JSON.stringify({ category: { $below: food } }))}`)
  await seen(page, 'Gouda')
  expect(await page.getByText('Robot').count()).toBe(0)
  await expect.poll(() => page.locator('filter-bar .chip').first().textContent()).toContain(`${texts.en['operator.$below']} Food`)
  await follow(page, `/records/category/${String(food)}`)
  await page.getByRole('tab', { name: 'Products' }).click()
  await expect.poll(() => page.locator('related-list').textContent()).toContain('Gouda')
  expect(errors).toEqual([])
})

test('lines are entered like in a spreadsheet: keys, a pasted block, totals, and faults at their cells', async () => {
  const store = await created(stage.app, 'store', { number: '7', name: 'North' })
  const member = await created(stage.app, 'member', { name: 'Ada', store })
  await created(stage.app, 'product', { code: '31', name: 'Tea' })
  const { page, errors } = await signedIn(stage, await person(stage.app, 'teller', ['clerk'], { stores: [store] }), { language: 'zh', width: 1440, height: 900 })
  const values = { number: 'L-1', member, store, at: '2026-01-02T10:00:00Z', amount: 3 }
  await follow(page, `/records/purchase/new?values=${encodeURIComponent(JSON.stringify(values))}`)
  const editor = page.locator('lines-editor')
  const said = texts.zh
  const longName = 'Natural cheese exact weight chunks a b d 8 oz pack'
  await created(stage.app, 'product', { name: longName, code: 'LONG' })

  await editor.getByRole('button', { name: said['lines.add'] }).click()
  await editor.locator('td.here input').fill('Tea')
  await page.locator('vaadin-combo-box-item').filter({ hasText: 'Tea' }).first().click()
  await page.keyboard.press('Tab')
  await editor.locator('td.here input').fill('2')
  await page.keyboard.press('Tab')
  await editor.locator('td.here input').fill('1.25')
  await page.keyboard.press('Enter') // behind the last line a new one begins
  await expect.poll(() => editor.locator('tbody tr').count()).toBe(2)

  // A block as spreadsheets copy it: product, quantity, amount. One quantity is no number, one product has a long name.
  const block = ['Tea\t3\t2.50', 'Tea\tmany\t1.00', `${longName}\t1\t0.01`, ...Array.from({ length: 495 }, () => 'Tea\t1\t0.01')].join('\n')
  await editor.locator('tbody tr').nth(1).locator('td').nth(1).click()
  // Names are looked for at the engine: until it has answered, that is told.
  const held: (() => void)[] = []
  await page.route(/\/api\/records\/product\?/, (route) => void held.push(() => void route.continue()))
  await editor.locator('td.here input').first().evaluate((target, text) => {
    const data = new DataTransfer()
    data.setData('text/plain', text)
    target.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true, composed: true }))
  }, block)
  await seen(editor, said['lines.reading'].replace('{count}', '498'))
  for (const go of held) go()
  await page.unroute(/\/api\/records\/product\?/)
  await expect.poll(() => editor.locator('tbody tr').count()).toBe(499)
  await expect.poll(() => editor.locator('tfoot').textContent()).toContain('9.71')

  // What was not understood stays in its cell, goes with its line, and nothing is saved without it.
  const misread = editor.locator('td[aria-invalid=true]')
  expect(await misread.allTextContents()).toEqual(['many'])
  await page.locator('.save-bar vaadin-button[theme=primary]').click()
  await seen(page.locator('.save-bar'), said['record.invalid'].replace('{count}', '1'))
  await editor.getByRole('button', { name: said['lines.up'].replace('{row}', '3') }).click()
  await expect.poll(() => editor.locator('tbody tr').nth(1).locator('td[aria-invalid=true]').allTextContents()).toEqual(['many'])
  await editor.getByRole('button', { name: said['lines.down'].replace('{row}', '2') }).click()
  await expect.poll(() => editor.locator('tbody tr').nth(2).locator('td[aria-invalid=true]').allTextContents()).toEqual(['many'])
  await editor.getByRole('alert').getByRole('button').first().click()
  await editor.locator('td.here input').fill('-1')
  await page.keyboard.press('Escape')

  // What the engine refuses stands at its cell, in the reader's language.
  await page.locator('.save-bar vaadin-button[theme=primary]').click()
  await expect.poll(() => editor.getByRole('alert').textContent()).toContain('3')
  expect(await editor.getByRole('alert').textContent()).not.toMatch(/[a-z]{4}/)
  expect(await editor.locator('tbody tr').nth(2).locator('td[aria-invalid=true], td.wrong').count()).toBe(1)
  await editor.getByRole('alert').getByRole('button').first().click()
  await editor.locator('td.here input').fill('4')
  await page.locator('.save-bar vaadin-button[theme=primary]').click()
  await page.waitForURL(/purchase\/\d+$/)
  const made = await stage.app.admin.get(`${new URL(page.url()).pathname.replace('/records', '/api/records')}?expand=lines`)
  const { lines } = made.body as { lines: readonly { quantity: number }[] }
  expect([lines.length, lines[0]?.quantity, lines[1]?.quantity, lines[2]?.quantity]).toEqual([499, 2, 3, 4])
  expect(errors.filter((error) => !error.includes('422'))).toEqual([])
})

test('a reference tells records of one name apart, and makes one that is not there, by keys alone', async () => {
  const store = await created(stage.app, 'store', { number: '8', name: 'South', region: 'south' })
  await created(stage.app, 'member', { name: 'Eve Twin', store, tier: 'gold' })
  const second = await created(stage.app, 'member', { name: 'Eve Twin', store, tier: 'bronze' })
  const { page, errors } = await signedIn(stage, administrator, { language: 'en', width: 1440, height: 900 }, `/records/purchase/new?values=${encodeURIComponent(JSON.stringify({ number: 'R-1', store, at: '2026-01-02T10:00:00Z', amount: 3 }))}`)
  const field = page.locator('[data-key=member] input').first()
  await field.fill('Eve')
  await expect.poll(() => page.locator('vaadin-combo-box-item .choice small').allTextContents()).toEqual(expect.arrayContaining([expect.stringContaining('Gold'), expect.stringContaining('Bronze')]))
  await page.locator('vaadin-combo-box-item').filter({ hasText: 'Bronze' }).click()
  await expect.poll(() => page.locator('[data-key=member] a.open-reference').getAttribute('href')).toBe(`/records/member/${String(second)}`)

  await field.fill('Nora New')
  await page.locator('vaadin-combo-box-item .choice.new').filter({ hasText: 'Nora New' }).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: texts.en['record.new'].replace('{entity}', 'Member') })
  await dialog.waitFor()
  expect(await dialog.locator('[data-key=name] input').first().inputValue()).toBe('Nora New')
  expect(await accessibilityProblems(page)).toEqual([])
  await page.keyboard.press('Control+s')
  await dialog.waitFor({ state: 'detached' })
  await expect.poll(() => field.inputValue()).toBe('Nora New')
  await page.keyboard.press('Control+s')
  await page.waitForURL(/purchase\/\d+$/)
  const made = (await stage.app.admin.get(`${new URL(page.url()).pathname.replace('/records', '/api/records')}?fields=member.name`)).body
  expect(made).toMatchObject({ member: { name: 'Nora New' } })

  // Several records: each by a part of its name, until Ctrl+S.
  await created(stage.app, 'store', { number: '81', name: 'Southwest', region: 'south' })
  await follow(page, `/records/campaign/new?values=${encodeURIComponent(JSON.stringify({ code: 'R-2', name: 'Autumn', type: 'A', startsOn: '2026-09-01', endsOn: '2026-09-30' }))}`)
  const several = page.locator('[data-key=stores] input')
  // The list narrows a moment after the text, and what was looked for moves up: it is not pressed before.
  const choices = page.locator('vaadin-multi-select-combo-box-item .choice')
  for (const [name, found] of [['Southw', /^\s*Southwest/], ['South', /^\s*South(?!west)/]] as const) {
    await several.fill(name)
    await expect.poll(async () => (await choices.allTextContents()).every((text) => text.includes('South')) && (await choices.count()) > 0).toBe(true)
    await choices.filter({ hasText: found }).click()
  }
  await page.keyboard.press('Control+s')
  await page.waitForURL(/campaign\/\d+$/)
  const campaign = (await stage.app.admin.get(`${new URL(page.url()).pathname.replace('/records', '/api/records')}?expand=stores`)).body as { stores: readonly { name: string }[] }
  expect(campaign.stores.map(({ name }) => name).toSorted()).toEqual(['South', 'Southwest'])
  expect(errors).toEqual([])
})

test('a record is looked into beside the page, changed there, and a related one is added in place; the back button knows', async () => {
  const store = await created(stage.app, 'store', { number: '9', name: 'West' })
  await created(stage.app, 'member', { name: 'Ida Look', store })
  const { page, errors } = await signedIn(stage, await person(stage.app, 'looker', ['clerk'], { stores: [store] }), { language: 'en', width: 1440, height: 900 })
  await follow(page, '/records/member?q=Ida')
  await page.locator('record-list .row-link').first().click({ modifiers: ['Shift'] })
  const panel = page.locator('record-panel')
  await panel.locator('h2').filter({ hasText: 'Ida Look' }).waitFor()
  expect(new URL(page.url()).search).toBe('?q=Ida')
  expect(await accessibilityProblems(page)).toEqual([])
  await page.reload()
  await panel.locator('[data-key=city] input').fill('Uppsala')
  await page.keyboard.press('Escape') // what was typed is asked about
  await page.getByRole('button', { name: texts.en['record.leaveNo'] }).click()
  await panel.locator('[data-key=city] input').focus()
  await page.keyboard.press('Control+s')
  await panel.locator('footer').waitFor({ state: 'detached' })
  await page.keyboard.press('Escape')
  await panel.waitFor({ state: 'detached' })
  expect(page.url()).not.toContain('#')

  // From one record to the next beside the page, back, and into the whole record.
  await page.locator('record-list .row-link').first().focus()
  await page.keyboard.press('Shift+Enter')
  await panel.locator('[data-key=store] .peek').click()
  await panel.locator('h2').filter({ hasText: 'West' }).waitFor()
  await page.goBack()
  await panel.locator('h2').filter({ hasText: 'Ida Look' }).waitFor()
  await panel.locator('[data-key=store] .peek').click()
  await panel.locator('h2').filter({ hasText: 'West' }).waitFor()
  await panel.getByRole('link', { name: texts.en['peek.full'] }).click()
  await page.waitForURL(`**/records/store/${String(store)}`)

  const list = page.locator('record-page related-list').filter({ has: page.getByRole('link', { name: 'New Member' }) })
  await page.locator('record-page').getByRole('tab', { name: 'Members' }).click()
  await list.getByRole('link', { name: 'New Member' }).click()
  await list.getByRole('button', { name: texts.en['create'] }).click()
  await list.locator('[data-key=name] [invalid]').first().waitFor() // what is required is asked for
  await list.locator('[data-key=name] input').first().fill('Otto Added')
  await page.keyboard.press('Control+s')
  await list.locator('tbody').filter({ hasText: 'Otto Added' }).waitFor()
  expect(new URL(page.url()).pathname).toBe(`/records/store/${String(store)}`)
  expect(errors).toEqual([])
})
