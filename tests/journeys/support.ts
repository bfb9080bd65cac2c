/** What journeys through the screens share: people with passwords, their windows, and the texts that they read. */
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'

import type { JsonObject } from '../../metadata/contract/json.js'
import designerEnglish from '../../studio/texts/designer.en.json' with { type: 'json' }
import designerChinese from '../../studio/texts/designer.zh.json' with { type: 'json' }
import english from '../../studio/texts/en.json' with { type: 'json' }
import chinese from '../../studio/texts/zh.json' with { type: 'json' }
import { addPerson, startApp, type App, type AppOptions } from '../support/app.js'
import { openBrowser, type Browser, type Locator, type Look, type Page } from '../support/browser.js'
import { keptProfiles, type Profiles } from '../support/profiles.js'

export const texts = { en: { ...english, ...designerEnglish }, zh: { ...chinese, ...designerChinese } } as const
export type Language = keyof typeof texts

/** A way in which a journey is made. */
export interface Reader extends Look {
  readonly language: Language
}
export const desk: Reader = { language: 'en', width: 1440, height: 900 }
export const phone: Reader = { language: 'zh', width: 390, height: 844 }

/** For the journeys that are made both ways. The others take turns: a page costs a second of a processor, and every screen is looked at in both by `accessibility.test.ts`. */
export const looks: readonly Reader[] = [desk, phone]

/** Where a journey takes place. */
export interface Stage {
  readonly browser: Browser
  readonly app: App
  readonly profiles: Profiles
}

/** What the journeys of one worker share, whatever their files: a page in a browser that has shown the product at the same address before costs half. It ends with the worker. */
const worker: { browser?: Browser; profiles?: Profiles; port: string } = { port: '0' }

async function browserOfWorker(): Promise<{ browser: Browser; profiles: Profiles }> {
  if (worker.browser?.isConnected() !== true) {
    worker.browser = await openBrowser()
    worker.profiles = keptProfiles(worker.browser)
  }
  return { browser: worker.browser, profiles: (worker.profiles ??= keptProfiles(worker.browser)) }
}

/** A browser, and the product for the whole file or anew for each test. Call it where hooks are declared. */
export function stageFor(lasts: 'file' | 'test', options: Partial<AppOptions> = {}): Stage {
  let windows: { browser: Browser; profiles: Profiles } | undefined
  let app: App | undefined
  const start = async (): Promise<void> => {
    const at = (port: string): Promise<App> => startApp({ database: 'sqlite', ...options, settings: { ...options.settings, PORT: port } })
    app = await at(worker.port).catch(() => at('0')) // another process may have taken the port
    worker.port = new URL(app.url).port
  }
  const stop = async (): Promise<void> => app?.close()
  beforeAll(async () => {
    windows = await browserOfWorker()
  })
  // A window that is left open goes on working: it hears of changes, says who is there, looks for a server that is gone.
  afterEach(() => windows?.profiles.leave())
  if (lasts === 'file') {
    beforeAll(start)
    afterAll(stop)
  } else {
    beforeEach(start)
    afterEach(stop)
  }
  const there = <T>(one: T | undefined): T => {
    if (one === undefined) throw new Error('the journey has not begun')
    return one
  }
  return { get browser() { return there(windows).browser }, get app() { return there(app) }, get profiles() { return there(windows).profiles } }
}

export interface Person {
  readonly email: string
  readonly password: string
}

export const administrator: Person = { email: 'admin@example.com', password: 'an administrator of tests' }

/** A new user who can sign in at the screen. */
export async function person(app: App, name: string, roles: readonly string[], fields: JsonObject = {}): Promise<Person> {
  const known = { email: `${name}@example.com`, password: 'a person of tests with a long password' }
  await addPerson(app.engine, { ...known, name, roles, fields })
  return known
}

export interface Window {
  readonly page: Page
  /** What the page logged as an error since the person was signed in. */
  readonly errors: string[]
}

/** Fills the sign-in form that is on the screen, whatever its language. */
export async function fillSignIn(page: Page, { email, password }: Person): Promise<void> {
  const form = page.locator('sign-in')
  await form.locator('input[autocomplete=username]').fill(email)
  await form.locator('input[type=password]').fill(password)
  await page.keyboard.press('Enter')
}

/**
 * Opens a window in which the person is signed in already, in the look's language, at a path of the product.
 * The form to sign in and the choice of a language have journeys of their own.
 * @param prepare is called before anything is opened
 */
export async function signedIn({ profiles, app }: Stage, { email, password }: Person, look: Look = {}, place = '/', prepare: (page: Page) => void = () => undefined): Promise<Window> {
  const language = look.language ?? 'en'
  const { page, errors } = await profiles.window({ ...look, language }, app.url)
  page.setDefaultTimeout(60_000)
  prepare(page)
  await page.context().request.post(`${app.url}/api/session`, { data: { email, password }, headers: { origin: app.url } })
  await page.addInitScript((chosen) => localStorage.setItem('tessera.language', chosen), language)
  await page.goto(app.url + place)
  await page.locator('side-bar').waitFor({ state: 'attached' })
  return { page, errors }
}

/** Notes the bodies of all answers of the API that the page receives. */
export function overhear(page: Page, received: string[]): void {
  page.on('response', (response) => {
    if (response.url().includes('/api/') && !response.url().endsWith('/api/events')) void response.text().then((text) => received.push(text), () => {})
  })
}

/** Follows a link to a place of the product, as the many on its pages are followed: the page stays loaded. Addresses that are typed have journeys of their own. */
export async function follow(page: Page, place: string): Promise<void> {
  await page.evaluate((href) => {
    const link = document.body.appendChild(document.createElement('a'))
    link.href = href
    link.click()
    link.remove()
  }, place)
}

/** The input of a field in the form. */
export const input = (page: Page, key: string): ReturnType<Page['locator']> => page.locator(`[data-key=${key}] :is(input, textarea)`).first()

type Place = Pick<Page, 'getByText'>
type Text = Parameters<Page['getByText']>

/** Where these words can be read in the place. A hidden copy, or one that is just closing, is none. */
export const words = (place: Place, ...text: Text): Locator => place.getByText(...text).filter({ visible: true }).first()

/** Waits until these words can be read in the place. */
export const seen = (place: Place, ...text: Text): Promise<void> => words(place, ...text).waitFor()

/** Waits until these words can be read nowhere in the place. */
export const gone = (place: Place, ...text: Text): Promise<void> => words(place, ...text).waitFor({ state: 'hidden' })

/** The id that the API gave a record. */
export async function created(app: App, entity: string, body: JsonObject): Promise<number> {
  const answer = await app.admin.post(`/api/records/${entity}`, body)
  expect(answer.status, answer.text).toBe(201)
  return (answer.body as { id: number }).id
}
