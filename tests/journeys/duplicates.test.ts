/** Finding and merging at the screen, by keyboard: hints while typing, two records side by side, and back again; times in the person's own zone. */
import { describe, expect, test } from 'vitest'

import { accessibilityProblems } from '../support/browser.js'
import { administrator, created, desk, follow, input, person, phone, seen, signedIn, stageFor, texts } from './support.js'

const stage = stageFor('test')

describe('on a phone, in Chinese', () => {
  const look = phone
  const said = texts.zh

  test('who types a member that is there is told, and may take that one', async () => {
    const id = await created(stage.app, 'member', { name: '张伟', birthday: '1990-01-31', email: 'wei@example.com' })
    const { page, errors } = await signedIn(stage, administrator, look, '/records/member/new')
    await input(page, 'name').fill('Zhang')
    await input(page, 'email').fill('WEI@example.com')
    const hints = page.getByRole('status', { name: said['duplicates.hint'] })
    await seen(hints, '张伟')
    expect(await accessibilityProblems(page)).toEqual([])
    await hints.getByRole('button', { name: said['duplicates.use'] }).press('Enter')
    await page.waitForURL(`**/records/member/${String(id)}`)
    await seen(page.locator('h1'), '张伟')
    expect(errors).toEqual([])
  })

  test('two records become one, links lead on, and undo makes two of them again', async () => {
    const keep = await created(stage.app, 'member', { name: 'Ann Lee', city: 'Oldtown', birthday: '1980-02-03' })
    const gone = await created(stage.app, 'member', { name: 'Anne Lee', city: 'Newtown', birthday: '1980-02-03', email: 'anne@example.com' })
    const sold = await created(stage.app, 'purchase', { number: 'P-9', member: gone, at: '2026-01-02T10:00:00Z', amount: 12.5 })
    const { page, errors } = await signedIn(stage, administrator, look, '/records/member/duplicates')
    await seen(page, 'Ann Lee', { exact: true })
    expect(await accessibilityProblems(page)).toEqual([])
    await page.getByRole('link', { name: said['duplicates.merge'] }).press('Enter')
    await page.getByRole('group', { name: said['merge.survivor'] }).waitFor()
    await seen(page.locator('.merge-actions [role=status]'), /1.*1/)
    expect(await accessibilityProblems(page)).toEqual([])
    const old = page.getByRole('radio', { name: /: Ann Lee$/ }).and(page.locator('[name=field-city]'))
    await old.press('Space')
    await page.getByRole('button', { name: said['merge.confirm'], exact: true }).press('Enter')
    await page.waitForURL(`**/records/member/${String(keep)}`)
    expect((await stage.app.admin.get(`/api/records/member/${String(keep)}`)).body).toMatchObject({ city: 'Oldtown', email: 'anne@example.com' })
    expect((await stage.app.admin.get(`/api/records/purchase/${String(sold)}`)).body).toMatchObject({ member: keep })
    await page.getByRole('button', { name: said['undo'], exact: true }).press('Enter')
    await expect.poll(async () => (await stage.app.admin.get(`/api/records/member/${String(gone)}`)).status).toBe(200)
    expect((await stage.app.admin.get(`/api/records/purchase/${String(sold)}`)).body).toMatchObject({ member: gone })

    await stage.app.admin.post('/api/records/member/merge', { survivor: keep, others: [gone] })
    await follow(page, `/records/member/${String(gone)}`)
    await page.waitForURL(`**/records/member/${String(keep)}`)
    // Later, too: from the list of what was merged.
    await follow(page, '/records/member/duplicates')
    await page.locator('merges-list button').first().press('Enter')
    await page.locator('vaadin-confirm-dialog vaadin-button[slot=confirm-button]').click()
    await expect.poll(async () => (await stage.app.admin.get(`/api/records/member/${String(gone)}`)).status).toBe(200)
    await seen(page, said['merges.isUndone'])
    await page.locator('vaadin-confirm-dialog').waitFor({ state: 'detached' }) // while it fades it has no colours of its own
    expect(await accessibilityProblems(page)).toEqual([])
    expect(errors.filter((error) => !error.includes('404'))).toEqual([])
  })
})

describe('at a desk, in English', () => {
  const look = desk
  const said = texts.en

  test('"Today" is the day of the person, not of the browser', async () => {
    // At any hour one of these two has another day than the stage.browser.
    const dayIn = (timeZone: string): string => new Intl.DateTimeFormat('sv-SE', { timeZone }).format()
    const timeZone = ['Pacific/Kiritimati', 'Pacific/Niue'].find((zone) => dayIn(zone) !== dayIn('Europe/Berlin')) ?? ''
    const who = await person(stage.app, 'elsewhere', ['admin'], { timeZone })
    const { page, errors } = await signedIn(stage, who, look, '/records/member/new')
    const field = page.locator('[data-key=birthday] vaadin-date-picker')
    await field.locator('[slot=input]').click()
    await page.locator('vaadin-date-picker-overlay-content [slot=today-button]').click()
    await expect.poll(() => field.evaluate((picker) => (picker as HTMLElement & { value: string }).value)).toBe(dayIn(timeZone))
    expect(errors).toEqual([])
  })

  test('a moment is entered and shown in the zone of the person, not of the browser', async () => {
    const who = await person(stage.app, 'kiritimati', ['admin'], { timeZone: 'Pacific/Kiritimati' })
    const sold = await created(stage.app, 'purchase', { number: 'P-1', at: '2026-01-01T10:30:00Z', amount: 1 })
    const { page, errors } = await signedIn(stage, who, look, `/records/purchase/${String(sold)}`)
    const time = page.locator('vaadin-date-time-picker').first()
    await time.waitFor()
    expect(await time.evaluate((picker) => (picker as HTMLElement & { value: string }).value)).toBe('2026-01-02T00:30')
    await seen(time, 'Pacific/Kiritimati')
    await time.locator('vaadin-time-picker input').fill('09:15')
    await page.keyboard.press('Tab')
    await page.locator('.save-bar').getByRole('button', { name: said['record.save'], exact: true }).click()
    await page.locator('.save-bar').waitFor({ state: 'detached' })
    expect((await stage.app.admin.get(`/api/records/purchase/${String(sold)}`)).body).toMatchObject({ at: '2026-01-01T19:15:00.000Z' })
    expect(errors).toEqual([])
  })
})
