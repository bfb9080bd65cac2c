import { afterAll, beforeAll, expect, test } from 'vitest'

import { accessibilityProblems, openBrowser, openWindow, type Browser } from './browser.js'

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})

afterAll(() => browser.close())

test('a window has the wished size, theme and language, and keeps what went wrong', async () => {
  const { page, errors, context } = await openWindow(browser, { width: 390, theme: 'dark', language: 'zh' })
  await page.setContent("<script>console.error('broken')</script>")
  const seen = await page.evaluate(() => [innerWidth, matchMedia('(prefers-color-scheme: dark)').matches, navigator.language])
  expect(seen).toEqual([390, true, 'zh-CN'])
  expect(errors).toEqual(['broken'])
  await context.close()
})

test('a field without a name is an accessibility problem, with one it is none', async () => {
  const { page, context } = await openWindow(browser)
  const field = (label: string) => `<!doctype html><html lang="en"><title>t</title><meta http-equiv="Content-Security-Policy" content="script-src 'none'"><main>${label}</main></html>`
  await page.setContent(field('<input>'))
  expect(await accessibilityProblems(page)).toEqual([expect.stringMatching(/^label: /)])
  await page.setContent(field('<label>Name <input></label>'))
  expect(await accessibilityProblems(page)).toEqual([])
  await context.close()
})
