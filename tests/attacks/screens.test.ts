/** hostile texts in definitions and records, opened on every screen of the built studio: nothing runs, all is shown as typed. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { Json } from '../../metadata/contract/json.js'
import { openBrowser, openWindow, type Browser, type Page } from '../support/browser.js'
import { client } from '../support/client.js'
import { follow } from '../journeys/support.js'
import { clients, deals, ground, idOf, type Ground } from './ground.js'

/** Each sets a global when it runs, and asks for an address that would be seen. */
const scripts = [
  `<img src=x onerror="globalThis.ran='img'">`, `<script>globalThis.ran='script'</script>`, `"><svg onload="globalThis.ran='svg'">`, `'"><iframe srcdoc="<script>parent.ran='frame'</script>"></iframe>`,
  '${globalThis.ran="template"}', '{{constructor.constructor("globalThis.ran=1")()}}', `<a href="javascript:globalThis.ran='link'">x</a>`, '<!--${ran}--><style>*{display:none}</style>', '<template shadowrootmode=open><slot></slot></template>',
]
const all = scripts.join(' ')
/** Short enough for a title. */
const title = `${scripts[0] ?? ''} ${scripts[4] ?? ''}`

describe('screens', () => {
  let place: Ground
  let browser: Browser
  let record = 0
  beforeAll(async () => {
    place = await ground('sqlite')
    browser = await openBrowser()
    const { admin, mine } = place
    const entity = '/client~1entity.json'
    const titled: [string, Json][] = [
      ['title', title], ['crm/plural', title], ['description', all], ['properties/name/title', title], ['properties/name/description', all], ['properties/notes/title', title], ['properties/notes/description', all],
      ['properties/tier/crm/options', { gold: { title }, bronze: { title } }], ['properties/site/title', title], ['crm/rules/0/message', title], ['properties/score/description', all],
    ]
    const operations: Json[] = [
      ...titled.map(([path, value]) => ({ op: 'add', path: `${entity}/${path}`, value })), { op: 'replace', path: '/client~1view.all.json/title', value: title },
      { op: 'replace', path: '/layer.json/title', value: title }, { op: 'replace', path: '/layer.json/navigation/0/title', value: title }, { op: 'replace', path: '/roles~1agent.json/title', value: title },
      { op: 'add', path: '/client~1entity.json/properties/choice', value: { title, enum: scripts } },
    ]
    const patched = await admin.patch('/api/definitions/draft', operations)
    if (patched.status !== 200) throw new Error(patched.text)
    const published = await admin.post('/api/definitions/publish', { message: all, consent: [] })
    if (published.status !== 201) throw new Error(published.text)
    record = idOf(await admin.post(clients, { name: all.slice(0, 200), code: scripts[0] ?? '', notes: all, choice: scripts[2] ?? '', branch: mine.branch, site: 'https://x.test/"onmouseover="globalThis.ran=1', secret: scripts[1] ?? '' }))
    for (const text of scripts) await admin.post(deals, { client: record, title: text })
    // What no request can store, as if it had come another way: the screen decides by itself what becomes a link.
    const stored = idOf(await admin.post(clients, { name: 'Stored', site: 'https://x.test/' }))
    await place.app.engine.database.write((tx) => tx.run('UPDATE client SET site = ? WHERE id = ?', ["javascript:globalThis.ran='stored'", stored]))
    await admin.patch('/api/definitions/draft', [{ op: 'add', path: `${entity}/properties/x`, value: { type: 'string', title } }])
  }, 120_000)
  afterAll(async () => {
    await browser.close()
    await place.app.close()
  })

  async function signedIn(): Promise<{ page: Page; asked: string[]; close: () => Promise<void> }> {
    const { app } = place
    const answer = await client(app.url).post('/api/session', { email: 'admin@example.com', password: 'an administrator of tests' })
    const [name = '', value = ''] = (answer.headers.getSetCookie()[0]?.split(';')[0] ?? '').split('=')
    const { page, context } = await openWindow(browser)
    await context.addCookies([{ name, value, url: app.url }])
    const asked: string[] = []
    page.on('request', (request) => void asked.push(request.url()))
    page.on('dialog', (dialog) => void dialog.dismiss())
    return { page, asked, close: () => context.close() }
  }

  /** Where, what stands there, and what is read in it when its data has come. */
  const screens = (): readonly [string, string, RegExp][] => [
    ['/', 'home-page', /onerror/], ['/records/client', 'list-page', /javascript:globalThis\.ran='stored'/], [`/records/client/${record}`, 'record-page', /onerror/], ['/records/deal', 'list-page', /onload/], ['/records/client/new', 'record-page', /onerror/],
    [`/search?q=${encodeURIComponent('img')}`, 'search-page', /onerror/], [`/records/client?filter=${encodeURIComponent(JSON.stringify({ name: all.slice(0, 100) }))}`, 'list-page', /onerror/],
    [`/records/${encodeURIComponent(scripts[0] ?? '')}`, '.empty-state', /./], ['/studio', 'entity-list', /onerror/], ['/records/client/javascript:globalThis.ran=1', '.empty-state', /./],
    ['/studio/entities/client', 'entity-page', /onerror/], ['/studio/entities/client/form', 'form-designer', /onerror/], ['/studio/entities/client?settings', 'entity-page', /onerror/], ['/studio/entities/client/views', 'view-designer', /onerror/], ['/studio/text?path=client/entity.json', 'text-page', /onerror/], ['/studio/versions', 'versions-page', /onerror/], ['/studio/overview', 'overview-page', /onerror/], ['/studio/texts', 'texts-page', /./], ['/studio/layers?from=layer:&to=published', 'layers-page', /onerror/], ['/studio/versions/of?path=client/entity.json', 'definition-history', /onerror/], ['/studio/versions/2', 'versions-page', /onerror/],
  ]

  /** What is written in the element, shadow roots and inputs included. */
  const written = ([selector, pattern]: readonly [string, string]): boolean => {
    const text = (node: Element | ShadowRoot): string => [node.textContent, ...[...node.querySelectorAll('*')].map((one) => ('value' in one ? String(one.value) : '') + (one.shadowRoot === null ? '' : text(one.shadowRoot)))].join(' ')
    const element = document.querySelector(selector)
    return element !== null && new RegExp(pattern).test(text(element))
  }

  test('A-067 A-068 no text of a definition or a record runs on any screen, and no link leads to a script', async () => {
    const { page, asked, close } = await signedIn()
    await page.goto(place.app.url)
    for (const [path, element, shown] of screens()) {
      await follow(page, path)
      await page.waitForFunction(written, [element, shown.source] as const)
      const seen = await page.evaluate(() => {
        const roots: (Document | ShadowRoot)[] = [document]
        for (const root of roots) for (const element of root.querySelectorAll('*')) if (element.shadowRoot !== null) roots.push(element.shadowRoot)
        const every = (selector: string): Element[] => roots.flatMap((root) => [...root.querySelectorAll(selector)])
        return {
          ran: (globalThis as unknown as { ran?: unknown }).ran,
          handlers: every('*').flatMap((element) => element.getAttributeNames().filter((name) => name.startsWith('on'))),
          foreign: every('iframe, object, embed, img[src="x"], svg[onload], body script, base').map((element) => element.outerHTML.slice(0, 100)),
          links: every('[href], [src], [action], [formaction]').map((element) => element.getAttribute('href') ?? element.getAttribute('src') ?? '').filter((address) => /^\s*(javascript|data:text|vbscript)/i.test(address)),
        }
      })
      expect({ path, ...seen }).toEqual({ path, ran: undefined, handlers: [], foreign: [], links: [] })
    }
    // What begins to load late would still have run: the page has never been left.
    await page.waitForLoadState('networkidle')
    expect(await page.evaluate(() => (globalThis as unknown as { ran?: unknown }).ran)).toBeUndefined()
    expect(asked.filter((url) => !url.startsWith(place.app.url))).toEqual([])
    await close()
  }, 120_000)

  test('A-067 the page allows no inline script and no other source, whatever got into it', async () => {
    const { page, close } = await signedIn()
    const answer = await page.goto(place.app.url)
    const policy = answer?.headers()['content-security-policy'] ?? ''
    expect(policy).toContain("script-src 'self'")
    expect(policy).not.toMatch(/script-src[^;]*(unsafe|\*|data:|blob:|http)/)
    await page.evaluate(() => {
      const image = document.createElement('img')
      image.setAttribute('onerror', "globalThis.ran='inline'")
      image.src = 'x'
      const script = document.createElement('script')
      script.textContent = "globalThis.ran='inline'"
      document.body.append(image, script)
    })
    await page.waitForLoadState('networkidle')
    expect(await page.evaluate(() => (globalThis as unknown as { ran?: unknown }).ran)).toBeUndefined()
    await close()
  })
})
