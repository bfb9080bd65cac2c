/** What happens at a screen in a day: two people at one record, a session that ends, a field that comes. The hours of those who work with customers are in `tours.test.ts`. */
import { describe, expect, test } from 'vitest'

import { openWindow } from '../support/browser.js'
import { administrator, created, fillSignIn, gone, input, looks, person, phone, seen, signedIn, stageFor, texts } from './support.js'

const stage = stageFor('test')

describe.each(looks)('in $language at $width px', (look) => {
  const { language } = look
  const said = texts[language]

  test('who is not signed in meets the form in the own language, comes to the place that was asked for, and may choose another language', async () => {
    const { page } = await openWindow(stage.browser, look)
    await page.goto(`${stage.app.url}/records/member`)
    await page.getByRole('heading', { name: said['session.title'] }).waitFor()
    await fillSignIn(page, { ...administrator, password: 'wrong wrong wrong' })
    await seen(page, said['session.refused'])
    await fillSignIn(page, administrator)
    await page.getByRole('searchbox').waitFor()
    expect(page.url()).toBe(`${stage.app.url}/records/member`)
    // The account chose no language: that of the browser stays.
    await page.waitForFunction((lang) => document.documentElement.lang.startsWith(lang), language)
    const other = language === 'en' ? 'zh' : 'en'
    const menu = page.locator('.bottom button')
    if (await menu.isVisible()) await menu.click()
    await page.locator('.user-button').click()
    await page.locator(`label[lang=${other}]`).click()
    await page.waitForFunction((lang) => document.documentElement.lang.startsWith(lang), other)
  })
})

describe('on a phone, in Chinese', () => {
  const look = phone
  const said = texts.zh

  test('a note that mentions a colleague and a task for them arrive at once: bell, tasks, and the record with the note beside it', async () => {
    const store = await created(stage.app, 'store', { number: '1', name: 'North' })
    const ada = await created(stage.app, 'member', { name: 'Ada Lovelace', store })
    const [writer, reader] = [await person(stage.app, 'Wei', ['clerk'], { stores: [store] }), await person(stage.app, 'Noor', ['clerk'], { stores: [store] })]
    const { page: theirs, errors } = await signedIn(stage, reader, look, '/tasks')
    await theirs.getByRole('heading', { name: said['tasks.noneMine'] }).waitFor()

    const { page } = await signedIn(stage, writer, look, `/records/member/${String(ada)}`)
    const composer = page.locator('timeline-composer')
    if ((await composer.count()) === 0) await page.getByRole('tab', { name: said['timeline.title'] }).click()
    await composer.locator('textarea').pressSequentially('Ask @No')
    await composer.getByRole('option', { name: 'Noor' }).waitFor()
    await page.keyboard.press('Enter')
    await expect.poll(() => composer.locator('textarea').inputValue()).toBe('Ask @Noor ')
    await composer.getByRole('button', { name: said['timeline.send'], exact: true }).click()
    await seen(page.locator('.timeline'), 'Ask @Noor')

    await composer.locator('.pill').nth(1).click()
    await composer.locator('vaadin-text-field input').fill('Call her back')
    await composer.locator('vaadin-combo-box input').last().fill('Noor')
    await page.getByRole('option', { name: 'Noor' }).click()
    await composer.getByRole('button', { name: said['timeline.send'], exact: true }).click()
    await seen(page.locator('.timeline'), 'Call her back')

    const line = theirs.locator('tasks-page li').filter({ hasText: 'Call her back' })
    await line.waitFor()
    await expect.poll(() => theirs.locator('.bell-count').first().textContent()).toContain('2')
    await line.getByRole('checkbox').click()
    await line.waitFor({ state: 'detached' })
    await theirs.getByRole('button', { name: said['undo'] }).click()
    await line.waitFor()
    await theirs.keyboard.press('g')
    await theirs.keyboard.press('n')
    await theirs.locator('inbox-page li').filter({ hasText: 'Ask @Noor' }).getByRole('link').click()
    await theirs.waitForURL(`**/records/member/${String(ada)}#look=note/*`)
    await theirs.locator('record-panel').waitFor()
    await expect.poll(() => page.locator('.faces').getAttribute('aria-label')).toContain('Noor')
    await expect.poll(() => theirs.locator('.bell-count').first().textContent()).toContain('1')
    expect(errors).toEqual([])
  })

  test('two people save one record: the second chooses field by field, and nothing typed is lost', async () => {
    const id = await created(stage.app, 'member', { name: 'Ada', city: 'London', notes: 'before' })
    const { page } = await signedIn(stage, administrator, look, `/records/member/${String(id)}`)
    await input(page, 'name').fill('Ada Mine')
    await input(page, 'city').fill('Mine')
    await input(page, 'phone').fill('+8613812345678')
    const colleague = await stage.app.as(['admin'])
    expect((await colleague.patch(`/api/records/member/${String(id)}`, { name: 'Ada Theirs', city: 'Theirs', notes: 'theirs' }, { 'if-match': '"1"' })).status).toBe(200)
    await page.locator('.save-bar').getByRole('button', { name: said['record.save'], exact: true }).click()

    const dialog = page.getByRole('dialog', { name: said['conflict.title'] })
    await dialog.waitFor()
    expect(await dialog.locator('fieldset').count()).toBe(2)
    await dialog.locator('fieldset').filter({ hasText: 'Ada Theirs' }).getByRole('radio').nth(1).check()
    await dialog.getByRole('button', { name: said['conflict.save'] }).click()
    await page.locator('.save-bar').waitFor({ state: 'detached' })
    expect((await stage.app.admin.get(`/api/records/member/${String(id)}`)).body).toMatchObject({ name: 'Ada Theirs', city: 'Mine', phone: '+8613812345678', notes: 'theirs' })
  })

  test('what somebody else enters comes into the lists that are open; leaving asks, and the key pressed without looking stays', async () => {
    const store = await created(stage.app, 'store', { number: '1', name: 'North' })
    const id = await created(stage.app, 'member', { name: 'Ada', store })
    const { page } = await signedIn(stage, administrator, look, `/records/member/${String(id)}`)
    await input(page, 'name').fill('Ada Lovelace')
    await page.locator('.record-head a').first().click()
    await seen(page, said['record.leaveTitle'])
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent.trim())).toBe(said['record.leaveNo'])
    await page.keyboard.press('Enter')
    await gone(page, said['record.leaveTitle'])
    expect(await input(page, 'name').inputValue()).toBe('Ada Lovelace')

    for (const tab of await page.getByRole('tab').all()) {
      await tab.click()
      if ((await page.locator('related-list').count()) > 0) break
    }
    await seen(page, said['record.relatedNone'])
    await created(stage.app, 'purchase', { number: 'P-77', member: id, store, at: '2026-01-02T10:00:00Z', amount: 12.5 })
    await page.locator('related-list tbody tr').first().waitFor()
  })

  test('a session that ends while typing is renewed over the form, and the save goes through', async () => {
    const id = await created(stage.app, 'member', { name: 'Ada' })
    const { page } = await signedIn(stage, administrator, look, `/records/member/${String(id)}`)
    await input(page, 'name').fill('Ada Lovelace')
    await page.context().clearCookies()
    await page.keyboard.press('Control+s') // not a click: what asks in the background may have met the end of the session first
    await seen(page, said['session.expiredTitle'])
    await page.locator('sign-in input[type=password]').fill(administrator.password)
    await page.keyboard.press('Enter')
    await page.locator('.save-bar').waitFor({ state: 'detached' })
    expect((await stage.app.admin.get(`/api/records/member/${String(id)}`)).body).toMatchObject({ name: 'Ada Lovelace' })
  })
})

test('a field that another administrator publishes comes into a form that is being filled in', async () => {
  const id = await created(stage.app, 'member', { name: 'Ada' })
  const { page } = await signedIn(stage, administrator, {}, `/records/member/${String(id)}`)
  await input(page, 'name').fill('Ada Lovelace')
  const other = await stage.app.as(['admin'])
  await other.patch('/api/definitions/draft', [
    { op: 'add', path: '/member~1entity.json/properties/shoeSize', value: { type: 'integer', title: 'Shoe size' } },
    { op: 'add', path: '/member~1form.default.json/elements/0/elements/0/elements/0', value: { type: 'Control', scope: '#/properties/shoeSize' } },
  ])
  const published = await other.post('/api/definitions/publish', {})
  expect(published.status, published.text).toBe(201)
  await input(page, 'shoeSize').fill('38')
  expect(await input(page, 'name').inputValue()).toBe('Ada Lovelace')
  await page.locator('.save-bar').getByRole('button', { name: texts.en['record.save'], exact: true }).click()
  await page.locator('.save-bar').waitFor({ state: 'detached' })
  expect((await stage.app.admin.get(`/api/records/member/${String(id)}`)).body).toMatchObject({ name: 'Ada Lovelace', shoeSize: 38 })
})
