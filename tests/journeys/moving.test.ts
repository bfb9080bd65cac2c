/** Records that go from one place to another: cards of a board, days of a calendar, bars of a timeline. */
import { expect, test } from 'vitest'

import { accessibilityProblems } from '../support/browser.js'
import { administrator, created, follow, input, seen, signedIn, stageFor, texts } from './support.js'

const stage = stageFor('file')

test('cards of a board are moved by keys and by mouse, taken back, and go back with the reason when the engine refuses', async () => {
  const { admin } = stage.app
  const id = await created(stage.app, 'member', { name: 'Ada', tier: 'silver' })
  await created(stage.app, 'member', { name: 'Bob', tier: 'gold' })
  const { page, errors } = await signedIn(stage, administrator, {}, '/records/member')
  const said = texts.en
  const lane = (name: string): ReturnType<typeof page.locator> => page.locator(`board-view section[aria-label="${name}"]`)
  const stored = async (): Promise<unknown> => ((await admin.get(`/api/records/member/${id}`)).body as { tier: string }).tier
  await page.getByRole('button', { name: said['board.asBoard'] }).click()
  await page.waitForURL(/board=/)
  await page.getByRole('combobox', { name: said['board.by'] }).selectOption({ label: 'Tier' })
  await seen(lane('Silver'), 'Ada')
  expect(await accessibilityProblems(page)).toEqual([])

  await lane('Silver').getByRole('link', { name: 'Ada' }).focus()
  for (const key of ['Space', 'ArrowRight', 'Space']) await page.keyboard.press(key)
  await seen(lane('Gold'), 'Ada')
  await page.locator('board-view [role=status]').getByText('Ada is in Gold now').waitFor({ state: 'attached' })
  await expect.poll(stored).toBe('gold')
  await expect.poll(() => lane('Gold').locator('.lane-count').innerText()).toBe('2')
  await page.getByRole('button', { name: said.undo }).click()
  await expect.poll(stored).toBe('silver')
  await seen(lane('Silver'), 'Ada')

  // Somebody else moves the card meanwhile: that stays, and the second is told.
  await page.route(`**/api/records/member/${id}`, async (route) => {
    await admin.patch(`/api/records/member/${id}`, { tier: 'bronze' })
    await route.continue()
  }, { times: 1 })
  await lane('Silver').locator('.card', { hasText: 'Ada' }).dragTo(lane('Gold').locator('ul'))
  await page.getByText('Ada stays in Silver', { exact: false }).first().waitFor({ state: 'attached' })
  await seen(lane('Bronze'), 'Ada')
  expect(await stored()).toBe('bronze')
  await lane('Bronze').locator('.card', { hasText: 'Ada' }).dragTo(lane('Gold').locator('ul'))
  await expect.poll(stored).toBe('gold')
  expect(errors.filter((error) => !error.includes('412'))).toEqual([])
})

test('records of a calendar are moved by keys, by mouse and by the menu, taken back, refused with the reason, and made on a day; bars of a timeline are moved, and drawn by their ends', async () => {
  const { admin } = stage.app
  const id = await created(stage.app, 'task', { title: 'Call Ada', due: '2026-07-14', priority: 'high' })
  for (const title of ['One', 'Two', 'Three', 'Four']) await created(stage.app, 'task', { title, due: '2026-07-16' })
  const { page, errors } = await signedIn(stage, administrator, {}, '/records/task?view=calendar&month=2026-07-14')
  const said = texts.en
  const calendar = page.locator('calendar-view')
  const on = (day: string): ReturnType<typeof page.locator> => calendar.locator(`[data-place="${day}"]`)
  const call = (day: string): ReturnType<typeof page.locator> => on(day).getByRole('link', { name: /^Call Ada/ })
  const stored = async (): Promise<unknown> => ((await admin.get(`/api/records/task/${id}`)).body as { due: string }).due
  await call('2026-07-14').focus()
  for (const key of ['Space', 'ArrowRight', 'ArrowDown', 'Space']) await page.keyboard.press(key)
  await expect.poll(stored).toBe('2026-07-22')
  await calendar.getByRole('status').filter({ hasText: 'Call Ada is on' }).waitFor({ state: 'attached' })
  await page.getByRole('button', { name: said.undo }).click()
  await expect.poll(stored).toBe('2026-07-14')
  await call('2026-07-14').waitFor()

  // Somebody else gives it another day meanwhile: that stays, and the second is told.
  await page.route(`**/api/records/task/${id}`, async (route) => {
    await admin.patch(`/api/records/task/${id}`, { due: '2026-07-08' })
    await route.continue()
  }, { times: 1 })
  await call('2026-07-14').dragTo(on('2026-07-15'))
  await calendar.getByRole('status').filter({ hasText: 'Call Ada stays on' }).waitFor({ state: 'attached' })
  await call('2026-07-08').dragTo(on('2026-07-15'))
  await expect.poll(stored).toBe('2026-07-15')

  await call('2026-07-15').focus()
  await on('2026-07-15').getByRole('button', { name: 'Move Call Ada to another day' }).click()
  await page.getByRole('dialog').getByRole('combobox', { name: said['calendar.day'] }).fill('2026-08-03')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').getByRole('button', { name: said['calendar.move'], exact: true }).click()
  await expect.poll(stored).toBe('2026-08-03')

  await on('2026-07-16').getByRole('button', { name: /^1 more on/ }).click()
  await calendar.getByRole('complementary').getByRole('link', { name: 'Four' }).waitFor()
  await calendar.getByRole('button', { name: said['calendar.next.month'] }).click()
  await call('2026-08-03').click()
  await page.waitForURL(`**/records/task/${id}`)
  await page.goBack()
  await call('2026-08-03').waitFor()
  expect(page.url()).toContain('month=2026-08-16')
  await on('2026-08-16').getByRole('link', { name: /^New Task/ }).click()
  await expect.poll(() => input(page, 'due').inputValue()).toBe('Aug 16, 2026')

  // The bars of a timeline: as a whole and by an end, by keys, by mouse and in the dialog; refused by a rule of the entity.
  const campaign = await created(stage.app, 'campaign', { code: 'T1', name: 'Summer', type: 'B', startsOn: '2026-07-13', endsOn: '2026-07-26' })
  await created(stage.app, 'campaign', { code: 'T2', name: 'Autumn', type: 'C', startsOn: '2026-09-01', endsOn: '2026-12-31' })
  const days = async (): Promise<string> => {
    const { startsOn, endsOn } = (await admin.get(`/api/records/campaign/${campaign}`)).body as { startsOn: string; endsOn: string }
    return `${startsOn} ${endsOn}`
  }
  await follow(page, '/records/campaign?view=timeline&week=2026-07-14')
  const timeline = page.locator('timeline-view')
  const bar = timeline.getByRole('list', { name: 'Type B' }).getByRole('link', { name: /^Summer/ })
  await bar.focus()
  for (const key of ['Space', 'ArrowRight', 'Shift+ArrowRight', 'Shift+ArrowRight', 'Space']) await page.keyboard.press(key)
  await expect.poll(days).toBe('2026-07-14 2026-07-29')
  await page.locator('vaadin-notification-card').filter({ hasText: 'Summer' }).getByRole('button', { name: said.undo }).click()
  await expect.poll(days).toBe('2026-07-13 2026-07-26')
  await bar.waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  // Notices lie over the bars.
  const notices = page.locator('vaadin-notification-card')
  await notices.getByRole('button', { name: said['close'] }).evaluateAll((all: HTMLElement[]) => all.forEach((one) => one.click()))
  await expect.poll(() => notices.count()).toBe(0)
  const grip = await timeline.locator(`[data-id="${campaign}"] .grip.last`).boundingBox()
  const week = (await timeline.locator('.columns span').first().boundingBox())?.width ?? 0
  await page.mouse.move((grip?.x ?? 0) + 4, (grip?.y ?? 0) + 10)
  await page.mouse.down()
  await page.mouse.move((grip?.x ?? 0) + 4 - week, (grip?.y ?? 0) + 10, { steps: 4 })
  await page.mouse.up()
  await expect.poll(days).toBe('2026-07-13 2026-07-19')
  await timeline.getByRole('button', { name: 'Change the days of Summer' }).focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Change the days of Summer' })
  await dialog.getByRole('combobox', { name: said['bars.last'] }).fill('2026-08-31')
  await page.keyboard.press('Enter')
  await dialog.getByRole('button', { name: said['bars.change'], exact: true }).click()
  await expect.poll(days).toBe('2026-07-13 2026-08-31')
  await bar.focus()
  // Twice in a row, before the first is answered: nobody meets their own change as a stranger's.
  for (const key of ['Space', 'Shift+ArrowRight', 'Space', 'Space', 'Shift+ArrowRight', 'Space']) await page.keyboard.press(key)
  await expect.poll(days).toBe('2026-07-13 2026-09-02')
  await page.keyboard.press('ArrowDown')
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '')).toMatch(/^Autumn/)
  await timeline.getByRole('button', { name: said['bars.quarter'], exact: true }).click()
  await page.waitForURL(/quarter=2026-07-14/)
  expect(errors.filter((error) => !error.includes('412'))).toEqual([])
})

test('a case goes through its life by the buttons above it, as a command, on the board and with others; what a step needs is asked, and what it refuses is said', async () => {
  const { admin } = stage.app
  const store = await created(stage.app, 'store', { number: '9', name: 'Harbour' })
  const id = await created(stage.app, 'case', { subject: 'Leaking machine', store })
  const other = await created(stage.app, 'case', { subject: 'Missing points', store, status: 'open' })
  const { page, errors } = await signedIn(stage, administrator, {}, `/records/case/${id}`)
  const said = texts.en
  const stored = async (of = id): Promise<unknown> => ((await admin.get(`/api/records/case/${of}`)).body as { status: string }).status
  const path = page.locator('lifecycle-path')
  const now = (state: string): Promise<void> => path.locator('[aria-current=step]').filter({ hasText: state }).waitFor()
  await now('New')
  await path.getByRole('button', { name: 'Take it on' }).click()
  await now('In progress')
  await path.getByRole('button', { name: 'Wait for the customer' }).click()
  await now('Waiting')
  await page.getByRole('button', { name: said.undo }).first().click()
  await now('In progress')
  expect(await accessibilityProblems(page)).toEqual([])

  // What is required is asked for, and stays when it is refused.
  await path.getByRole('button', { name: 'Solve' }).click()
  const dialog = page.locator('transition-dialog')
  await dialog.getByRole('button', { name: 'Solve' }).click()
  await dialog.getByText(said['refused.value.required']).first().waitFor()
  await dialog.getByRole('textbox', { name: 'Answer' }).fill('It is exchanged.')
  await dialog.getByRole('button', { name: 'Solve' }).click()
  await now('Solved')
  await expect.poll(stored).toBe('solved')
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: said['search.label'] }).fill('>close')
  await page.getByRole('option', { name: 'Close: Leaking machine' }).click()
  await now('Closed')

  // Without an answer a case that was brought in as solved is not closed, and the button tells why.
  const bare = await created(stage.app, 'case', { subject: 'Old case', store, status: 'solved' })
  await follow(page, `/records/case/${bare}`)
  await path.locator('.refused', { hasText: 'Close' }).click()
  await page.locator('why-dialog').getByText('Without an answer a case is not closed.').waitFor()
  await page.keyboard.press('Escape')

  await follow(page, '/records/case?view=board')
  const lane = (name: string): ReturnType<typeof page.locator> => page.locator(`board-view section[aria-label="${name}"]`)
  const card = lane('In progress').getByRole('link', { name: 'Missing points' })
  await card.focus()
  for (const key of ['Space', 'ArrowRight']) await page.keyboard.press(key)
  await expect.poll(() => lane('Closed').getAttribute('class')).toContain('unreachable')
  await page.keyboard.press('Space')
  await expect.poll(() => stored(other)).toBe('waiting')
  await lane('Waiting').locator('.card', { hasText: 'Missing points' }).dragTo(lane('Closed').locator('ul'))
  await lane('Waiting').locator('.card', { hasText: 'Missing points' }).dragTo(lane('Solved').locator('ul'))
  await dialog.getByRole('button', { name: said.cancel }).click()
  await seen(lane('Waiting'), 'Missing points')
  expect(await stored(other)).toBe('waiting')

  await follow(page, '/records/case?view=all')
  for (const subject of ['Missing points', 'Leaking machine']) await page.getByRole('checkbox', { name: `Select ${subject}` }).click()
  await page.getByRole('button', { name: said['lifecycle.bulk'], exact: true }).click()
  const many = page.locator('bulk-transition')
  await many.getByRole('combobox', { name: said['lifecycle.bulkWhat'] }).selectOption({ label: 'Go on → In progress' })
  await many.getByRole('button', { name: said['list.bulkLook'] }).click()
  await many.getByText(said['refused.transition.state']).waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await many.getByRole('button', { name: said['lifecycle.bulkDo.one'].replace('{count}', '1') }).click()
  await expect.poll(() => stored(other)).toBe('open')
  expect(errors.filter((error) => !error.includes('422') && !error.includes('409'))).toEqual([])
})

test('a day that does not exist makes no task without one, and takes none away', async () => {
  const { admin } = stage.app
  const said = texts.en
  const unread = said['check.unread.date'].replace('{text}', '31/31')
  const about = await created(stage.app, 'member', { name: 'Ada' })
  const { page } = await signedIn(stage, administrator, {}, `/records/member/${about}`)
  const tasks = async (): Promise<unknown> => ((await admin.get('/api/records/task?fields=title,due&q=Visit')).body as { records: readonly { title: string; due: string | null }[] }).records.map(({ title, due }) => `${title} ${String(due)}`).toSorted()
  const day = (place: ReturnType<typeof page.locator>): ReturnType<typeof page.locator> => place.locator('vaadin-date-picker input')
  const type = async (place: ReturnType<typeof page.locator>, text: string): Promise<void> => {
    await day(place).fill(text)
    await page.keyboard.press('Enter') // takes the day, and sends nothing yet
  }

  const composer = page.locator('timeline-composer')
  await composer.locator('.pill').nth(1).click()
  await composer.locator('vaadin-text-field input').fill('Visit her')
  await type(composer, '31/31')
  await seen(composer, unread)
  await composer.getByRole('button', { name: said['timeline.send'], exact: true }).click()
  await expect.poll(() => day(composer).evaluate((input) => input === document.activeElement)).toBe(true)
  await type(composer, '2099-12-31')
  await composer.locator('vaadin-text-field input').press('Enter')
  await seen(page.locator('.timeline'), 'Visit her')
  await expect.poll(tasks).toEqual(['Visit her 2099-12-31'])

  await follow(page, '/tasks')
  const line = page.locator('tasks-page li').filter({ hasText: 'Visit her' })
  await line.locator('[data-key=due]').click()
  await type(line, '31/31')
  await seen(line, unread)
  await line.locator('.task-editor > button').click()
  await line.locator('[data-key=due]').waitFor()
  expect(await tasks()).toEqual(['Visit her 2099-12-31'])
})
