/**
 * `npm run bench -- screens`: what people wait for at the screen, in a real browser, on 100,000 members, 1,000,000 purchases and a form
 * of 200 fields. Prints what was measured beside what is promised; asserts nothing. A headless browser draws without a graphics card, so frames
 * are told beside those of a bare grid of the same component.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JsonObject } from '../../metadata/contract/json.js'
import { openBrowser, openWindow, type Browser, type Page } from '../support/browser.js'
import { signIn, type Client } from '../support/client.js'
import { openConnection } from './baseline-database.js'
import { copyDatabase, emails, password, seededDatabases } from './databases.js'
import { bareGrid, frames } from './scroll.js'
import { startOurs } from './servers.js'
import { median, table, type Cell } from './table.js'

const say = (line: string): void => void process.stderr.write(`${line}\n`)
/** Each is measured so often; the median counts. */
const times = 5
const wideFields = 200
/** How long a reader looks at a list, at least, before opening a record. */
const readingMs = 2_500
const readyMark = 'ready after '
const wholeMark = 'whole after '
const rows: Cell[][] = []
const kB = (bytes: number): number => Math.round(bytes / 100) / 10
const row = (what: string, measured: number, unit: string, promised: string): number => rows.push([what, `${String(measured)} ${unit}`, promised])

const folder = await mkdtemp(join(tmpdir(), 'tessera-screens-'))
try {
  const path = join(folder, 'screens.db')
  await copyDatabase((await seededDatabases(say)).ours, path)
  await doublePurchases(path)
  const server = await startOurs(`sqlite:${path}`)
  const browser = await openBrowser()
  try {
    await addWideEntity(await signIn(server.url, emails.admin, password))
    await measure(browser, server.url)
  } finally {
    await browser.close()
    await server.stop()
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}
const [cpu] = cpus()
process.stdout.write(`\n${String(cpus().length)} x ${cpu?.model.trim() ?? 'unknown'}, load ${loadavg()[0]?.toFixed(1) ?? ''}, Node ${process.version}; medians of ${String(times)}\n\n${table(['screen', 'measured', 'promised'], rows)}\n`)

/** 500,000 purchases once more, past the product: only reading is measured. */
async function doublePurchases(path: string): Promise<void> {
  say('Doubling the purchases ...')
  const database = await openConnection(path)
  const columns = (await database.all("SELECT name FROM pragma_table_info('purchase') WHERE name <> 'id'", [])).map(({ name }) => `"${String(name)}"`).join(', ')
  await database.all(`INSERT INTO purchase (${columns}) SELECT ${columns} FROM purchase`, [])
  await database.close()
}

async function addWideEntity(admin: Client): Promise<void> {
  const fields = Array.from({ length: wideFields }, (_, i): [string, JsonObject] => [`field${String(i)}`, [{ type: 'string', maxLength: 80 }, { type: 'integer' }, { enum: ['a', 'b', 'c'] }, { type: 'string', format: 'date' }][i % 4] ?? {}])
  const added = await admin.patch('/api/definitions/draft', [{ op: 'add', path: '/wide~1entity.json', value: { type: 'object', title: 'Wide', properties: Object.fromEntries(fields), crm: { plural: 'Wide ones', display: 'field0' } } }])
  const published = await admin.post('/api/definitions/publish', { message: 'benchmark' })
  if (added.status !== 200 || published.status !== 201) throw new Error(added.text + published.text)
}

async function measure(browser: Browser, url: string): Promise<void> {
  const { page, context } = await openWindow(browser)
  await page.goto(url)
  await page.locator('sign-in input[autocomplete=username]').fill(emails.admin)
  await page.locator('sign-in input[type=password]').fill(password)
  await page.keyboard.press('Enter')
  await page.locator('side-bar').waitFor()
  const state = await context.storageState()

  say('The first screen ...')
  const cold: FirstScreen[] = []
  for (let i = 0; i < times; i++) cold.push(await firstScreen(browser, url, state))
  row('Script of the first screen (a list), as it is sent', kB(median(cold.map(({ script }) => script))), 'kB', '200 kB')
  row('Files of script of the first screen', median(cold.map(({ files }) => files)), '', '')
  row('Rows can be read and opened, nothing cached, processor slowed down four times', Math.round(median(cold.map(({ ready }) => ready))), 'ms', '1,000 ms')
  row('The same until the grid has taken their place', Math.round(median(cold.map(({ whole }) => whole))), 'ms', '')

  say('Lists and records ...')
  row('Rows of 1,000,000 purchases, from the click in the navigation', await repeated(page, async () => {
    await page.goto(`${url}/records/store`)
    await page.locator('vaadin-grid a').first().waitFor()
    return clickUntil(page, 'side-bar a[href^="/records/purchase"]', ':is(.first-rows, vaadin-grid) a[href^="/records/purchase/"]')
  }), 'ms', '150 ms')
  const record = (pause: number): Promise<number> => repeated(page, async () => {
    await page.goto(`${url}/records/member`)
    await page.locator('vaadin-grid a').first().waitFor()
    await page.waitForTimeout(pause)
    return clickUntil(page, 'vaadin-grid a[href^="/records/member/"]', 'record-page record-form .form-field')
  })
  row('A record, from the click in the list', await record(readingMs), 'ms', '150 ms')
  row('The same when it is clicked in the moment in which the first row is there', await record(0), 'ms', '')

  say('A form of 200 fields ...')
  await page.goto(`${url}/records/wide/new`)
  await page.locator('record-page input').first().waitFor()
  row(`A keystroke in a form of ${String(wideFields)} fields, until the next frame is ready`, Math.round(median(await keystrokes(page)) * 10) / 10, 'ms', '16 ms')

  say('Scrolling ...')
  await page.goto(`${url}/records/member`)
  await page.locator('vaadin-grid a').first().waitFor()
  await frames(page)
  await page.evaluate(() => document.querySelector('vaadin-grid')?.shadowRoot?.querySelector('#table')?.scrollTo(0, 0))
  const ours = await frames(page)
  await bareGrid(page, 'member', 100_000)
  const bare = await frames(page)
  row('A frame while 100,000 members scroll', Math.round(median(ours)), 'ms', `${String(Math.round(median(bare)))} ms in a bare grid`)
  row('Frames of more than 50 ms among 300', ours.filter((time) => time > 50).length, '', `${String(bare.filter((time) => time > 50).length)} in a bare grid`)
}

async function repeated(page: Page, once: () => Promise<number>): Promise<number> {
  const measured: number[] = []
  await once() // the browser has the screen's files from now on
  for (let i = 0; i < times; i++) measured.push(await once())
  await page.waitForLoadState()
  return Math.round(median(measured))
}

interface FirstScreen {
  /** Bytes as they are sent (Brotli). */
  readonly script: number
  readonly files: number
  /** Milliseconds until the first row of a list is there and the page has a moment for the reader. */
  readonly ready: number
  /** The same for the grid, which scrolls, sorts and ticks. */
  readonly whole: number
}

/**
 * The page tells itself when it is ready: what looks into it from outside would be slowed down with it. What is loaded behind that, while it
 * is at rest, is not part of the first screen.
 */
async function firstScreen(browser: Browser, url: string, storageState: Awaited<ReturnType<Awaited<ReturnType<Browser['newContext']>>['storageState']>>): Promise<FirstScreen> {
  const context = await browser.newContext({ storageState, viewport: { width: 1440, height: 900 }, serviceWorkers: 'block' })
  const page = await context.newPage()
  const tools = await context.newCDPSession(page)
  await tools.send('Network.enable')
  await tools.send('Emulation.setCPUThrottlingRate', { rate: 4 })
  await page.addInitScript((marks) => {
    for (const [mark, selector] of marks) {
      new MutationObserver((_changes, observer) => {
        if (document.querySelector(selector) === null) return
        observer.disconnect()
        performance.mark(mark)
        requestAnimationFrame(() => setTimeout(() => console.debug(`${mark}${String(performance.now())}`)))
      }).observe(document, { childList: true, subtree: true })
    }
  }, [[readyMark, '.first-rows a, vaadin-grid a'], [wholeMark, 'vaadin-grid a']] as const)
  const told = async (mark: string): Promise<number> => Number((await page.waitForEvent('console', (message) => message.text().startsWith(mark))).text().slice(mark.length))
  const both = Promise.all([told(readyMark), told(wholeMark)])
  await page.goto(`${url}/records/member`, { waitUntil: 'commit' })
  const [ready, whole] = await both
  const sizes = await page.evaluate((mark) => {
    const until = performance.getEntriesByName(mark)[0]?.startTime ?? 0
    return performance.getEntriesByType('resource').filter(({ name, startTime }) => name.endsWith('.js') && startTime <= until).map((entry) => (entry as PerformanceResourceTiming).encodedBodySize)
  }, readyMark)
  await context.close()
  return { script: sizes.reduce((sum, size) => sum + size, 0), files: sizes.length, ready, whole }
}

/** Milliseconds from a click until something is there and drawn; measured inside of the page. */
function clickUntil(page: Page, click: string, there: string): Promise<number> {
  return page.evaluate(async ([from, to]) => {
    const target = document.querySelector<HTMLElement>(from ?? '')
    if (target === null) throw new Error(`there is no ${from ?? ''}`)
    const begin = performance.now()
    target.click()
    while (document.querySelector(to ?? '') === null) await new Promise((resolve) => requestAnimationFrame(resolve))
    // Found at the beginning of its frame, which is drawn before anything else runs.
    await new Promise((resolve) => setTimeout(resolve))
    return performance.now() - begin
  }, [click, there])
}

/** Milliseconds of work that a typed letter costs, its frame included. */
function keystrokes(page: Page): Promise<number[]> {
  return page.evaluate(async () => {
    const input = document.querySelector<HTMLInputElement>('record-page input[type=text], record-page input:not([type])')
    if (input === null) throw new Error('there is no input')
    input.focus()
    const measured: number[] = []
    for (const letter of 'a form with very many fields and one that is typed into') {
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
      const begin = performance.now()
      document.execCommand('insertText', false, letter)
      await Promise.resolve()
      // Whatever follows from it is done before the next frame; reading a place makes the page lay itself out.
      await new Promise((resolve) => setTimeout(resolve))
      document.body.getBoundingClientRect()
      measured.push(performance.now() - begin)
    }
    return measured
  })
}
