/** Where an administrator designs, and what they do there again and again: add a field, choose, publish, go back. */
import { beforeEach, expect } from 'vitest'

import type { App } from '../support/app.js'
import type { Locator, Look, Page } from '../support/browser.js'
import type { DatabaseKind } from '../support/databases.js'
import { administrator, created, follow, seen, signedIn, stageFor, type Person, type Window } from './support.js'

/** Where somebody designs. */
export interface Place {
  readonly app: App
  /** Ada's. */
  readonly id: number
  /** A window of the administrator at a path. */
  open(path: string): Promise<Window>
  /** A window of somebody else. */
  openAs(person: Person, look: Look, path: string): Promise<Window>
  /** Ada as the API tells her. */
  record(): Promise<Record<string, unknown>>
}

/** The product with two members, anew for each test. Call it where hooks are declared. @param settings of the operator */
export function placeOn(database: DatabaseKind, settings: Readonly<Record<string, string>> = {}): Place {
  const stage = stageFor('test', { database, settings })
  let id = 0
  beforeEach(async () => {
    id = await created(stage.app, 'member', { name: 'Ada', postalCode: '10 A' })
    await created(stage.app, 'member', { name: 'Bob', postalCode: '20095' })
  })
  return {
    get app() { return stage.app },
    get id() { return id },
    open: (path) => signedIn(stage, administrator, {}, path),
    openAs: (person, look, path) => signedIn(stage, person, look, path),
    record: async () => (await stage.app.admin.get(`/api/records/member/${String(id)}`)).body as Record<string, unknown>,
  }
}

/** Drags a type among the fields. */
export async function addField(page: Page, type: string, title: string): Promise<void> {
  await page.locator('type-palette').getByRole('button', { name: type, exact: true }).dragTo(page.locator('.field-column'))
  const dialog = page.getByRole('dialog', { name: 'Add a field' })
  expect(await dialog.getByRole('radio', { name: new RegExp(`^${type}`) }).isChecked()).toBe(true)
  await dialog.getByLabel('Title', { exact: true }).fill(title)
  expect(await dialog.getByLabel('API name').inputValue()).toBe('shoeSize')
  await dialog.getByRole('button', { name: 'Add field' }).click()
  await dialog.waitFor({ state: 'detached' })
}

/** Drags as a hand does, in small moves: one leap from place to place ends on what the drag library lays under the pointer. */
export async function dragged(from: Locator, to: Locator, at = middle): Promise<void> {
  const { mouse } = from.page()
  await from.hover()
  await mouse.down()
  const start = middle(await boxOf(from))
  const end = at(await boxOf(to))
  for (let step = 1; step <= 12; step += 1) await mouse.move(start.x + ((end.x - start.x) * step) / 12, start.y + ((end.y - start.y) * step) / 12)
  await mouse.up()
}

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const middle = ({ x, y, width, height }: Box): { readonly x: number; readonly y: number } => ({ x: x + width / 2, y: y + height / 2 })

async function boxOf(element: Locator): Promise<Box> {
  const box = await element.boundingBox()
  if (box === null) throw new Error('what is dragged from or to is not in sight')
  return box
}

/** Chooses from a list that opens. */
export async function chosen(within: Locator, label: string, option: string): Promise<void> {
  const box = within.getByRole('combobox', { name: label })
  await box.fill(option)
  await box.press('Enter')
}

/** Adds a step below a card of a drawing: by the keyboard, and with the first that is offered for a word. */
export async function addStep(card: Locator, word: string): Promise<void> {
  await card.focus()
  await card.page().keyboard.press('+')
  await foundStep(card.page(), word)
}

/** Chooses a step in the dialog that offers all of them. */
export async function foundStep(page: Page, word: string): Promise<void> {
  await page.keyboard.type(word)
  await page.keyboard.press('Enter')
  await page.locator('step-dialog').waitFor({ state: 'detached' })
}

/** Takes a value of a step from what the run knows. */
export async function takenFromRun(within: Locator, name: string, known: string): Promise<void> {
  const way = within.page().getByLabel(`How “${name}” is given`)
  const value = within.locator('value-editor').filter({ has: way })
  await value.locator('.value-way').selectOption('known')
  await value.locator('.plain-select').selectOption({ label: known })
}

/** Writes a formula in the place of what stands there, as people do: with what is offered while it is written. */
export async function writeFormula(within: Page | Locator, label: string | RegExp, text: string): Promise<void> {
  await within.locator('formula-entry[ready]').getByRole('textbox', { name: label }).focus()
  const { keyboard } = 'keyboard' in within ? within : within.page()
  await keyboard.press('ControlOrMeta+a')
  await keyboard.insertText(text)
}

export async function publish(page: Page, message: string, said: string): Promise<void> {
  await page.getByRole('button', { name: 'Review and publish' }).click()
  const plan = page.getByRole('dialog', { name: 'Publish your changes' })
  await plan.getByLabel('What is this change for?').fill(message)
  await plan.getByRole('button', { name: 'Publish', exact: true }).click()
  await seen(page, said)
}

export async function goBack(page: Page, version: number, said: string): Promise<void> {
  await follow(page, `/studio/versions/${String(version)}`)
  await page.getByRole('button', { name: 'Go back to this version' }).click()
  const plan = page.getByRole('dialog', { name: `Go back to version ${String(version)}` })
  await plan.locator('.plan-step').first().waitFor()
  for (const box of await plan.getByRole('checkbox').all()) await box.check()
  await plan.getByRole('button', { name: 'Go back', exact: true }).click()
  await seen(page, said)
}
