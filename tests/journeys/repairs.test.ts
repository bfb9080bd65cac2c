/** Somebody who never saw the studio makes a whole new part of the system in it, without a word of JSON. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { expect, test } from 'vitest'

import { tessera as commandLine } from '../../engine/command-line.js'
import { writeLayer } from '../../engine/definitions/files.js'
import { mergeLayers } from '../../engine/definitions/layers.js'
import { readLayers } from '../../engine/operations/definitions/published.js'
import { openDatabase } from '../../engine/storage/database.js'
import type { App } from '../support/app.js'
import { accessibilityProblems, type Locator } from '../support/browser.js'
import { freshDatabase } from '../support/databases.js'
import { chosen, dragged, goBack, publish } from './designing.js'
import { administrator, created, follow, seen, signedIn, stageFor } from './support.js'

const stage = stageFor('file')

const repairFields = [
  ['Number', '单号', 'Running number'], ['Customer', '客户', '→ Member'], ['Shop', '门店', '→ Store'], ['Device', '设备', 'Text'], ['Fault', '故障', 'Long text'],
  ['Status', '状态', 'Choice'], ['Received on', '收件日期', 'Date'], ['Promised on', '约定日期', 'Date'], ['Price', '价格', 'Money'], ['Warranty', '保修', 'Yes or no'],
] as const

/** What the studio published is, as files in a folder, what `tessera publish` makes of another deployment that had the packs alone. */
async function sameByFiles(app: App): Promise<void> {
  const { layers } = await readLayers(app.engine.database.read, 2)
  const folder = await mkdtemp(join(tmpdir(), 'tessera-repairs-'))
  const other = await freshDatabase('sqlite')
  const packs = ['metadata/core', 'metadata/retail']
  const publish = async (...folders: readonly string[]): Promise<number> =>
    commandLine(['publish'], { env: { DATABASE_URL: other.url, TESSERA_LAYERS: folders.join(',') }, stdin: Readable.from([]), stdout: new PassThrough().resume(), stderr: new PassThrough().resume() })
  try {
    await writeLayer(folder, layers.at(-1) ?? { name: 'studio', documents: {} })
    expect([await publish(...packs), await publish(...packs, folder)]).toEqual([0, 0])
    const database = await openDatabase(other.url)
    expect(mergeLayers((await readLayers(database.read, 2)).layers).documents).toEqual(app.engine.current.get().documents)
    await database.close()
  } finally {
    await other.drop()
    await rm(folder, { recursive: true })
  }
}

test('repair orders: ten fields, states, two tabs, a board and a role for the own shop, in two languages, are published at once, used, renamed, taken back, and the same by files', async () => {
  const { page, errors } = await signedIn(stage, administrator, {}, '/studio/overview')
  await page.getByLabel('Time zone of the business').selectOption('Asia/Shanghai')
  await follow(page, '/studio')
  await page.getByRole('button', { name: 'New entity' }).click()
  const dialog = page.getByRole('dialog', { name: 'New entity' })
  await dialog.getByLabel('Title, one record').fill('Repair order')
  await dialog.getByLabel('Title in 中文, one record').fill('维修单')
  for (const [index, [title, chinese, type]] of repairFields.entries()) {
    const number = String(index + 1)
    await dialog.getByLabel(`Field ${number}`, { exact: true }).fill(title)
    await dialog.getByLabel(`Field ${number} in 中文`).fill(chinese)
    await dialog.getByLabel(`Type of field ${number}`, { exact: true }).selectOption({ label: type })
    await dialog.getByLabel(`Field ${number}`, { exact: true }).press('Enter')
  }
  await dialog.getByRole('button', { name: 'Create entity' }).click()

  // What a choice is called is what it is stored as, until records have it.
  await page.getByRole('link', { name: /^Status/ }).click()
  await page.getByLabel('Title of option1').fill('Received')
  await page.keyboard.press('Tab')
  await page.getByLabel('Received in 中文').fill('已收件')
  await page.getByLabel('Colour of Received').selectOption('amber')
  await page.getByLabel('Title of option2').fill('In repair')
  await page.keyboard.press('Tab')
  await page.getByRole('button', { name: 'Make it a lifecycle' }).click()
  const outline = page.getByRole('list', { name: 'Outline' })
  await outline.getByRole('button', { name: 'In repair', exact: true }).waitFor()

  await follow(page, '/studio/entities/repairOrder/form')
  await page.getByRole('button', { name: 'Add Tab' }).click()
  const panel = page.getByRole('complementary', { name: 'Properties' })
  await panel.getByLabel('Heading', { exact: true }).fill('Money')
  await page.getByRole('tab', { name: 'General' }).click()
  const handle = (title: string): Locator => page.locator(`form-designer .part-handle[title="${title}"]`)
  const tab = (name: string): Locator => page.locator('form-designer').getByRole('tab', { name })
  await handle('Price').focus()
  await page.keyboard.press('Enter')
  await chosen(panel, 'Stands in', 'Tab “Money”')
  await dragged(handle('Warranty'), tab('Money'))
  await handle('Warranty').waitFor({ state: 'detached' })
  // What a tab shows that was opened by the keyboard follows the pointer as well.
  await tab('General').press('ArrowRight')
  await dragged(handle('Warranty'), tab('General'))
  await handle('Warranty').waitFor({ state: 'detached' })
  await seen(page, 'Saved in your draft')
  await tab('Money').press('ArrowLeft')
  await dragged(handle('Warranty'), tab('Money'))
  await handle('Warranty').waitFor({ state: 'detached' })
  // What is let go in the gap above a part comes there, not to the end.
  await dragged(handle('Fault'), page.locator('form-designer [data-part]:not([data-holds])', { has: page.locator('.part-handle[title="Shop"]') }), ({ x, y, width }) => ({ x: x + width / 2, y: y - 6 }))
  const parts = (): Promise<(string | null)[]> => page.locator('form-designer .part-handle').evaluateAll((handles) => handles.map((one) => one.getAttribute('title')).filter((title) => ['Number', 'Fault', 'Shop', 'Received on'].includes(title ?? '')))
  await expect.poll(parts).toEqual(['Number', 'Fault', 'Shop', 'Received on'])

  // A list and a condition are built on what is only in the draft.
  await follow(page, '/studio/entities/repairOrder/views')
  await page.getByRole('button', { name: 'New list' }).click()
  await page.getByRole('button', { name: 'As a board' }).click()
  await page.locator('board-view').getByText('In repair').first().waitFor()
  await page.locator('view-designer').getByLabel('Name', { exact: true }).fill('At the bench')
  await page.keyboard.press('Tab')
  await page.waitForURL('**/views/atTheBench')
  await page.locator('board-view').getByText('In repair').first().waitFor()
  await follow(page, '/studio/roles')
  await page.getByRole('button', { name: 'New role' }).click()
  const role = page.getByRole('dialog', { name: 'New role' })
  await role.getByLabel('Name', { exact: true }).fill('Repairer')
  await chosen(role, 'Begin as a copy of', 'Store clerk')
  await role.getByLabel('Name', { exact: true }).press('Enter')
  await page.locator('role-page').getByRole('link', { name: /^Repair order/ }).click()
  const grant = page.locator('grant-panel')
  for (const action of ['Read', 'Create', 'Change']) await grant.getByRole('radiogroup', { name: action }).getByLabel('All').check({ force: true })
  await grant.getByRole('region', { name: 'Read' }).getByRole('button', { name: 'Only some records…' }).click()
  const builder = page.locator('filter-builder')
  await chosen(builder, 'Field', 'Shop')
  await builder.getByRole('button', { name: /^Compared with/ }).click()
  await page.getByRole('option', { name: 'the person’s Stores' }).click()
  await builder.getByRole('button', { name: 'Apply' }).click()
  for (const action of ['Create', 'Change']) await grant.getByRole('region', { name: action }).getByRole('button', { name: 'The same as for reading' }).click()
  await expect.poll(() => page.locator('.save-state').textContent()).toBe('Saved in your draft')
  expect(await accessibilityProblems(page)).toEqual([])
  await publish(page, 'Repairs', 'Version 2 is live')
  expect(stage.app.engine.current.get().timeZone).toBe('Asia/Shanghai')

  const customer = await created(stage.app, 'member', { name: 'Ada' })
  const [here, elsewhere] = [await created(stage.app, 'store', { number: '9', name: 'Lakeside' }), await created(stage.app, 'store', { number: '8', name: 'Harbour' })]
  const repairer = await stage.app.as(['repairer'], { stores: [here] })
  const made = await repairer.post('/api/records/repairOrder', { shop: here, device: 'Phone', price: 12.5 })
  expect(made.body).toMatchObject({ status: 'received', device: 'Phone' })
  expect((await repairer.post('/api/records/repairOrder', { shop: elsewhere, device: 'Watch' })).status).toBe(422) // to them it does not exist
  await created(stage.app, 'repairOrder', { shop: elsewhere, customer, device: 'Watch' })
  expect(((await repairer.get('/api/records/repairOrder')).body as { records: unknown[] }).records).toHaveLength(1)
  const { entities } = (await stage.app.admin.get('/api/model?locale=zh')).body as { entities: Record<string, { title: string; form: { type: string }; lists: { kind?: string; board?: object }[]; fields: { key: string; title: string; options: object }[] }> }
  const order = entities['repairOrder']
  expect(order).toMatchObject({ title: '维修单', plural: '维修单', form: { type: 'Categorization', elements: [{ label: '常规' }, { elements: [{ scope: '#/properties/price' }, { scope: '#/properties/warranty' }] }] } })
  expect(JSON.stringify(order?.fields.find(({ key }) => key === 'status'))).toContain('已收件')
  expect(JSON.stringify(order?.lists)).toContain('board')
  await sameByFiles(stage.app)

  await page.goto(`${stage.app.url}/studio/entities/repairOrder?field=device`)
  await page.getByLabel('API name').fill('appliance')
  await page.keyboard.press('Enter')
  await page.waitForURL('**?field=appliance')
  await publish(page, '', 'Version 3 is live')
  const address = `/api/records/repairOrder/${String((made.body as { id: number }).id)}`
  expect((await repairer.get(address)).body).toMatchObject({ appliance: 'Phone', price: 12.5 })
  await goBack(page, 1, 'Version 4 is live')
  expect((await stage.app.admin.get(address)).status).toBe(404)
  await goBack(page, 3, 'Version 5 is live')
  expect((await repairer.get(address)).body).toMatchObject({ appliance: 'Phone', price: 12.5, status: 'received' })
  expect(errors).toEqual([])
}, 300_000) // one long story: a newcomer's quarter of an hour
