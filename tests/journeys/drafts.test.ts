/** The draft of an administrator: the same by keyboard, text and panels, and whoever else publishes meanwhile. */
import { describe, expect, test } from 'vitest'

import { accessibilityProblems } from '../support/browser.js'
import { placeOn, publish, writeFormula } from './designing.js'
import { seen } from './support.js'

const member = '/studio/entities/member'

describe('a draft', () => {
  const place = placeOn('sqlite')

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
    await page.getByRole('link', { name: 'Gift cards', exact: true }).click()
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
    await writeFormula(rules, /^Value of/, 'name +')
    await expect.poll(() => rules.getByRole('status').textContent()).toContain('Something is missing at the end.')
    await writeFormula(rules, /^Value of/, 'trim(name)')
    await expect.poll(() => rules.getByRole('status').count()).toBe(0)
    expect(await accessibilityProblems(page)).toEqual([])
    await rules.getByRole('button', { name: /^Remove rule/ }).last().click()
    await page.getByLabel('Title, one record', { exact: true }).fill('Guest')
    await page.getByRole('link', { name: 'Text', exact: true }).click()
    await page.getByRole('navigation', { name: 'All definitions' }).locator('a[title="member/entity.json"]').click()
    await editor.locator('.view-line').filter({ hasText: '"title": "Guest"' }).waitFor()
    expect(errors).toEqual([])
  })

  test('when another administrator publishes first, the draft comes along; at the same place a person chooses', async () => {
    const { page } = await place.open(`${member}?field=city`)
    const other = await place.app.as(['admin'])
    await page.getByLabel('Title', { exact: true }).fill('Town')
    await expect.poll(() => page.locator('.save-state').textContent()).toBe('Saved in your draft')
    expect((await other.request('PUT', '/api/definitions/presence', { body: { page: 'page-of-other-0001', editing: true } })).status).toBe(200)
    await page.getByRole('img', { name: /has changes here that are not published$/ }).waitFor()
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
