/** A file at the screen: chosen, looked at, checked, imported, undone; and a list as a file. */
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'

import { accessibilityProblems } from '../support/browser.js'
import { administrator, created, follow, phone, seen, signedIn, stageFor, texts, words } from './support.js'

const stage = stageFor('file')

beforeAll(async () => {
  await created(stage.app, 'store', { number: '1', name: 'North' })
})

describe('on a phone, in Chinese', () => {
  const look = phone
  const { language } = look
  const said = texts[language]

  test('rows of a file become members and go again; what is not accepted is told before and after', async () => {
    const { page, errors } = await signedIn(stage, administrator, look, '/records/member/import')
    await page.locator('import-page .drop').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    const content = `Name,Store,Birthday\nAda ${language},North,1815-12-10\nBob ${language},Nowhere,\nCy ${language},,soon\n`
    await page.locator('import-page input[type=file]').setInputFiles({ name: 'members.csv', mimeType: 'text/csv', buffer: Buffer.from(content) })

    await page.locator('import-columns .row-problems').first().waitFor()
    expect(page.url()).toMatch(/\/records\/member\/import\/\d+$/)
    expect(await page.locator('import-columns .row-problems').count()).toBe(2)
    await page.reload() // everything chosen is still there
    await page.locator('import-columns .row-problems').first().waitFor()
    expect(await accessibilityProblems(page)).toEqual([])

    await page.getByRole('button', { name: said['import.check'] }).click()
    await seen(page, said['import.checkedTitle'])
    expect((await stage.app.admin.get('/api/records/member?count=true&limit=1')).body).toMatchObject({ count: 0 })

    await page.getByRole('button', { name: said['import.start'], exact: true }).click()
    await page.getByRole('link', { name: said['import.another'] }).waitFor()
    expect(await page.locator('.tiles dd').allTextContents()).toEqual(['1', '2'])
    expect(await accessibilityProblems(page)).toEqual([])

    // The file of what was not accepted says why in the reader's language.
    const saving = page.waitForEvent('download')
    await page.getByRole('button', { name: said['import.rejected'].replace('{count}', '2') }).click()
    const lines = readFileSync(await (await saving).path(), 'utf8').trimEnd().split('\r\n')
    expect(lines[0]).toBe(`\uFEFFName,Store,Birthday,${said['import.reasonsColumn']}`)
    expect(lines.slice(1)).toEqual([expect.stringContaining(language === 'zh' ? '没有您可以关联的“Nowhere”' : 'There is no “Nowhere”'), expect.stringContaining(language === 'zh' ? '无法识别“soon”' : '“soon” is not understood')])

    await page.getByRole('button', { name: said['import.undo'] }).click()
    await page.locator('vaadin-confirm-dialog vaadin-button[slot=confirm-button]').click()
    await page.locator('.undone').waitFor()
    await expect.poll(async () => ((await stage.app.admin.get('/api/records/member?count=true&limit=1')).body as { count: number }).count).toBe(0)

    // What is wrong is said in the reader's language; what looks like a record that is there is told before it is made.
    const twin = await created(stage.app, 'member', { name: 'Dora Double', birthday: '1990-01-02' })
    await follow(page, '/records/member/import')
    await page.locator('import-page input[type=file]').setInputFiles({ name: 'more.csv', mimeType: 'text/csv', buffer: Buffer.from(`Name,Birthday,Store\nDora Doubel,1990-01-02,North\nEd ${language},02/13/1990,Nowhere\n`) })
    await page.locator('import-page .row-alike a').waitFor()
    expect(await page.locator('import-page .row-alike a').getAttribute('href')).toBe(`/records/member/${String(twin)}`)
    expect(await page.locator('import-columns .row-problems').allTextContents()).toEqual([expect.stringContaining(language === 'zh' ? '没有您可以关联的“Nowhere”' : 'There is no “Nowhere”')])
    await words(page, said['import.alike.skip'], { exact: true }).click()
    await page.locator('import-columns [aria-busy=false]').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await page.getByRole('button', { name: said['import.start'], exact: true }).click()
    await page.getByRole('link', { name: said['import.another'] }).waitFor()
    expect(await page.locator('.tiles dd').allTextContents()).toEqual(['0', '1', '1'])
    await stage.app.admin.delete(`/api/records/member/${String(twin)}`)

    await follow(page, '/records/member')
    await page.getByRole('button', { name: said['list.tools'] }).click()
    await page.getByRole('button', { name: said['list.exportMenu'] }).click()
    await expect.poll(() => page.locator('.export-menu a').count()).toBe(3) // it is loaded when it is opened for the first time
    expect(errors).toEqual([])
  })
})
