/**
 * How smoothly a long list scrolls: time between frames while the products of a running deployment pass by, beside a
 * bare grid of the same rows and columns in the same browser. Called by hand:
 *   npx tsx tests/bench/scroll.ts http://127.0.0.1:4000 admin@example.com PASSWORD
 * A headless browser draws without a graphics card: compare the rows of the table with each other, not with a screen.
 */
import { openBrowser, openWindow, type Page } from '../support/browser.js'

const [url = 'http://127.0.0.1:4000', email = 'admin@example.com', password = ''] = process.argv.slice(2)
/** Pixels of one step: a quick turn of the wheel. */
const stepPx = 240
const steps = 300

/** Milliseconds between frames while the list with rows in it is scrolled step by step. */
async function frames(page: Page): Promise<number[]> {
  return page.evaluate(async ({ stepPx: step, steps: count }) => {
    const table = document.querySelector('vaadin-grid')?.shadowRoot?.querySelector('#table')
    if (!table) throw new Error('there is no grid')
    const times: number[] = []
    let last = performance.now()
    for (let i = 0; i < count; i += 1) {
      table.scrollTop += step
      await new Promise((resolve) => requestAnimationFrame(resolve))
      const now = performance.now()
      times.push(now - last)
      last = now
    }
    return times
  }, { stepPx, steps })
}

/** The same rows in a grid without any of our rendering: what the component alone costs. */
async function bareGrid(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const shown = document.querySelector('vaadin-grid')
    if (!shown) throw new Error('there is no grid')
    const columns = [...shown.querySelectorAll('vaadin-grid-column')].length
    const { records } = (await (await fetch('/api/records/product?limit=500')).json()) as { records: Record<string, unknown>[] }
    const keys = Object.keys(records[0] ?? {}).slice(0, columns)
    const grid = document.createElement('vaadin-grid') as HTMLElement & { items: unknown[] }
    grid.style.height = `${String(shown.clientHeight)}px`
    for (const key of keys) {
      const column = document.createElement('vaadin-grid-column')
      column.setAttribute('path', key)
      column.setAttribute('header', key)
      grid.append(column)
    }
    grid.items = Array.from({ length: 92_331 }, (_, index) => records[index % records.length])
    document.body.replaceChildren(grid)
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  })
}

const at = (sorted: readonly number[], share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0

function row(name: string, times: readonly number[]): Record<string, string | number> {
  const sorted = times.toSorted((a, b) => a - b)
  return { list: name, 'p50 ms': Math.round(at(sorted, 0.5)), 'p95 ms': Math.round(at(sorted, 0.95)), 'longest ms': Math.round(at(sorted, 1)) }
}

const browser = await openBrowser()
try {
  const { page } = await openWindow(browser)
  await page.goto(url)
  await page.locator('sign-in input[autocomplete=username]').fill(email)
  await page.locator('sign-in input[type=password]').fill(password)
  await page.keyboard.press('Enter')
  await page.locator('side-bar').waitFor()
  await page.goto(`${url}/records/product`)
  await page.locator('vaadin-grid a').first().waitFor()
  const cold = await frames(page)
  await page.evaluate(() => document.querySelector('vaadin-grid')?.shadowRoot?.querySelector('#table')?.scrollTo(0, 0))
  const warm = await frames(page)
  await bareGrid(page)
  const bare = await frames(page)
  console.table([row('products, first time', cold), row('products, again', warm), row('bare grid', bare)])
} finally {
  await browser.close()
}
