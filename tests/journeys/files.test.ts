/** Files and the past at the screen: a picture is chosen, seen, removed and taken back; an old value goes into the form; the log tells. */
import { describe, expect, test } from 'vitest'
import sharp from 'sharp'

import { accessibilityProblems } from '../support/browser.js'
import { administrator, created, desk, follow, input, phone, seen, signedIn, stageFor, texts } from './support.js'

const stage = stageFor('file')

describe('on a phone, in Chinese', () => {
  const look = phone
  const said = texts.zh

  test('a picture is sent, seen small and large, removed, taken back, and saved with the record', async () => {
    const product = await created(stage.app, 'product', { code: 'P-1', name: 'Lamp' })
    const { page, errors } = await signedIn(stage, administrator, look, `/records/product/${product}`)
    const field = page.locator('file-input')
    const buffer = await sharp({ create: { width: 640, height: 480, channels: 3, background: '#3366cc' } }).jpeg().toBuffer()
    await field.locator('input[type=file]').setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture') })
    await seen(field, said['field.file.kind'])
    await field.locator('.files-sending button').last().click()
    await field.locator('input[type=file]').setInputFiles({ name: 'lamp.jpg', mimeType: 'image/jpeg', buffer })
    await seen(field, 'lamp.jpg', { exact: true })
    await page.locator('.save-bar').getByRole('button', { name: said['record.save'], exact: true }).click()
    await page.locator('.save-bar').waitFor({ state: 'detached' })
    expect((await stage.app.admin.get(`/api/records/product/${product}`)).body).toMatchObject({ picture: { name: 'lamp.jpg', type: 'image/jpeg' } })

    await page.reload()
    await expect.poll(() => field.locator('img').evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(320)
    expect(await accessibilityProblems(page)).toEqual([])
    await field.locator('button.file-face').click()
    await page.locator('.picture-dialog img').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.locator('.picture-dialog').waitFor({ state: 'detached' })

    await field.getByRole('button', { name: said['field.file.remove'].replace('{name}', 'lamp.jpg') }).click()
    await page.locator('.save-bar').waitFor()
    await page.keyboard.press('Enter') // the focus is on "undo"
    await seen(field, 'lamp.jpg', { exact: true })
    await page.locator('.save-bar').waitFor({ state: 'detached' })
    await page.locator('.record-head .face img').waitFor()
    await follow(page, '/records/product')
    await page.locator('record-list').getByRole('img', { name: 'lamp.jpg', exact: true }).first().waitFor()
    expect(errors).toEqual([])
  }, 90_000)
})

describe('at a desk, in English', () => {
  const look = desk
  const said = texts.en

  test('an old value is found in the history, put into the form and saved; who looked is in the log', async () => {
    const member = await created(stage.app, 'member', { name: 'Ann', city: 'Old Town', address: '1 Main St' })
    await stage.app.admin.patch(`/api/records/member/${member}`, { city: 'New Town' })
    const { page, errors } = await signedIn(stage, administrator, look, `/records/member/${member}`)
    await page.locator('record-rail').getByRole('tab').last().click()
    await page.locator('history-panel .see').last().click()
    const dialog = page.locator('past-dialog dialog')
    await seen(dialog, 'Old Town')
    expect(await accessibilityProblems(page)).toEqual([])
    await dialog.locator('tr', { hasText: 'Old Town' }).getByRole('button').click()
    await dialog.waitFor({ state: 'detached' })
    expect(await input(page, 'city').inputValue()).toBe('Old Town')
    await page.locator('.save-bar').getByRole('button', { name: said['record.save'], exact: true }).click()
    await page.locator('.save-bar').waitFor({ state: 'detached' })
    expect((await stage.app.admin.get(`/api/records/member/${member}`)).body).toMatchObject({ city: 'Old Town', version: 3 })

    await page.locator('.recorded a').click()
    await page.locator('.audit-list li').first().waitFor()
    expect(await page.locator('.audit-list').textContent()).toContain(said['audit.did.looked'])
    expect(await accessibilityProblems(page)).toEqual([])
    await page.locator('select[name=kind]').selectOption('signIns')
    await page.locator('.empty-state').waitFor() // nobody signs in to a record
    await page.locator('select[name=entity]').selectOption('')
    await seen(page, said['audit.did.signedIn'])
    expect(errors).toEqual([])
  }, 90_000)
})
