/** How smoothly a long list scrolls: time between frames while it passes by, and a bare grid of as many rows to compare with. */
import type { Page } from '../support/browser.js'

/** Pixels of one step: a quick turn of the wheel. */
const stepPx = 240
const steps = 300

/** Milliseconds between frames while the list with rows in it is scrolled step by step. */
export async function frames(page: Page): Promise<number[]> {
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
export async function bareGrid(page: Page, entity: string, rows: number): Promise<void> {
  await page.evaluate(async ([name, count]) => {
    const shown = document.querySelector('vaadin-grid')
    if (!shown) throw new Error('there is no grid')
    const columns = [...shown.querySelectorAll('vaadin-grid-column')].length
    const { records } = (await (await fetch(`/api/records/${name}?limit=500`)).json()) as { records: Record<string, unknown>[] }
    const keys = Object.keys(records[0] ?? {}).slice(0, columns)
    const grid = document.createElement('vaadin-grid') as HTMLElement & { items: unknown[] }
    grid.style.height = `${String(shown.clientHeight)}px`
    for (const key of keys) {
      const column = document.createElement('vaadin-grid-column')
      column.setAttribute('path', key)
      column.setAttribute('header', key)
      grid.append(column)
    }
    grid.items = Array.from({ length: count }, (_, index) => records[index % records.length])
    document.body.replaceChildren(grid)
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }, [entity, rows] as const)
}
