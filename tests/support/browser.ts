/** A real browser for journeys, and what is wrong on a page for people who cannot see, hear or point. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

import type axe from 'axe-core'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'

import { chromiumLaunch } from './chromium.js'

export type { Browser, Locator, Page } from 'playwright-core'

export interface Look {
  /** Pixels; a desktop's 1440 × 900 when absent. */
  readonly width?: number
  readonly height?: number
  readonly theme?: 'light' | 'dark'
  readonly language?: 'en' | 'zh'
  /** Keeps the shell as browsers do. Otherwise every window asks the server for everything. */
  readonly keepsShell?: boolean
}

/** Starts the browser; close it after the last test of the file. */
export async function openBrowser(): Promise<Browser> {
  return chromium.launch(await chromiumLaunch())
}

/** A person's own window: nothing is shared with other windows, and what the page logs as an error is collected. */
export async function openWindow(browser: Browser, look: Look = {}): Promise<{ page: Page; context: BrowserContext; errors: string[] }> {
  const context = await browser.newContext({
    viewport: { width: look.width ?? 1440, height: look.height ?? 900 },
    colorScheme: look.theme ?? 'light',
    locale: look.language === 'zh' ? 'zh-CN' : 'en-GB',
    timezoneId: 'Europe/Berlin',
    reducedMotion: 'reduce',
    serviceWorkers: look.keepsShell === true ? 'allow' : 'block',
  })
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => void (message.type() === 'error' && errors.push(message.text())))
  return { page, context, errors }
}

const axeSource = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe-core finds against WCAG 2.2 A and AA: one line per rule and element; empty when nothing. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  await page.evaluate(await axeSource) // evaluated, not added as a script: the page's security policy stays as it is
  const { violations } = await page.evaluate(async () => {
    const { axe: loaded } = globalThis as unknown as { axe: typeof axe }
    return loaded.run(document, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })
  })
  return violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help} at ${node.target.join(' ')}`))
}
