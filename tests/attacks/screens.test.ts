/** A-067, A-068: hostile texts in definitions and records, opened on every screen of the built studio: nothing runs, all is shown as typed. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'

import { beginRunning } from '../../engine/workflows/runner.js'
import type { Json } from '../../metadata/contract/json.js'
import { openBrowser, openWindow, type Browser, type Page } from '../support/browser.js'
import { client } from '../support/client.js'
import { sent } from '../support/imports.js'
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
/** In workflows `${` begins an expression. */
const plain = `${scripts[0] ?? ''} ${scripts[2] ?? ''}`
/** Asks the administrators about a record, with hostile texts in all that is shown of it. */
const asking: Json = {
  document: { dsl: '1.0.3', namespace: 'attacks', name: 'ask', version: '1.0.0', title: plain, summary: plain, metadata: { role: 'admin', start: ['admin'], entity: 'client' } },
  evaluate: { language: 'cel' },
  do: [{ ask: { call: 'crm.approve', with: { title: plain, text: plain, entity: 'client', id: '${ workflow.input.id }', role: 'admin' } } }],
}
/** Other ways to look at the records of an entity, as they stand in an address. */
const looks = (entity: string, kind: string, what: Json): string => `/records/${entity}?${kind}=${encodeURIComponent(typeof what === 'string' ? what : JSON.stringify(what))}`

describe('screens', () => {
  let place: Ground
  let browser: Browser
  let [record, twin, run, file, hook] = [0, 0, 0, 0, 0]
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
      { op: 'add', path: `${entity}/properties/picture`, value: { title, crm: { type: 'image' } } }, { op: 'add', path: `${entity}/crm/duplicates`, value: [{ match: ['name'] }] },
      { op: 'replace', path: '/deal~1entity.json/title', value: title }, { op: 'add', path: '/deal~1entity.json/properties/at/title', value: title },
      { op: 'replace', path: '/dashboards~1all.json/title', value: title }, ...['mine', 'by', 'list'].map((tile) => ({ op: 'replace', path: `/dashboards~1all.json/tiles/${tile}/title`, value: title })),
      { op: 'replace', path: '/segments~1vip.json/title', value: title }, { op: 'replace', path: '/client~1form.join.json/public/title', value: title }, { op: 'add', path: '/client~1form.join.json/public/lead', value: title },
      { op: 'add', path: '/workflows~1ask.json', value: asking },
    ]
    const patched = await admin.patch('/api/definitions/draft', operations)
    if (patched.status !== 200) throw new Error(patched.text)
    const published = await admin.post('/api/definitions/publish', { message: all, consent: [] })
    if (published.status !== 201) throw new Error(published.text)
    record = idOf(await admin.post(clients, { name: all.slice(0, 200), code: scripts[0] ?? '', notes: all, choice: scripts[2] ?? '', branch: mine.branch, site: 'https://x.test/"onmouseover="globalThis.ran=1', secret: scripts[1] ?? '' }))
    for (const text of scripts) await admin.post(deals, { client: record, title: text, at: '2026-07-14T10:00:00Z' })
    twin = idOf(await admin.post(clients, { name: all.slice(0, 200), branch: mine.branch }))
    run = idOf(await admin.post('/api/workflows/ask/runs', { record: { entity: 'client', id: record } }))
    file = (await sent(admin, `"${(scripts[0] ?? '').replaceAll('"', '""')}",Name\n${scripts.map((text) => `"${text.replaceAll('"', '""')}","${text.replaceAll('"', '""')}"`).join('\n')}`, { entity: 'client', name: `${plain.replaceAll('/', '')}.csv` })).id
    hook = idOf(await admin.post('/api/webhooks', { name: plain, url: 'https://x.test/', events: [{ type: 'crm.client.changed' }] }))
    const stop = beginRunning(place.app.engine)
    await vi.waitFor(async () => expect((await admin.get('/api/approvals')).text).toContain('onerror'), { timeout: 30_000, interval: 50 })
    await stop()
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
    ['/', 'dashboard-page', /onerror/], ['/records/client', 'list-page', /javascript:globalThis\.ran='stored'/], [`/records/client/${record}`, 'record-page', /onerror/], ['/records/deal', 'list-page', /onload/], ['/records/client/new', 'record-page', /onerror/],
    [`/search?q=${encodeURIComponent('img')}`, 'search-page', /onerror/], [`/records/client?filter=${encodeURIComponent(JSON.stringify({ name: all.slice(0, 100) }))}`, 'list-page', /onerror/],
    [`/records/${encodeURIComponent(scripts[0] ?? '')}`, '.empty-state', /./], ['/studio', 'entity-list', /onerror/], ['/records/client/javascript:globalThis.ran=1', '.empty-state', /./],
    ['/studio/entities/client', 'entity-page', /onerror/], ['/studio/entities/client/form', 'form-designer', /onerror/], ['/studio/entities/client?settings', 'entity-page', /onerror/], ['/studio/entities/client/views', 'view-designer', /onerror/], ['/studio/text?path=client/entity.json', 'text-page', /onerror/], ['/studio/versions', 'versions-page', /onerror/], ['/studio/overview', 'overview-page', /onerror/], ['/studio/texts', 'texts-page', /./], ['/studio/layers?from=layer:&to=published', 'layers-page', /onerror/], ['/studio/versions/of?path=client/entity.json', 'definition-history', /onerror/], ['/studio/versions/2', 'versions-page', /onerror/],
    [looks('client', 'board', 'choice'), 'board-view', /onload/], [looks('deal', 'calendar', { by: 'at' }) + '&month=2026-07-14', 'calendar-view', /onload/], [looks('deal', 'timeline', { by: 'at', group: 'client' }) + '&week=2026-07-14', 'timeline-view', /onload/], [looks('client', 'gallery', 'picture'), 'gallery-view', /onerror/],
    [looks('client', 'chart', { type: 'bar', by: 'choice', measure: { count: true } }), 'chart-panel', /onload/], [looks('deal', 'chart', { type: 'donut', by: 'title', series: 'client', measure: { count: true } }), 'chart-panel', /onload/], [looks('deal', 'pivot', { rows: ['title'], columns: ['client'], measure: { count: true } }), 'pivot-view', /onload/],
    [`/records/client/import/${file}`, 'import-page', /onerror/], ['/records/client/duplicates', 'duplicates-page', /onerror/], [`/records/client/merge?ids=${record},${twin}`, 'merge-page', /onerror/],
    ['/tasks', 'tasks-page', /onerror/], ['/notifications', 'inbox-page', /onerror/], ['/audit', 'audit-page', /onerror/],
    ['/studio/processes', 'process-list', /onerror/], ['/studio/processes/workflows/ask', 'workflow-page', /onerror/], ['/studio/processes/workflows/ask/try', 'try-page', /onerror/], ['/studio/processes/runs', 'run-list', /onerror/], [`/studio/processes/runs/${run}`, 'run-page', /onerror/],
    ['/studio/segments', 'segments-page', /onerror/], ['/studio/segments/vip', 'segment-page', /onerror/], ['/studio/roles', 'roles-page', /onerror/], ['/studio/roles/agent', 'role-page', /onerror/], ['/studio/diagram', 'diagram-page', /onerror/], ['/studio/screens', 'screens-page', /onerror/], ['/studio/screens/dashboards/all', 'dashboard-designer', /onerror/],
    ['/studio/connections', 'connections-page', /onerror/], [`/studio/connections/${hook}`, 'webhook-page', /onerror/],
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
      await page.waitForFunction(written, [element, shown.source] as const).catch((thrown: unknown) => expect.fail(`${path}: ${String(thrown)}`))
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
    await page.waitForFunction(() => [...document.images].every(({ complete }) => complete))
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
    await page.evaluate(() => new Promise((resolve) => {
      const image = document.createElement('img')
      image.setAttribute('onerror', "globalThis.ran='inline'")
      image.addEventListener('error', resolve)
      image.src = 'x'
      const script = document.createElement('script')
      script.textContent = "globalThis.ran='inline'"
      document.body.append(image, script)
    }))
    expect(await page.evaluate(() => (globalThis as unknown as { ran?: unknown }).ran)).toBeUndefined()
    await close()
  })
})
