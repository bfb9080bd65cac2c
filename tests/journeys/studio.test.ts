/** An administrator changes the system by hand while a colleague works in it; nobody loses anything. */
import { readFile } from 'node:fs/promises'
import { beforeEach, describe, expect, test } from 'vitest'

import type { Json } from '../../metadata/contract/json.js'
import { beginRunning } from '../../engine/workflows/runner.js'
import type { App } from '../support/app.js'
import { accessibilityProblems, type Page } from '../support/browser.js'
import { databaseKinds, type DatabaseKind } from '../support/databases.js'
import { addField, chosen, goBack, publish } from './designing.js'
import { administrator, created, follow, seen, signedIn, stageFor, type Window } from './support.js'

const member = '/studio/entities/member'

interface Place {
  readonly app: App
  /** Ada's. */
  readonly id: number
  /** A window of the administrator at a path. */
  open(path: string): Promise<Window>
  /** Ada as the API tells her. */
  record(): Promise<Record<string, unknown>>
}

/** The product with two members, anew for each test. Call it where hooks are declared. */
function placeOn(database: DatabaseKind): Place {
  const stage = stageFor('test', { database })
  let id = 0
  beforeEach(async () => {
    id = await created(stage.app, 'member', { name: 'Ada', postalCode: '10 A' })
    await created(stage.app, 'member', { name: 'Bob', postalCode: '20095' })
  })
  return {
    get app() { return stage.app },
    get id() { return id },
    open: (path) => signedIn(stage, administrator, {}, path),
    record: async () => (await stage.app.admin.get(`/api/records/member/${String(id)}`)).body as Record<string, unknown>,
  }
}

// One story is told on the other kind of database, PostgreSQL where both are tested; what a publish does on each is promised over HTTP.
describe('the studio elsewhere', () => {
  const place = placeOn(databaseKinds.at(-1) ?? 'sqlite')

  test('a field is added, published, filled in, filtered by, renamed; going back and forth loses nothing', async () => {
    const colleague = await place.open(`/records/member/${String(place.id)}`)
    await colleague.page.getByLabel('Name', { exact: true }).fill('Ada Lovelace')

    const { page, errors } = await place.open('/studio/diagram')
    await page.locator('diagram-picture').getByRole('link', { name: 'Members', exact: true }).click()
    await addField(page, 'Whole number', 'Shoe size')
    await expect.poll(() => page.locator('.save-state').textContent()).toBe('Saved in your draft')
    expect(await accessibilityProblems(page)).toEqual([])
    await publish(page, 'Shoe sizes', 'Version 2 is live')

    // The colleague's form gets the field; what was typed is still there and is saved with it.
    await colleague.page.getByLabel('Shoe size').fill('38')
    expect(await colleague.page.getByLabel('Name', { exact: true }).inputValue()).toBe('Ada Lovelace')
    await colleague.page.keyboard.press('Tab')
    await colleague.page.getByRole('button', { name: 'Save', exact: true }).click()
    await expect.poll(place.record).toMatchObject({ name: 'Ada Lovelace', shoeSize: 38 })

    await follow(page, '/records/member')
    await page.getByRole('button', { name: 'Filter', exact: true }).click()
    await page.getByRole('combobox', { name: 'Field' }).fill('Shoe size')
    await page.keyboard.press('Enter')
    await page.getByLabel('Value').fill('38')
    await page.getByRole('button', { name: 'Apply' }).click()
    await expect.poll(() => page.getByRole('status').first().textContent()).toBe('1 record')

    await page.goto(`${place.app.url + member}?field=shoeSize`)
    await page.getByLabel('API name').fill('footSize')
    await page.keyboard.press('Enter')
    await page.waitForURL('**?field=footSize')
    await publish(page, 'Feet', 'Version 3 is live')
    expect(await place.record()).toMatchObject({ footSize: 38 })

    await goBack(page, 1, 'Version 4 is live')
    expect(Object.keys(await place.record())).not.toContain('footSize')
    expect(await place.record()).toMatchObject({ name: 'Ada Lovelace' })
    await goBack(page, 3, 'Version 5 is live')
    expect(await place.record()).toMatchObject({ name: 'Ada Lovelace', footSize: 38 })
    expect([...errors, ...colleague.errors]).toEqual([])
  })
})

describe('the studio', () => {
  const place = placeOn('sqlite')

  test('from the overview to a text that was changed after its translation, out of it as files, and back to how the pack has it', async () => {
    const { page, errors } = await place.open(`${member}?field=city`)
    await page.getByLabel('Title', { exact: true }).fill('Town')
    await expect.poll(() => page.locator('.save-state').textContent()).toBe('Saved in your draft')
    await page.locator('used-by summary').click()
    await expect.poll(() => page.locator('used-by .use-list').textContent()).toContain('Form of Member')

    await follow(page, '/studio/overview')
    await page.locator('.studio-bar').getByRole('button', { name: 'Help', exact: true }).click()
    await page.locator('help-panel').getByRole('link', { name: 'Read more', exact: true }).click()
    await page.locator('doc-reader').getByRole('heading', { name: 'Find your way', exact: true }).waitFor()
    await follow(page, '/studio/overview')
    expect(await page.getByRole('region', { name: 'Entities' }).getByRole('link', { name: 'Member', exact: true }).getAttribute('href')).toBe(member)
    expect(await accessibilityProblems(page)).toEqual([])
    await page.getByRole('searchbox', { name: 'Find anything' }).fill('城市')
    await page.getByRole('region', { name: 'What was found' }).getByRole('link', { name: 'Member · Town' }).waitFor()

    await follow(page, '/studio/texts?language=zh')
    await page.getByRole('button', { name: 'To be checked 1' }).click()
    const translation = page.getByRole('textbox', { name: 'Translation of “Town”' })
    expect(await translation.inputValue()).toBe('城市')
    expect(await accessibilityProblems(page)).toEqual([])
    await translation.fill('城镇')
    await page.getByRole('button', { name: 'To be checked 0' }).waitFor()

    await follow(page, '/studio/layers')
    await page.getByRole('region', { name: 'texts/zh.json' }).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download the studio' }).click()])
    const archive = await file.path()
    for (const path of ['member/entity.json', 'texts/zh.json']) await page.getByRole('region', { name: path }).getByRole('button', { name: 'Reset the whole definition' }).click()
    await page.getByRole('heading', { name: 'No difference' }).waitFor()
    await page.locator('input[type=file][accept=".zip"]').setInputFiles({ name: 'studio.zip', mimeType: 'application/zip', buffer: await readFile(archive) })
    await page.getByRole('region', { name: 'texts/zh.json' }).waitFor()

    // Records under one name, by clicking: who is in it is counted meanwhile.
    await follow(page, '/studio/segments')
    await page.getByRole('button', { name: 'New segment' }).click()
    const asked = page.getByRole('dialog', { name: 'New segment' })
    await asked.getByLabel('Title', { exact: true }).fill('Those called Ada')
    await chosen(asked, 'Records of', 'Members')
    await asked.getByRole('button', { name: 'Create segment' }).click()
    await expect.poll(() => page.locator('segment-found .segment-count').textContent()).toBe('2 records match')
    await page.locator('#filter-add').click()
    await page.getByRole('combobox', { name: 'Field', exact: true }).fill('Name')
    await page.keyboard.press('Enter')
    await page.getByLabel('Value', { exact: true }).fill('Ada')
    await page.getByRole('button', { name: 'Apply', exact: true }).click()
    await expect.poll(() => page.locator('segment-found .segment-count').textContent()).toBe('1 record matches')
    expect(await accessibilityProblems(page)).toEqual([])
    await expect.poll(() => page.locator('.save-state').textContent()).toBe('Saved in your draft')
    expect(((await (await page.request.get(`${place.app.url}/api/definitions/draft`)).json()) as { documents: Record<string, unknown> }).documents['segments/thoseCalledAda.json']).toMatchObject({ title: 'Those called Ada', entity: 'member' })
    expect(errors).toEqual([])
  })

  test('a formula is written with the engine reading along: what is wrong is said in plain words, what it gives is shown', async () => {
    await place.app.admin.patch(`/api/records/member/${String(place.id)}`, { income: 50_000 })
    const { page, errors } = await place.open(member)
    await page.getByRole('button', { name: 'Add field' }).click()
    const dialog = page.getByRole('dialog', { name: 'Add a field' })
    await dialog.getByRole('radio', { name: /^Formula/ }).check({ force: true })
    await dialog.getByLabel('Title', { exact: true }).fill('Tenth')
    const formula = page.locator('#formula-text')
    const answer = page.locator('.computed-answer')
    await formula.fill('incom / 10')
    await expect.poll(() => answer.textContent()).toMatch(/income/) // what was probably meant
    expect(await answer.getAttribute('class')).toContain('wrong')
    await formula.fill('name / 10')
    await page.locator('.computed-answer.wrong').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await formula.fill('income / 10')
    await page.locator('.computed-answer.fine').waitFor()
    await dialog.getByRole('button', { name: 'Add field' }).click()
    await dialog.waitFor({ state: 'detached' })
    await publish(page, 'A tenth', 'Version 2 is live')
    expect(await place.record()).toMatchObject({ tenth: 5000 })
    expect(errors).toEqual([])
  })

  test('a type that some values do not fit needs consent, names those values, and can be undone before', async () => {
    const { page } = await place.open(`${member}?field=postalCode`)
    await page.getByRole('button', { name: 'Change', exact: true }).click()
    await page.getByRole('radio', { name: /^Whole number/ }).check({ force: true })
    await page.getByRole('button', { name: 'Change type' }).click()
    await page.getByRole('button', { name: 'Review and publish' }).click()
    const plan = page.getByRole('dialog', { name: 'Publish your changes' })
    await seen(plan, 'Convert “Postal code” of Member from Text to Whole number')
    expect(await plan.locator('.samples').textContent()).toContain('10 A')
    expect(await accessibilityProblems(page)).toEqual([])
    const agree = plan.getByRole('button', { name: 'Publish', exact: true })
    expect(await agree.isDisabled()).toBe(true)
    await plan.getByRole('checkbox', { name: 'I understand and want this' }).check()
    expect(await agree.isDisabled()).toBe(false)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(() => page.locator('.save-state').textContent()).toBe('No changes')
    await expect.poll(async () => ((await place.app.admin.get('/api/definitions/draft')).body as { changed: boolean }).changed).toBe(false)
    expect(await place.record()).toMatchObject({ postalCode: '10 A' })
  })

  test('a new kind of record is made by keyboard alone, and what could not be sent is sent when the server is back', async () => {
    const { page } = await place.open('/studio')
    await page.getByRole('button', { name: 'New entity' }).focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'New entity' })
    await dialog.waitFor()
    await page.keyboard.type('Gift card')
    expect(await dialog.getByLabel('API name').inputValue()).toBe('giftCard')
    expect(await accessibilityProblems(page)).toEqual([])
    await page.route('**/api/definitions/draft', (route) => (route.request().method() === 'PATCH' ? route.abort() : route.continue()))
    await dialog.getByRole('button', { name: 'Create entity' }).focus()
    await page.keyboard.press('Enter')
    await page.waitForURL('**/studio/entities/giftCard')
    await expect.poll(() => page.locator('.save-state').textContent()).toContain('Not saved')
    await page.unroute('**/api/definitions/draft')
    await expect.poll(() => page.locator('.save-state').textContent()).toBe('Saved in your draft')
    await page.getByRole('link', { name: /^Name/ }).focus()
    await page.keyboard.press('Enter')
    await page.waitForURL('**?field=name')
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Name')
    await publish(page, 'Gift cards', 'Version 2 is live')
    expect((await place.app.admin.post('/api/records/giftCard', { name: 'G-1' })).status).toBe(201)
    await page.getByRole('link', { name: 'Gift card', exact: true }).click()
    await seen(page, 'G-1')
  })

  test('text and panels are equals: what is typed in one is read in the other, and broken text stays out of the draft', async () => {
    const { page, errors } = await place.open('/studio/text?path=member/entity.json&at=/title')
    const editor = page.locator('definition-text')
    const said = editor.getByRole('status')
    await editor.locator('.view-line').filter({ hasText: '"title": "Member"' }).click()
    await page.keyboard.press('End')
    await page.keyboard.press('Backspace')
    await expect.poll(() => said.textContent()).toContain('A comma is missing here.')
    expect(await accessibilityProblems(page)).toEqual([])
    expect(await page.locator('.save-state').textContent()).toBe('No changes')
    await page.reload()
    await expect.poll(() => said.textContent()).toContain('A comma is missing here.') // the broken text is still there
    await editor.getByRole('button', { name: /^Line / }).click()
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('End')
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.type(' of the club')
    await page.keyboard.press('End')
    await page.keyboard.type(',')
    await expect.poll(() => said.textContent()).toContain('The draft has what this text says.')
    await expect.poll(() => page.locator('.save-state').textContent()).toBe('Saved in your draft')
    await page.goto(`${place.app.url + member}?settings`)
    expect(await page.getByLabel('Title, one record', { exact: true }).inputValue()).toBe('Member of the club')
    const rules = page.locator('rules-editor')
    await rules.getByRole('button', { name: 'Rule that sets fields' }).click()
    await rules.getByRole('textbox', { name: /^Value of/ }).fill('name +')
    await expect.poll(() => rules.getByRole('status').textContent()).toContain('The rule cannot be used')
    await rules.getByRole('textbox', { name: /^Value of/ }).fill('trim(name)')
    await expect.poll(() => rules.getByRole('status').count()).toBe(0)
    expect(await accessibilityProblems(page)).toEqual([])
    await rules.getByRole('button', { name: /^Remove rule/ }).last().click()
    await page.getByLabel('Title, one record', { exact: true }).fill('Guest')
    await page.getByRole('link', { name: 'Text', exact: true }).click()
    await page.getByRole('navigation', { name: 'All definitions' }).locator('a[title="member/entity.json"]').click()
    await editor.locator('.view-line').filter({ hasText: '"title": "Guest"' }).waitFor()
    expect(errors).toEqual([])
  })

  test('the form of a record that is looked at is changed by hand and by keys, and people get it when it is published', async () => {
    const { page, errors } = await place.open(`/records/member/${String(place.id)}`)
    await page.getByRole('link', { name: 'Edit this form' }).click()
    const part = (title: string): ReturnType<Page['locator']> => page.locator('form-designer .form-part').filter({ has: page.locator(`:scope > .part-handle[title="${title}"]`) })
    const handle = (title: string): ReturnType<Page['locator']> => part(title).locator(':scope > .part-handle')
    const titles = (): Promise<readonly string[]> => page.locator('form-designer [data-kind=Control] > .part-handle').allTextContents()
    await part('Name').locator('input').first().waitFor()
    await expect.poll(() => part('Name').locator('input').first().inputValue()).toBe('Ada') // the record that was looked at
    await part('Phone').dragTo(part('Name'), { targetPosition: { x: 60, y: 4 } })
    await expect.poll(async () => (await titles()).slice(0, 2)).toEqual(['Phone', 'Name'])
    await handle('Phone').focus()
    await page.keyboard.press('Alt+ArrowDown')
    await expect.poll(async () => (await titles()).slice(0, 2)).toEqual(['Name', 'Phone'])
    await page.getByRole('button', { name: 'Add Section' }).click()
    const panel = page.getByRole('complementary', { name: 'Properties' })
    await panel.getByLabel('Heading', { exact: true }).fill('At the till')
    await panel.getByLabel('Heading in 中文').fill('收银台')
    await panel.getByLabel('Only under a condition').click()
    await page.getByRole('option', { name: 'Show it when …' }).click()
    await panel.getByLabel('Comparison').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await handle('E-mail').focus()
    await page.keyboard.press('Enter')
    await panel.getByLabel('Stands in').fill('At the till')
    await page.getByRole('option', { name: 'Section “At the till”' }).click()
    await expect.poll(() => part('Section “At the till”').locator('[data-kind=Control] > .part-handle').allTextContents()).toEqual(['E-mail'])
    await publish(page, 'The till', 'Version 2 is live')
    await page.getByRole('link', { name: 'Open this record' }).click()
    await page.locator('record-form').getByRole('region', { name: 'At the till' }).locator('[data-key=email]').waitFor()
    const { entities } = (await place.app.admin.get('/api/model?locale=zh')).body as { entities: Record<string, { form: unknown }> }
    expect(JSON.stringify(entities['member']?.form)).toContain('收银台')

    // The list of all members, changed by its own tools: for everybody, once it is published.
    await page.goto(`${place.app.url}/records/member?view=gold`)
    await page.getByRole('link', { name: 'Edit this list for everybody' }).click()
    await page.getByRole('navigation', { name: 'Lists of Members' }).getByLabel('Name', { exact: true }).fill('Golden')
    await page.locator('view-designer .chip-remove').click()
    const gold = async (): Promise<unknown> => ((await (await page.request.get(`${place.app.url}/api/definitions/draft`)).json()) as { documents: Record<string, unknown> }).documents['member/view.gold.json']
    await expect.poll(gold).not.toHaveProperty('filter')
    expect(await gold()).toMatchObject({ title: 'Golden', sort: 'name', position: 2 })

    // A dashboard, on its own page: a tile from the gallery, moved and widened by keys.
    await follow(page, '/studio/screens/dashboards/sales')
    await page.getByRole('button', { name: 'Add a tile' }).click()
    const gallery = page.getByRole('dialog', { name: 'Add a tile' })
    await gallery.getByRole('radio', { name: /^Chart/ }).check({ force: true })
    await chosen(gallery, 'Records', 'Members')
    await gallery.getByRole('button', { name: 'Add a tile' }).click()
    await page.getByRole('button', { name: /^Members, 6 of 12/ }).focus()
    await page.keyboard.press('Alt+Shift+ArrowRight')
    await page.keyboard.press('Alt+ArrowLeft')
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toMatch(/^Members, 7 of 12/)
    const draft = async (): Promise<Record<string, { tiles?: Record<string, unknown>; navigation?: { entities: string[] }[] }>> => ((await (await page.request.get(`${place.app.url}/api/definitions/draft`)).json()) as { documents: Record<string, object> }).documents
    await expect.poll(async () => (await draft())['dashboards/sales.json']?.tiles?.['members']).toMatchObject({ kind: 'chart', width: 7, position: 14 })
    expect(await accessibilityProblems(page)).toEqual([])

    // The side bar: an entity leaves its group by the keyboard.
    await follow(page, '/studio/screens/navigation')
    await page.getByRole('button', { name: /^Notes: / }).focus()
    await page.keyboard.press('Alt+ArrowDown')
    await expect.poll(async () => (await draft())['layer.json']?.navigation?.[1]?.entities[0]).toBe('note')
    expect(await accessibilityProblems(page)).toEqual([])
    expect(errors).toEqual([])
  })

  test('a workflow is begun from a sentence, drawn by mouse and keyboard, tried out, published, followed and ended', async () => {
    const { page, errors } = await place.open('/studio/processes')
    await page.getByRole('button', { name: 'New workflow' }).click()
    const start = page.getByRole('dialog', { name: 'New workflow' })
    await start.getByLabel('Name', { exact: true }).fill('Greet')
    await chosen(start, 'Which records?', 'Member')
    await chosen(start, 'Acts with the rights of', 'Administrator')
    expect(await accessibilityProblems(page)).toEqual([])
    await start.getByRole('button', { name: 'Create workflow' }).click()
    const drawing = page.locator('workflow-drawing')
    await drawing.getByRole('button', { name: 'Add a step here' }).click()
    await page.keyboard.type('task')
    await page.keyboard.press('Enter')
    await page.getByRole('textbox', { name: 'What is to be done' }).fill('Say hello')
    await drawing.getByRole('button', { name: 'Create a task: “Say hello”', exact: true }).focus()
    await page.keyboard.press('+')
    await page.keyboard.type('wait')
    await page.keyboard.press('Enter')
    const cards = drawing.locator('[data-card] strong')
    await expect.poll(() => cards.allTextContents()).toEqual(['When a record is created: Member', 'Create a task: “Say hello”', 'Wait 1 day'])
    await page.keyboard.press('Alt+ArrowUp')
    await expect.poll(() => cards.allTextContents()).toEqual(['When a record is created: Member', 'Wait 1 day', 'Create a task: “Say hello”'])
    await page.keyboard.press('ControlOrMeta+z')
    await expect.poll(() => cards.allTextContents()).toEqual(['When a record is created: Member', 'Create a task: “Say hello”', 'Wait 1 day'])
    expect(await accessibilityProblems(page)).toEqual([])
    await publish(page, 'Greetings', 'Version 2 is live')

    await page.getByRole('link', { name: 'Try it' }).click()
    await page.getByRole('button', { name: 'Invented' }).click()
    await page.getByRole('button', { name: 'Try it' }).click()
    await page.getByRole('button', { name: 'Jump there' }).click()
    await expect.poll(() => page.locator('.try-stand .run-state').textContent()).toBe('Done')
    await page.locator('.try-effects').getByRole('button', { name: 'Create a task: “Say hello”' }).waitFor()
    await page.getByLabel('Name of the test').fill('says hello')
    await page.getByRole('button', { name: 'Keep as a test' }).click()
    await page.getByRole('button', { name: 'Play “says hello”' }).click()
    await expect.poll(() => page.locator('.try-stand .run-state').textContent()).toBe('Done')
    expect(await accessibilityProblems(page)).toEqual([])
    await publish(page, 'Tested', 'Version 3 is live')

    const stop = beginRunning(place.app.engine, { pollMilliseconds: 50 })
    // What happened before somebody listened begins nothing: the first look of the follower is waited for.
    await expect.poll(async () => {
      await place.app.admin.post('/api/records/member', { name: 'New one' })
      return ((await place.app.admin.get('/api/workflows/runs?workflow=greet&status=waiting')).body as { runs: unknown[] }).runs.length
    }, { timeout: 30_000, interval: 500 }).toBeGreaterThan(0)
    await stop()
    await page.goto(`${place.app.url}/studio/processes/runs?workflow=greet`)
    await page.locator('.run-main').last().click()
    await expect.poll(() => page.locator('[data-status="completed"] [data-card] strong').allTextContents()).toEqual(['Create a task: “Say hello”'])
    expect(await accessibilityProblems(page)).toEqual([])
    const definition = ((await place.app.admin.get('/api/workflows/greet')).body as { definition: { do: object[] } }).definition
    await place.app.admin.patch('/api/definitions/draft', [{ op: 'replace', path: '/workflows~1greet.json/do', value: [definition.do[0] ?? {}, { nap: { wait: { days: 1 } } }] as unknown as Json }, { op: 'remove', path: '/workflows~1greet.json/document/metadata/tests' }])
    expect(await place.app.admin.post('/api/definitions/publish', {})).toMatchObject({ status: 201 })
    await page.reload()
    await page.getByRole('button', { name: 'Move to the new version' }).click()
    const move = page.getByRole('dialog', { name: 'Move to the new version' })
    await expect.poll(() => move.getByRole('status').textContent()).toContain('0 of 1')
    await move.getByLabel('Goes on at').selectOption({ index: 2 })
    await expect.poll(() => move.getByRole('status').textContent()).toContain('1 of 1')
    expect(await accessibilityProblems(page)).toEqual([])
    await move.getByLabel('Why', { exact: true }).fill('Another name')
    await move.getByRole('button', { name: 'Move', exact: true }).click()
    await page.getByRole('button', { name: 'Move to the new version' }).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Cancel the run' }).click()
    const cancel = page.getByRole('dialog', { name: 'Cancel the run' })
    await cancel.getByLabel('Why', { exact: true }).fill('Only a test')
    await cancel.getByRole('button', { name: 'Cancel the run' }).click()
    await expect.poll(() => page.locator('.studio-head .run-state').textContent()).toBe('Cancelled')
    expect(errors).toEqual([])
  })

  test('a state is added to a lifecycle in one step, with its option and the step that leads to it', async () => {
    const { page, errors } = await place.open('/studio/processes/lifecycles/case?state=open')
    await page.getByLabel('Name of the new state').fill('Sent back')
    await page.keyboard.press('Enter')
    const outline = page.getByRole('list', { name: 'Outline' })
    await outline.getByRole('button', { name: 'Sent back final' }).waitFor()
    await outline.getByRole('button', { name: 'Sent back to Sent back' }).click()
    await page.getByLabel('What stands on the button').fill('Send back')
    await expect.poll(() => page.locator('.save-state').textContent()).toBe('Saved in your draft')
    await page.getByRole('button', { name: 'Picture' }).click()
    await page.getByRole('button', { name: 'Send back: from In progress to Sent back' }).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await publish(page, 'Back', 'Version 2 is live')
    const id = await created(place.app, 'case', { subject: 'Late parcel', store: await created(place.app, 'store', { number: '9', name: 'Lakeside' }), status: 'open' })
    expect((await place.app.admin.post(`/api/records/case/${String(id)}/transitions/sentBack`, {})).body).toMatchObject({ status: 'sentBack' })
    expect(errors).toEqual([])
  })

  test('duplicates are corrected, not agreed to; who needs a field is said before it is archived', async () => {
    const { page } = await place.open(`${member}?field=name`)
    const { body } = await place.app.admin.post('/api/records/member', { name: 'Bob' })
    await page.getByRole('checkbox', { name: /^Unique/ }).check()
    await page.getByRole('button', { name: 'Review and publish' }).click()
    const plan = page.getByRole('dialog', { name: 'Publish your changes' })
    await seen(plan, 'Accept each value of “Name” only once in Member')
    expect(await plan.getByRole('checkbox').count()).toBe(0)
    expect(await plan.getByRole('button', { name: 'Publish', exact: true }).isDisabled()).toBe(true)
    expect(await plan.getByText('1 step waits for corrected values').isVisible()).toBe(true)
    const list = await plan.getByRole('link', { name: 'Open a list of these records' }).getAttribute('href')
    await place.app.admin.patch(`/api/records/member/${String((body as { id: number }).id)}`, { name: 'Rob' })
    await plan.getByRole('button', { name: 'Check again' }).click()
    await plan.getByText('All steps are safe').or(plan.getByText('Some steps touch existing data')).waitFor()
    await plan.getByRole('button', { name: 'Publish', exact: true }).click()
    await seen(page, 'Version 2 is live')
    await follow(page, list ?? '')
    await expect.poll(() => page.getByRole('status').first().textContent()).toBe('1 record')

    await follow(page, `${member}?field=store`)
    await page.getByRole('button', { name: 'Archive field' }).click()
    const archive = page.getByRole('dialog', { name: 'Archive “Home store”?' })
    await seen(archive, 'Role “Store clerk” · Member')
    await seen(archive, 'List “All members” of Member')
    expect(await accessibilityProblems(page)).toEqual([])
    await archive.getByRole('button', { name: 'Cancel' }).click()
    expect(await page.locator('.save-state').textContent()).toBe('No changes')
  })

  test('when another administrator publishes first, the draft comes along; at the same place a person chooses', async () => {
    const { page } = await place.open(`${member}?field=city`)
    const other = await place.app.as(['admin'])
    await page.getByLabel('Title', { exact: true }).fill('Town')
    await expect.poll(() => page.locator('.save-state').textContent()).toBe('Saved in your draft')
    const property = '/member~1entity.json/properties'
    await other.patch('/api/definitions/draft', [{ op: 'add', path: `${property}/vip`, value: { type: 'boolean', title: 'VIP' } }])
    expect((await other.post('/api/definitions/publish', {})).status).toBe(201)
    await seen(page, 'VIP', { exact: true })
    expect(await page.getByLabel('Title', { exact: true }).inputValue()).toBe('Town')

    await other.patch('/api/definitions/draft', [{ op: 'replace', path: `${property}/city/title`, value: 'Place' }])
    expect((await other.post('/api/definitions/publish', {})).status).toBe(201)
    await page.getByRole('button', { name: 'Keep mine here' }).click()
    await publish(page, '', 'Version 4 is live')
    const { entities } = (await place.app.admin.get('/api/model')).body as { entities: Record<string, { fields: { key: string; title: string }[] }> }
    expect(entities['member']?.fields.filter(({ key }) => key === 'city' || key === 'vip').map(({ title }) => title)).toEqual(['Town', 'VIP'])
  })
})
