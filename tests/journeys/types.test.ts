/** The plain field types and values made of parts, used as people use them: typed, refused, saved, shown, filtered, in both languages. */
import { beforeAll, expect, test } from 'vitest'

import { accessibilityProblems } from '../support/browser.js'
import { administrator, created, follow, gone, input, seen, signedIn, stageFor, texts } from './support.js'

const stage = stageFor('file', { layers: ['metadata/core', 'tests/packs/parts'] })

let ada: number

beforeAll(async () => {
  ada = await created(stage.app, 'person', {
    name: { family: 'Lovelace', given: 'Ada' }, home: { city: 'London', country: 'GB' }, mailing: { state: 'granted', at: '2026-07-01T08:30:00Z', source: 'web form' },
    took: 'PT1H30M', labels: ['vip'], calls: '08:30', stars: 3, paint: '#1e90ff', card: '6200000000000005', story: '# Care\n\n**Cold** <img src=x onerror="window.hurt=1">',
  })
  await created(stage.app, 'person', { name: '王芳', home: { city: '成都市', country: 'CN' }, mailing: { state: 'granted', at: '2026-07-02T08:30:00Z' } })
})

test.each(['en', 'zh'] as const)('a record is changed by hand in %s', async (language) => {
  const said = texts[language]
  const { page, errors } = await signedIn(stage, administrator, { language, width: language === 'en' ? 1440 : 390, height: 900 }, `/records/person/${String(ada)}`)
  await page.locator('[data-key=stars] input:checked').focus()
  await page.keyboard.press(language === 'en' ? 'ArrowRight' : 'ArrowLeft')
  await input(page, 'took').fill(language === 'en' ? '2:15' : '2小时15分')
  await input(page, 'card').fill('6200 0000 0000 0006')
  await page.getByRole('textbox', { name: said['part.street'], exact: true }).first().fill('1 High Street')
  expect((await accessibilityProblems(page)).join('\n')).toBe('')
  const save = page.locator('.save-bar').getByRole('button', { name: said['record.save'], exact: true })
  await save.click()
  await page.locator('[data-key=card] [invalid]').first().waitFor()
  await input(page, 'card').fill('6200-0000-0000-0005')
  await save.click()
  await page.locator('.save-bar').waitFor({ state: 'detached' })
  expect((await stage.app.admin.get(`/api/records/person/${String(ada)}`)).body).toMatchObject({
    stars: language === 'en' ? 4 : 3, took: 'PT2H15M', card: '6200000000000005', home: { street: '1 High Street', city: 'London', country: 'GB' }, mailing: { state: 'granted', source: 'web form' },
  })

  await page.getByRole('button', { name: said['field.markdown.preview'] }).click()
  await page.locator('.markdown h1').waitFor()
  expect(await page.locator('.markdown img').count()).toBe(0)
  expect(errors.filter((text) => !text.includes('422'))).toEqual([])
}, 120_000)

test('what is typed and is no value stays, is told, and is not saved as nothing; Ctrl+S takes what stands in the input', async () => {
  const { page } = await signedIn(stage, administrator, {}, `/records/person/${String(ada)}`)
  const said = texts.en
  const now = async (): Promise<unknown> => (await stage.app.admin.get(`/api/records/person/${String(ada)}`)).body
  await input(page, 'calls').fill('25:99')
  await page.keyboard.press('Tab')
  await page.getByRole('textbox', { name: said['part.lat'] }).click()
  await page.keyboard.type('1e')
  await page.keyboard.press('ControlOrMeta+s')
  await seen(page.locator('.save-bar'), said['record.invalid'].replace('{count}', '2'))
  await seen(page, said['check.unread.time'].replace('{text}', '25:99'))
  await seen(page, said['check.unread.number'].replace('{text}', '1e'))
  expect(await now()).toMatchObject({ calls: '08:30', place: null })

  // Given up, it is gone from the inputs, too.
  await page.locator('.save-bar').getByRole('button', { name: said['record.discard'] }).click()
  await expect.poll(() => input(page, 'calls').inputValue()).toBe('08:30')
  await input(page, 'labels').fill('vip，wholesale')
  await page.keyboard.press('ControlOrMeta+s')
  await page.locator('.save-bar').waitFor({ state: 'detached' })
  expect(await now()).toMatchObject({ labels: ['vip', 'wholesale'], calls: '08:30' })
}, 120_000)

test('in a cell of a list the first Enter takes a tag and the second saves, and a list that is open does not keep the pointer from the button', async () => {
  const { page } = await signedIn(stage, administrator, {}, `/records/person?columns=id,labels&filter=${encodeURIComponent(JSON.stringify({ id: ada }))}`)
  const form = page.locator('.cell-form')
  await page.locator('vaadin-grid-cell-content').filter({ hasText: 'vip' }).hover()
  await page.getByRole('button', { name: /^Change Labels of/ }).click()
  await form.getByRole('combobox').fill('Early')
  await page.keyboard.press('Enter')
  await form.locator('vaadin-multi-select-combo-box-chip').filter({ hasText: 'Early' }).waitFor()
  await page.keyboard.press('Enter')
  await form.waitFor({ state: 'hidden' })
  expect((await stage.app.admin.get(`/api/records/person/${String(ada)}`)).body).toMatchObject({ labels: expect.arrayContaining(['vip', 'Early']) as unknown })

  // One press saves what is typed, though the list of times is open.
  await follow(page, `/records/person?columns=id,calls&filter=${encodeURIComponent(JSON.stringify({ id: ada }))}`)
  await page.locator('vaadin-grid-cell-content').filter({ hasText: '08:30' }).hover()
  await page.getByRole('button', { name: /^Change Calls at of/ }).click()
  await form.getByRole('combobox').click()
  await page.getByRole('option').first().waitFor()
  await form.getByRole('combobox').fill('07:20')
  await form.getByRole('button', { name: texts.en['record.save'], exact: true }).click()
  await form.waitFor({ state: 'hidden' })
  expect((await stage.app.admin.get(`/api/records/person/${String(ada)}`)).body).toMatchObject({ calls: '07:20' })
})

test('a list is filtered and sorted by parts', async () => {
  const { page } = await signedIn(stage, administrator, {}, `/records/person?filter=${encodeURIComponent('{"home.country":{"$in":["CN"]}}')}`)
  await seen(page, 'Home · Country')
  await seen(page, '王芳')
  expect(await page.getByText('Ada Lovelace').count()).toBe(0)

  await page.goto(`${stage.app.url}/records/person`)
  await page.locator('#filter-add').click()
  await page.getByRole('combobox', { name: texts.en['list.filterField'] }).fill('Home · City')
  await page.keyboard.press('Enter')
  await page.getByLabel(texts.en['list.filterValue']).fill('Lon')
  await page.getByRole('button', { name: texts.en['list.filterApply'] }).click()
  await gone(page, '王芳')
  await seen(page, 'Ada Lovelace')
}, 120_000)
