/** An administrator draws how the work goes, with states and workflows, and follows what runs. */
import { afterAll, expect, onTestFinished, test, vi } from 'vitest'

import type { Json } from '../../metadata/contract/json.js'
import { markLate } from '../../engine/operations/notifications/limits.js'
import { beginRunning } from '../../engine/workflows/runner.js'
import { accessibilityProblems, type Locator, type Page } from '../support/browser.js'
import { signIn } from '../support/client.js'
import { startMailServer } from '../workflows/mail-server.js'
import { addStep, chosen, foundStep, placeOn, publish, takenFromRun } from './designing.js'
import { administrator, created, follow, person, phone, texts } from './support.js'
const mails = await startMailServer()
const place = placeOn('sqlite', { TESSERA_SMTP_URL: mails.url, TESSERA_MAIL_FROM: 'crm@example.com' })
afterAll(() => mails.close())

/** What happened before somebody listened begins nothing: the first look of the follower is waited for. */
async function listening(): Promise<void> {
  await expect.poll(() => place.app.engine.database.read.all("SELECT 1 AS found FROM tessera_meta WHERE name = 'workflows position'", [])).toHaveLength(1)
}

/** Clicks one of those that are offered for what is typed. */
async function picked(within: Locator, label: string, option: string): Promise<void> {
  await within.getByRole('combobox', { name: label, exact: true }).fill(option)
  await within.page().getByRole('option', { name: option }).click()
}

/** Adds a comparison to what the record must meet for a workflow to begin. */
async function onlyIf(page: Page, field: string, value: (form: Locator) => Promise<void>): Promise<void> {
  await page.locator('begin-panel #filter-add').click()
  const form = page.locator('.filter-form')
  await chosen(form, 'Field', field)
  await value(form)
  await form.getByRole('button', { name: 'Apply' }).click()
  await form.waitFor({ state: 'hidden' })
}

test('a welcome journey is begun from a sentence, drawn by mouse and keyboard, tried out both ways, published, gone through by members, followed, moved and ended', async () => {
  await created(place.app, 'purchase', { number: 'W-1', member: await created(place.app, 'member', { name: 'Bea' }), at: '2026-01-02T10:00:00Z', amount: 5 })
  const { page, errors } = await place.open('/studio/processes')
  await page.getByRole('button', { name: 'New workflow' }).click()
  const start = page.getByRole('dialog', { name: 'New workflow' })
  await start.getByLabel('Name', { exact: true }).fill('Greet')
  await chosen(start, 'Which records?', 'Member')
  await chosen(start, 'Acts with the rights of', 'Administrator')
  expect(await accessibilityProblems(page)).toEqual([])
  await start.getByRole('button', { name: 'Create workflow' }).click()
  const drawing = page.locator('workflow-drawing')
  const panel = page.locator('step-panel')
  const card = (text: string): Locator => drawing.locator('[data-card]').filter({ hasText: text })
  await drawing.getByRole('button', { name: 'Add a step here' }).click()
  await foundStep(page, 'message')
  await mail('Welcome, {name}', 'Dear {name}, we are glad to have you.')
  await chosen(panel, 'Only with this consent', 'News by e-mail')
  await addStep(card('Send a message'), 'wait')
  await panel.getByLabel('Days').fill('3')
  const cards = drawing.locator('[data-card] strong')
  const [begun, welcome] = ['When a record is created: Member', 'Send a message: “Welcome, {name}”']
  await expect.poll(() => cards.allTextContents()).toEqual([begun, welcome, 'Wait 3 days'])
  await card('Wait 3 days').focus()
  await page.keyboard.press('Alt+ArrowUp')
  await expect.poll(() => cards.allTextContents()).toEqual([begun, 'Wait 3 days', welcome])
  await page.keyboard.press('ControlOrMeta+z')
  await expect.poll(() => cards.allTextContents()).toEqual([begun, welcome, 'Wait 3 days'])

  await addStep(card('Wait 3 days'), 'find rec')
  await chosen(panel, 'Which records', 'Purchase')
  await panel.getByLabel('Add a condition').selectOption({ label: 'Member' })
  await takenFromRun(panel, 'Member', 'the Member')
  await addStep(card('Find Purchases'), 'decide')
  await panel.locator('.case-row').first().getByRole('button', { name: 'Add a condition' }).click()
  await drawing.getByText('If no Purchases were found').waitFor()
  await drawing.locator('.lane').filter({ hasText: 'If no Purchases' }).getByRole('button', { name: 'Add a step here' }).click()
  await foundStep(page, 'task')
  await panel.getByRole('textbox', { name: 'What is to be done' }).fill('Call the new member')
  await drawing.locator('.lane').filter({ hasText: 'Otherwise' }).getByRole('button', { name: 'Add a step here' }).click()
  await foundStep(page, 'message')
  await mail('Thank you, {name}', 'Dear {name}, thank you for coming.')
  // In Chinese, too; and a second receiver, who is taken out again.
  await panel.getByRole('button', { name: 'In several languages' }).first().click()
  await panel.getByRole('textbox', { name: 'Subject · 中文' }).fill('谢谢您，{name}')
  await panel.getByRole('button', { name: 'Another one' }).click()
  await panel.getByRole('button', { name: 'Remove To 2' }).click()
  const kept = async (): Promise<string> => JSON.stringify((await (await page.request.get(`${place.app.url}/api/definitions/draft`)).json() as { documents: Record<string, unknown> }).documents)
  await expect.poll(kept).toContain('{"en":"Thank you, {name}","zh":"谢谢您，{name}"}')
  expect(await accessibilityProblems(page)).toEqual([])
  await publish(page, 'Greetings', 'Version 2 is live')

  await page.getByRole('link', { name: 'Try it' }).click()
  const effects = page.locator('.try-effects li > button')
  for (const [name, does] of [['Ada', 'Create a task: “Call the new member”'], ['Bea', 'Send a message: “Thank you, {name}”']] as const) {
    await picked(page.locator('try-page'), 'Member', name)
    await page.getByRole('button', { name: name === 'Ada' ? 'Try it' : 'From the beginning' }).click()
    await expect.poll(() => effects.allTextContents()).toEqual([welcome])
    await page.getByRole('button', { name: 'Jump 3 days' }).click()
    await expect.poll(() => effects.allTextContents()).toEqual([welcome, does])
    await page.getByLabel('Name of the test').fill(`as for ${name}`)
    await page.getByRole('button', { name: 'Keep as a test' }).click()
  }
  await page.getByRole('button', { name: 'Play “as for Ada”' }).click()
  await expect.poll(() => effects.allTextContents()).toEqual([welcome, 'Create a task: “Call the new member”'])
  expect(await accessibilityProblems(page)).toEqual([])
  await publish(page, 'Tested', 'Version 3 is live')

  const stop = beginRunning(place.app.engine, { pollMilliseconds: 50 })
  await listening()
  const agreed = { state: 'granted', at: '2026-01-02T10:00:00Z' }
  for (const name of ['Cleo', 'Dan', 'Eve']) {
    const member = await created(place.app, 'member', { name, email: `${name.toLowerCase()}@example.com`, emailConsent: agreed })
    if (name === 'Dan') await created(place.app, 'purchase', { number: 'W-2', member, at: '2026-01-02T10:00:00Z', amount: 5 })
  }
  const runs = async (status: string): Promise<unknown[]> => ((await place.app.admin.get(`/api/workflows/runs?workflow=greet&status=${status}`)).body as { runs: unknown[] }).runs
  await expect.poll(async () => (await runs('waiting')).length).toBe(3)
  expect(['Cleo', 'Dan', 'Eve'].filter((name) => mails.mails.some((one) => one.includes(`Dear ${name}, we are glad`)))).toEqual(['Cleo', 'Dan', 'Eve'])
  await page.goto(`${place.app.url}/studio/processes/runs?workflow=greet`)
  await page.locator('.run-main').first().click() // Eve's: the newest comes first
  await expect.poll(() => page.locator('[data-status="completed"] [data-card] strong').allTextContents()).toEqual([welcome])
  expect(await accessibilityProblems(page)).toEqual([])
  await page.getByRole('button', { name: 'Cancel the run' }).click()
  const cancel = page.getByRole('dialog', { name: 'Cancel the run' })
  await cancel.getByLabel('Why', { exact: true }).fill('Only a test')
  await cancel.getByRole('button', { name: 'Cancel the run' }).click()
  await expect.poll(() => page.locator('.studio-head .run-state').textContent()).toBe('Cancelled')

  // Those who wait go on by a version in which that step has another name.
  const definition = ((await place.app.admin.get('/api/workflows/greet')).body as { definition: { do: object[] } }).definition
  const steps = definition.do.map((step) => ('wait' in step ? { nap: step.wait } : step)) as unknown as Json
  await place.app.admin.patch('/api/definitions/draft', [{ op: 'replace', path: '/workflows~1greet.json/do', value: steps }, { op: 'remove', path: '/workflows~1greet.json/document/metadata/tests' }])
  expect(await place.app.admin.post('/api/definitions/publish', {})).toMatchObject({ status: 201 })
  await page.goto(`${place.app.url}/studio/processes/runs?workflow=greet`)
  await page.locator('.run-main').last().click()
  await page.getByRole('button', { name: 'Move to the new version' }).click()
  const move = page.getByRole('dialog', { name: 'Move to the new version' })
  await expect.poll(() => move.getByRole('status').textContent()).toContain('0 of 1')
  await move.getByLabel('All runs of this workflow that are under way').check()
  await expect.poll(() => move.getByRole('status').textContent()).toContain('0 of 2')
  await move.getByLabel('Goes on at').selectOption({ index: 2 })
  await expect.poll(() => move.getByRole('status').textContent()).toContain('2 of 2')
  expect(await accessibilityProblems(page)).toEqual([])
  await move.getByLabel('Why', { exact: true }).fill('Nobody waits any more')
  await move.getByRole('button', { name: 'Move', exact: true }).click()
  await page.getByRole('button', { name: 'Move to the new version' }).waitFor({ state: 'detached' })
  // Three days later, by the clock of the machine; by then who looks at the runs would be signed out.
  await page.close()
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3 * 86_400_000 })
  onTestFinished(() => void vi.useRealTimers())
  const admin = await signIn(place.app.url, administrator.email, administrator.password)
  await expect.poll(async () => ((await admin.get('/api/workflows/runs?workflow=greet&status=completed')).body as { runs: unknown[] }).runs.length).toBe(2)
  expect(((await admin.get('/api/records/task?fields=title,about')).body as { records: unknown[] }).records).toMatchObject([{ title: 'Call the new member' }])
  expect(mails.mails.filter((one) => one.includes('thank you for coming')).map((one) => /Dear (\w+)/.exec(one)?.[1])).toEqual(['Dan'])
  await stop()
  expect(errors).toEqual([])

  async function mail(subject: string, text: string): Promise<void> {
    await takenFromRun(panel, 'To', 'E-mail')
    await panel.getByRole('textbox', { name: 'Subject' }).fill(subject)
    await panel.getByRole('textbox', { name: 'Text' }).fill(text)
    await takenFromRun(panel, '{name}', 'Name')
  }
})

test('a state is added to a lifecycle in one step, with the step that leads to it and a time limit in hours of service; who stays in it too long is told to the managers', async () => {
  const { page, errors } = await place.open('/studio/processes/lifecycles/case?state=open')
  await page.getByLabel('Name of the new state').fill('Sent back')
  await page.keyboard.press('Enter')
  const outline = page.getByRole('list', { name: 'Outline' })
  await outline.getByRole('button', { name: 'Sent back final' }).waitFor()
  await outline.getByRole('button', { name: 'Sent back', exact: true }).click()
  await page.getByLabel('What stands on the button').fill('Send back')
  await expect.poll(() => page.locator('.save-state').textContent()).toBe('Saved in your draft')
  await outline.getByRole('button', { name: 'Sent back final' }).click()
  const limits = page.locator('state-panel')
  await limits.getByLabel('Hours').fill('4')
  await chosen(limits, 'Counted in the hours of', 'Service hours')
  await outline.getByRole('button', { name: 'Sent back final within 4 hours' }).waitFor()
  await expect.poll(() => limits.getByRole('combobox', { name: 'Who is reminded' }).inputValue()).toBe('Assignee')
  expect(await accessibilityProblems(page)).toEqual([])
  await page.getByRole('button', { name: 'Picture' }).click()
  await page.getByRole('button', { name: 'Send back: from In progress to Sent back' }).waitFor()
  expect(await accessibilityProblems(page)).toEqual([])

  await follow(page, '/studio/processes')
  await page.getByRole('button', { name: 'New workflow' }).click()
  const start = page.getByRole('dialog', { name: 'New workflow' })
  await start.getByRole('radio', { name: /^When a record changes/ }).check({ force: true })
  await start.getByLabel('Name', { exact: true }).fill('Sent back for long')
  await chosen(start, 'Which records?', 'Case')
  await chosen(start, 'Which field?', 'Late')
  await chosen(start, 'Acts with the rights of', 'Administrator')
  await start.getByRole('button', { name: 'Create workflow' }).click()
  const drawing = page.locator('workflow-drawing')
  await drawing.getByRole('button', { name: /^Begins/ }).click()
  // Also with new records, as the next thing that is likely meant; it is taken out again.
  await page.getByRole('button', { name: 'Or when something else happens' }).click()
  await drawing.getByRole('button', { name: 'Begins When Late changes: Case, or: When a record is created: Case' }).waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await page.getByRole('button', { name: 'Take out beginning 2' }).click()
  await drawing.getByRole('button', { name: 'Begins When Late changes: Case', exact: true }).waitFor()
  await onlyIf(page, 'Late', async (form) => picked(form, 'Value', 'Yes'))
  await onlyIf(page, 'Status', async (form) => {
    const box = form.getByRole('combobox', { name: 'Value', exact: true })
    await box.click()
    await page.getByRole('option', { name: 'Sent back' }).click()
    await form.locator('vaadin-multi-select-combo-box-chip').filter({ hasText: 'Sent back' }).waitFor()
    await page.keyboard.press('Tab') // the list closes
  })
  await addStep(drawing.locator('[data-card]').filter({ hasText: 'Begins' }), 'tell som')
  const panel = page.locator('step-panel')
  await chosen(panel, 'Or everybody with the role', 'Manager')
  await panel.getByRole('textbox', { name: 'What', exact: true }).fill('Sent back, and nobody cares')
  await drawing.getByText('Tell Manager: “Sent back, and nobody cares”').waitFor()
  expect(await accessibilityProblems(page)).toEqual([])
  await publish(page, 'Back', 'Version 2 is live')

  const { app } = place
  const stop = beginRunning(app.engine, { pollMilliseconds: 50 })
  await listening()
  const lead = await app.as(['manager'])
  const id = await created(place.app, 'case', { subject: 'Late parcel', store: await created(place.app, 'store', { number: '9', name: 'Lakeside' }), status: 'open' })
  const back = await app.admin.post(`/api/records/case/${String(id)}/transitions/toSentBack`, {})
  expect(back.body).toMatchObject({ status: 'sentBack', late: false })
  await markLate(app.engine, new Date(Date.parse((back.body as { answerBy: string }).answerBy) - 1_000))
  expect((await app.admin.get(`/api/records/case/${String(id)}`)).body).toMatchObject({ late: false })
  await markLate(app.engine, new Date(Date.parse((back.body as { answerBy: string }).answerBy)))
  await expect.poll(async () => (await lead.get('/api/notifications')).body).toMatchObject({ items: [{ text: 'Sent back, and nobody cares' }] })
  await stop()
  expect(errors).toEqual([])
})

test('a button that asks is designed, and pressed on a record and for ticked ones; who stands in for an approver decides on a telephone, and the run does what was typed; a nightly job that fails is repaired', async () => {
  const { app } = place
  const store = await created(app, 'store', { number: '1', name: 'North' })
  await app.admin.patch(`/api/records/member/${String(place.id)}`, { store })
  const [clerk, boss, deputy] = [await person(app, 'Clerk', ['clerk'], { stores: [store] }), await person(app, 'Boss', ['manager']), await person(app, 'Deputy', ['manager'])]
  const { page, errors } = await place.open('/studio/processes')
  await page.getByRole('button', { name: 'New workflow' }).click()
  const start = page.getByRole('dialog', { name: 'New workflow' })
  await start.getByRole('radio', { name: /^By hand on a record/ }).check({ force: true })
  await start.getByLabel('Name', { exact: true }).fill('Send a gift')
  await chosen(start, 'Which records?', 'Member')
  await chosen(start, 'May be started by', 'Store clerk')
  await start.getByRole('button', { name: 'Create workflow' }).click()
  const drawing = page.locator('workflow-drawing')
  await drawing.getByRole('button', { name: /^Begins/ }).click()
  for (const [type, title, chinese] of [['Whole number', 'Points', '积分'], ['Text', 'Reason', '原因']] as const) {
    await page.getByRole('button', { name: 'Add question' }).click()
    const dialog = page.getByRole('dialog', { name: 'Add a question' })
    await dialog.getByRole('radio', { name: new RegExp(`^${type}`) }).check({ force: true })
    await dialog.getByLabel('Title', { exact: true }).fill(title)
    await dialog.getByLabel('Title in 中文').fill(chinese)
    await dialog.getByLabel('Must be filled in').check()
    await dialog.getByRole('button', { name: 'Add question' }).click()
    await dialog.waitFor({ state: 'detached' })
  }
  expect(await accessibilityProblems(page)).toEqual([])

  await drawing.getByRole('button', { name: 'Add a step here' }).click()
  await page.keyboard.type('approv')
  await page.keyboard.press('Enter')
  await drawing.getByText('Still to be said: “What is asked” and “Who decides”').waitFor()
  await page.getByRole('textbox', { name: 'What is asked' }).fill('A gift')
  await chosen(page.locator('step-panel'), 'Everybody with the role', 'Manager')
  await page.locator('step-panel').getByLabel('Days').fill('2')
  await drawing.locator('[data-card]').filter({ hasText: 'Ask everybody with the role Manager to decide: “A gift”' }).focus()
  await page.keyboard.press('+')
  await page.keyboard.type('task')
  await page.keyboard.press('Enter')
  await page.getByLabel('How “What is to be done” is given').selectOption('known')
  await page.locator('step-panel value-editor').first().locator('.plain-select').selectOption({ label: 'Reason' })
  await drawing.locator('[data-card]').filter({ hasText: 'Create a task: Reason of the form' }).waitFor()
  await publish(page, 'Gifts', 'Version 2 is live')

  const stop = beginRunning(app.engine, { pollMilliseconds: 50 })
  const said = texts.zh
  const inputs = async (): Promise<unknown> => {
    const { runs } = (await app.admin.get('/api/workflows/runs?workflow=send-a-gift')).body as { runs: readonly { readonly id: string }[] }
    return Promise.all(runs.map(async ({ id }) => ((await app.admin.get(`/api/workflows/runs/${id}`)).body as { input: unknown }).input))
  }
  const { page: shop } = await place.openAs(clerk, phone, `/records/member/${String(place.id)}`)
  await shop.getByRole('button', { name: 'Send a gift' }).getByText('Send a gift').click() // words, not an icon alone
  const ask = shop.locator('action-dialog')
  // What is no number is told, and nothing begins with an empty one in its place.
  await ask.getByLabel('原因').fill('生日')
  await ask.getByLabel('积分').pressSequentially('1e')
  await ask.getByRole('button', { name: said['action.start'] }).click()
  await ask.locator('[invalid]').getByText(said['check.unread.number'].replace('{text}', '1e')).waitFor()
  await ask.getByLabel('原因').fill('')
  await ask.getByLabel('积分').fill('500')
  await ask.getByRole('button', { name: said['action.start'] }).click()
  await ask.locator('[invalid]').getByText(said['check.required']).waitFor() // at the reason, in the reader's words
  expect(await ask.getByLabel('积分').inputValue()).toBe('500')
  expect(await accessibilityProblems(shop)).toEqual([])
  await ask.getByLabel('原因').fill('生日')
  await ask.getByRole('button', { name: said['action.start'] }).click()
  await ask.waitFor({ state: 'detached' })
  await expect.poll(inputs).toEqual([expect.objectContaining({ entity: 'member', id: place.id, points: 500, reason: '生日' })])
  const { page: counter } = await place.openAs(clerk, {}, '/records/member')
  await counter.getByRole('checkbox', { name: 'Select Ada' }).click()
  await counter.getByRole('button', { name: 'Send a gift' }).click()
  await counter.locator('action-dialog').getByLabel('Points').fill('10')
  await counter.locator('action-dialog').getByLabel('Reason').fill('周年')
  await counter.locator('action-dialog').getByRole('button', { name: 'Start' }).click()
  await expect.poll(inputs).toEqual([expect.objectContaining({ id: place.id, points: 10, reason: '周年' }), expect.anything()])

  const absent = await signIn(app.url, boss.email, boss.password)
  const { id: standIn } = (await (await signIn(app.url, deputy.email, deputy.password)).get('/api/session')).body as { id: number }
  expect(await absent.request('PUT', '/api/approvals/absence', { body: { delegate: standIn, until: new Date(Date.now() + 86_400_000).toISOString() } })).toMatchObject({ status: 200 })
  const { page: bus } = await place.openAs(deputy, phone, '/tasks')
  await bus.getByText(said['tasks.toDecide'].replace('{count}', '2')).waitFor() // though there is no task
  const card = bus.locator('approval-card').last()
  await card.getByText(said['approval.for'].replace('{names}', 'Boss')).waitFor()
  expect(await card.locator('.approval-due').textContent()).toContain(said['approval.until'].split('{')[0])
  expect(await accessibilityProblems(bus)).toEqual([])
  await card.getByRole('button', { name: said['approval.approve'] }).click()
  await expect.poll(async () => ((await app.admin.get('/api/records/task?fields=title')).body as { records: unknown[] }).records).toMatchObject([{ title: '生日' }])

  // A discount above 20 % is asked for: drawn, tried with both answers, and decided on the telephone.
  await follow(page, '/studio/processes')
  await page.getByRole('button', { name: 'New workflow' }).click()
  await start.getByRole('radio', { name: /^When a record changes/ }).check({ force: true })
  await start.getByLabel('Name', { exact: true }).fill('Much discount')
  await chosen(start, 'Which records?', 'Campaign')
  await chosen(start, 'Which field?', 'Discount')
  await chosen(start, 'Acts with the rights of', 'Administrator')
  await start.getByRole('button', { name: 'Create workflow' }).click()
  await drawing.getByRole('button', { name: /^Begins/ }).click()
  await onlyIf(page, 'Discount', async (form) => {
    await form.locator('.test-comparison').click()
    await page.getByRole('option', { name: 'is more than' }).click()
    await form.getByLabel('Value').fill('20')
  })
  await page.locator('begin-panel .build').click() // what chips cannot say
  await page.getByRole('dialog', { name: 'Only if the record meets' }).getByRole('button', { name: 'Related records' }).waitFor()
  await page.keyboard.press('Escape')
  const cardOf = (text: string): Locator => drawing.locator('[data-card]').filter({ hasText: text })
  await addStep(cardOf('Begins'), 'approv')
  const panel = page.locator('step-panel')
  await panel.getByRole('textbox', { name: 'What is asked' }).fill('More than 20 %')
  await chosen(panel, 'Everybody with the role', 'Manager')
  await addStep(cardOf('to decide: “More than 20 %”'), 'decide')
  await panel.locator('.case-row').first().getByRole('button', { name: 'Add a condition' }).click()
  await picked(panel.locator('.case-row').first(), 'Value', 'Yes')
  for (const [lane, outcome] of [['If Approved is Yes', 'Approved'], ['Otherwise', 'Rejected']] as const) {
    await drawing.locator('.lane').filter({ hasText: lane }).getByRole('button', { name: 'Add a step here' }).click()
    await foundStep(page, 'change a rec')
    await panel.getByLabel('Add a field').selectOption({ label: 'Approval of the discount' })
    await picked(panel, 'Approval of the discount', outcome)
    await cardOf(`Change the Campaign: Approval of the discount: ${outcome}`).waitFor()
  }
  expect(await accessibilityProblems(page)).toEqual([])
  const [small, campaign] = [await created(app, 'campaign', { code: 'C0', name: 'Small', startsOn: '2026-09-01', endsOn: '2026-09-30', discount: 10 }), await created(app, 'campaign', { code: 'C1', name: 'Autumn', startsOn: '2026-09-01', endsOn: '2026-09-30', discount: 10 })]
  await page.getByRole('link', { name: 'Try it' }).click()
  await picked(page.locator('try-page'), 'Campaign', 'Autumn')
  for (const [begin, answer, outcome] of [['Try it', 'Approve', 'Approved'], ['From the beginning', 'Reject', 'Rejected']] as const) {
    await page.getByRole('button', { name: begin }).click()
    await page.getByRole('group', { name: 'What would they decide?' }).getByRole('button', { name: answer }).click()
    await expect.poll(() => page.locator('.try-effects li > button').allTextContents()).toEqual(['Ask everybody with the role Manager to decide: “More than 20 %”', `Change the Campaign: Approval of the discount: ${outcome}`])
    await page.getByLabel('Name of the test').fill(outcome)
    await page.getByRole('button', { name: 'Keep as a test' }).click()
  }
  await publish(page, 'Discounts', 'Version 3 is live')
  for (const [id, discount] of [[small, 20], [campaign, 25]] as const) expect(await app.admin.patch(`/api/records/campaign/${String(id)}`, { discount })).toMatchObject({ status: 200 })
  const asked = bus.locator('approval-card').filter({ hasText: 'More than 20 %' })
  await asked.getByRole('button', { name: said['approval.approve'] }).click()
  await expect.poll(async () => ((await app.admin.get('/api/workflows/runs?workflow=much-discount')).body as { runs: unknown[] }).runs).toMatchObject([{ status: 'completed' }])
  expect((await app.admin.get(`/api/records/campaign/${String(campaign)}`)).body).toMatchObject({ discountApproval: 'approved' })

  // A nightly job that fails is repaired where it stands.
  await follow(page, '/studio/processes')
  await page.getByRole('button', { name: 'New workflow' }).click()
  await start.getByRole('radio', { name: /^Every night/ }).check({ force: true })
  await start.getByLabel('Name', { exact: true }).fill('Look around')
  await chosen(start, 'Acts with the rights of', 'Administrator')
  await start.getByRole('button', { name: 'Create workflow' }).click()
  await drawing.locator('[data-card]').filter({ hasText: 'Every night at' }).focus()
  await page.keyboard.press('+')
  await page.keyboard.type('task')
  await page.keyboard.press('Enter')
  await page.getByRole('textbox', { name: 'What is to be done' }).fill('Look in the morning')
  await page.getByLabel('How “Who” is given').selectOption('formula')
  await page.getByRole('textbox', { name: 'Who', exact: true }).fill('999999')
  await publish(page, 'Nights', 'Version 4 is live')
  const { id: night } = (await app.admin.post('/api/workflows/look-around/runs', {})).body as { id: string }
  await follow(page, '/studio/processes/runs')
  await page.locator('.run-row .wrong').filter({ hasText: /Step: Create a task .*“Look in the morning”/ }).waitFor()
  await follow(page, `/studio/processes/runs/${night}`)
  await page.getByRole('button', { name: 'Skip the step' }).click()
  const skip = page.getByRole('dialog', { name: 'Skip the step' })
  await skip.getByLabel('Why', { exact: true }).fill('It may go on')
  await skip.getByRole('button', { name: 'Skip the step' }).click()
  await expect.poll(() => page.locator('.studio-head .run-state').textContent()).toBe('Done')
  expect(await accessibilityProblems(page)).toEqual([])
  await stop()
  expect(errors).toEqual([])
}, 240_000)
