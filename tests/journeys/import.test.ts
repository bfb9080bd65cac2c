/** A file at the screen: chosen, looked at, checked, imported, undone; and a list as a file. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { startApp, type App } from '../support/app.js'
import { accessibilityProblems, openBrowser, type Browser } from '../support/browser.js'
import { administrator, created, signedIn, texts, type Language } from './support.js'

let browser: Browser
let app: App
beforeAll(async () => {
  browser = await openBrowser()
  app = await startApp({ database: 'sqlite' })
  await created(app, 'store', { number: '1', name: 'North' })
})
afterAll(async () => {
  await browser.close()
  await app.close()
})

const looks: readonly { readonly language: Language; readonly width: number }[] = [{ language: 'en', width: 1440 }, { language: 'zh', width: 390 }]

describe.each(looks)('in $language at $width px', ({ language, width }) => {
  const said = texts[language]

  test('rows of a file become members and go again; what is not accepted is told before and after', async () => {
    const { page, errors } = await signedIn(browser, app, administrator, { language, width, height: width < 500 ? 844 : 900 })
    await page.goto(`${app.url}/records/member/import`)
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
    await page.getByText(said['import.checkedTitle']).waitFor()
    expect((await app.admin.get('/api/records/member?count=true&limit=1')).body).toMatchObject({ count: 0 })

    await page.getByRole('button', { name: said['import.start'], exact: true }).click()
    await page.getByRole('link', { name: said['import.another'] }).waitFor()
    expect(await page.locator('.tiles dd').allTextContents()).toEqual(['1', '2'])
    expect(await accessibilityProblems(page)).toEqual([])

    await page.getByRole('button', { name: said['import.undo'] }).click()
    await page.locator('vaadin-confirm-dialog vaadin-button[slot=confirm-button]').click()
    await page.locator('.undone').waitFor()
    await expect.poll(async () => ((await app.admin.get('/api/records/member?count=true&limit=1')).body as { count: number }).count).toBe(0)

    // What is wrong is said in the reader's language; what looks like a record that is there is told before it is made.
    const twin = await created(app, 'member', { name: 'Dora Double', birthday: '1990-01-02' })
    await page.goto(`${app.url}/records/member/import`)
    await page.locator('import-page input[type=file]').setInputFiles({ name: 'more.csv', mimeType: 'text/csv', buffer: Buffer.from(`Name,Birthday,Store\nDora Doubel,1990-01-02,North\nEd ${language},02/13/1990,Nowhere\n`) })
    await page.locator('import-page .row-alike a').waitFor()
    expect(await page.locator('import-page .row-alike a').getAttribute('href')).toBe(`/records/member/${String(twin)}`)
    expect(await page.locator('import-columns .row-problems').allTextContents()).toEqual([expect.stringContaining(language === 'zh' ? '没有您可以关联的“Nowhere”' : 'There is no “Nowhere”')])
    await page.getByText(said['import.alike.skip'], { exact: true }).click()
    await page.locator('import-columns [aria-busy=false]').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await page.getByRole('button', { name: said['import.start'], exact: true }).click()
    await page.getByRole('link', { name: said['import.another'] }).waitFor()
    expect(await page.locator('.tiles dd').allTextContents()).toEqual(['0', '1', '1'])
    await app.admin.delete(`/api/records/member/${String(twin)}`)

    await page.goto(`${app.url}/records/member`)
    await page.getByRole('button', { name: said['list.exportMenu'] }).click()
    expect(await page.locator('.export-menu a').count()).toBe(3)
    expect(errors).toEqual([])
    await page.context().close()
  })
})
