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
  const { args, ...launch } = await chromiumLaunch()
  // The windows of a profile share a process, and with it the modules that it has compiled.
  return chromium.launch({ ...launch, args: [...args, '--renderer-process-limit=1'] })
}

/** What a person has of their own: cookies, storage, a language. Nothing is shared with other profiles. */
export async function openProfile(browser: Browser, { language, keepsShell }: Look = {}): Promise<BrowserContext> {
  return browser.newContext({
    locale: language === 'zh' ? 'zh-CN' : 'en-GB',
    timezoneId: 'Europe/Berlin',
    reducedMotion: 'reduce',
    serviceWorkers: keepsShell === true ? 'allow' : 'block',
  })
}

/** A window that looks like this; what its page logs as an error is collected. */
export async function windowIn(context: BrowserContext, { width, height, theme }: Look = {}): Promise<{ page: Page; errors: string[] }> {
  const page = await context.newPage()
  await page.setViewportSize({ width: width ?? 1440, height: height ?? 900 })
  await page.emulateMedia({ colorScheme: theme ?? 'light' })
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => void (message.type() === 'error' && errors.push(message.text())))
  return { page, errors }
}

/** A window in a profile of its own. */
export async function openWindow(browser: Browser, look: Look = {}): Promise<{ page: Page; context: BrowserContext; errors: string[] }> {
  const context = await openProfile(browser, look)
  return { context, ...(await windowIn(context, look)) }
}

const axeSource = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What fades in or out is there or gone: on its way it has no colours of its own. What turns without an end is not waited for. */
const settled = (page: Page): Promise<unknown> =>
  page.evaluate(() => {
    const roots = (root: Document | ShadowRoot): readonly (Document | ShadowRoot)[] => [root, ...[...root.querySelectorAll('*')].flatMap(({ shadowRoot }) => (shadowRoot === null ? [] : roots(shadowRoot)))]
    const moving = roots(document).flatMap((root) => root.getAnimations()).filter(({ playState, effect }) => playState === 'running' && effect?.getComputedTiming().endTime !== Infinity)
    return Promise.allSettled(moving.map(async ({ finished }) => void (await finished)))
  })

/**
 * What axe-core finds against WCAG 2.2 A and AA: one line per rule and element; empty when nothing. The side bar stands beside
 * every page and costs as much to look at: it is part of the `window` only.
 */
export async function accessibilityProblems(page: Page, of: 'page' | 'window' = 'page'): Promise<string[]> {
  // Evaluated, not added as a script: the page's security policy stays as it is. Once for a page, as it takes half as long as the looking.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(await axeSource)
  await settled(page)
  const { violations } = await page.evaluate(async (exclude) => {
    const { axe: loaded } = globalThis as unknown as { axe: typeof axe }
    return loaded.run({ exclude }, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })
  }, of === 'page' ? ['side-bar'] : [])
  return violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help} at ${node.target.join(' ')}`))
}
