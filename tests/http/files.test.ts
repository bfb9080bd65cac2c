/** Files and images: who may send, hold and see them, and what is never done with what was sent. */
import { createHash } from 'node:crypto'
import disk, { mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { openEngine } from '../../engine/compose.js'
import { readConfig } from '../../engine/config.js'
import { backup, restore } from '../../engine/operations/upkeep/backup.js'
import { safeName } from '../../engine/operations/files/names.js'
import { requestSweep } from '../../engine/operations/files/sweep.js'
import { examine } from '../../engine/operations/upkeep/doctor.js'
import type { Json } from '../../metadata/contract/json.js'
import { startApp, type App } from '../support/app.js'
import { client, type Answer, type Client } from '../support/client.js'
import { databaseKinds, freshDatabase } from '../support/databases.js'

interface File {
  readonly id: number
  readonly name: string
  readonly size: number
  readonly type: string
  readonly url: string
}

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }
const idOf = (answer: Answer): number => (answer.body as { id: number }).id
const items = '/api/records/item'
const pdf = Buffer.from('%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n')

/** A picture that says where it was taken. */
const picture = (width = 600, height = 400): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: '#3366cc' } }).withExif({ IFD0: { Make: 'CANARY-camera' }, IFD3: { GPSLatitude: '48/1 12/1 0/1', GPSLatitudeRef: 'N' } }).jpeg().toBuffer()

const send = (who: Client, name: string, content: Buffer | string, more = ''): Promise<Answer> =>
  who.request('POST', `/api/files?name=${encodeURIComponent(name)}${more}`, { raw: new Uint8Array(typeof content === 'string' ? Buffer.from(content) : content), headers: { 'content-type': 'application/octet-stream' } })

async function sent(who: Client, name: string, content: Buffer | string): Promise<File> {
  const answer = await send(who, name, content)
  if (answer.status !== 201) throw new Error(answer.text)
  return answer.body as File
}

/** As a browser without any cookie would. */
const fetched = async (app: App, url: string, headers: Readonly<Record<string, string>> = {}): Promise<{ status: number; headers: Headers; bytes: Buffer }> => {
  const answer = await fetch(new URL(url, app.url), { headers })
  return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) }
}

const linksOf = async (who: Client, field: string, records: readonly number[], size?: number): Promise<Record<string, string>> => {
  const answer = await who.post('/api/files/links', { entity: 'item', field, records: [...records], ...(size === undefined ? {} : { size }) })
  if (answer.status !== 200) throw new Error(answer.text)
  return (answer.body as { links: Record<string, string> }).links
}

/** Lets the n-th operation on files from now on fail, as a disk does that is dying; `undo` gives the operations back and tells whether one failed. */
async function failing(n: number): Promise<{ undo(): string | null }> {
  const handle = await open(import.meta.filename)
  const ofHandles = Object.getPrototypeOf(handle) as object
  await handle.close()
  let [left, failed] = [n, null as string | null]
  const replaced = [disk, ofHandles].flatMap((holder) => ['mkdir', 'open', 'copyFile', 'rename', 'rm', 'access', 'stat', 'write', 'sync'].flatMap((name) => {
    const original = Object.getOwnPropertyDescriptor(holder, name)
    if (typeof original?.value !== 'function' || (holder === disk && name === 'close')) return []
    const operation = original.value as (...given: unknown[]) => Promise<unknown>
    Object.defineProperty(holder, name, { ...original, value(this: unknown, ...given: unknown[]) {
      left -= 1
      if (left !== 0) return operation.apply(this, given)
      failed = name
      return Promise.reject(Object.assign(new Error('EIO: i/o error'), { code: 'EIO' }))
    } })
    return [() => Object.defineProperty(holder, name, original)]
  }))
  syncBuiltinESMExports()
  return { undo: () => {
    for (const restore of replaced) restore()
    syncBuiltinESMExports()
    return failed
  } }
}

describe.each(databaseKinds)('files on %s', (database) => {
  let app: App
  let keeper: Client
  let other: Client
  beforeAll(async () => {
    app = await startApp({ database, layers: ['metadata/core', 'tests/packs/files'], settings: { TESSERA_FILE_MAX_MB: '2' } })
    keeper = await app.as(['keeper'])
    other = await app.as(['keeper'])
  })
  afterAll(() => app.close())

  test('a file is uploaded, held by a record, read by its link without a cookie, in parts too', async () => {
    const file = await sent(keeper, 'manual.pdf', pdf)
    expect(file).toMatchObject({ name: 'manual.pdf', size: pdf.length, type: 'application/pdf' })
    const made = await keeper.post(items, { name: 'Drill', room: 'a', papers: [{ id: file.id, name: 'LIE.exe', size: 1, type: 'text/html' }] })
    expect(made).toMatchObject({ status: 201, body: { papers: [{ id: file.id, name: 'manual.pdf', size: pdf.length, type: 'application/pdf' }] } })
    const link = (await linksOf(keeper, 'papers', [idOf(made)]))[String(file.id)] ?? ''
    const whole = await fetched(app, link)
    expect([whole.status, whole.bytes.equals(pdf), whole.headers.get('x-content-type-options'), whole.headers.get('accept-ranges')]).toEqual([200, true, 'nosniff', 'bytes'])
    const part = await fetched(app, link, { range: 'bytes=5-7' })
    expect([part.status, part.bytes.toString(), part.headers.get('content-range')]).toEqual([206, '1.4', `bytes 5-7/${pdf.length}`])
    expect((await fetched(app, link, { range: 'bytes=-6' })).bytes.toString()).toBe('%%EOF\n')
    expect((await fetched(app, link, { 'if-none-match': whole.headers.get('etag') ?? '' })).status).toBe(304)
    expect((await keeper.get(`${items}/${idOf(made)}/history`)).status).toBe(200)
  })

  test('files come over with a merge, to the survivor or with a choice, and go back when it is undone', async () => {
    const photo = await sent(app.admin, 'front.jpg', await picture())
    const papers = [await sent(app.admin, 'one.pdf', pdf), await sent(app.admin, 'two.pdf', `${pdf.toString()}%2`)]
    const keep = idOf(await app.admin.post(items, { name: 'Saw', room: 'a', papers: [{ id: papers[0]?.id ?? 0 }] }))
    const gone = idOf(await app.admin.post(items, { name: 'Saw again', room: 'a', photo: { id: photo.id }, papers: [{ id: papers[1]?.id ?? 0 }] }))
    const merged = await app.admin.post(`${items}/merge`, { survivor: keep, others: [gone], values: { photo: gone, papers: gone } })
    expect(merged).toMatchObject({ status: 200, body: { record: { photo: { id: photo.id, name: 'front.jpg' }, papers: [{ id: papers[1]?.id }] } } })
    for (const field of ['photo', 'papers']) for (const link of Object.values(await linksOf(keeper, field, [keep]))) expect((await fetched(app, link)).status).toBe(200)
    await requestSweep(app.engine, new Date(Date.now() + 20 * 86_400_000))
    expect((await app.admin.post(`${items}/unmerge`, { merge: (merged.body as { merge: number }).merge })).status).toBe(200)
    expect((await app.admin.get(`${items}/${String(keep)}`)).body).toMatchObject({ photo: null, papers: [{ id: papers[0]?.id, name: 'one.pdf' }] })
    expect((await app.admin.get(`${items}/${String(gone)}`)).body).toMatchObject({ photo: { id: photo.id }, papers: [{ id: papers[1]?.id }] })
    for (const link of Object.values(await linksOf(keeper, 'photo', [gone]))) expect((await fetched(app, link)).status).toBe(200)
  })

  test('A-098 names are only names: nothing is written or read outside of the store', async () => {
    for (const name of ['../../../etc/passwd', '/etc/passwd', 'C:\\windows\\x.pdf', '..\\..\\x', 'nul.pdf', 'x\u202Egpj.exe', '.', ' ', `${'ü'.repeat(400)}.pdf`, 'a\r\nSet-Cookie: x=1.pdf', '文件.pdf', '"quoted".pdf']) {
      const file = await sent(keeper, name, `${name} content`)
      expect(file.name, name).toBe(safeName(name))
      expect(file.name).not.toMatch(/[/\\\p{Cc}\u202e]|^\.|\.$/u)
      const { status, headers } = await fetched(app, file.url)
      expect([status, headers.get('set-cookie')]).toEqual([200, null])
      expect(headers.get('content-disposition')).toMatch(/^attachment; filename="[^"\r\n]*"; filename\*=UTF-8''[\w.%!~-]+$/)
    }
    expect(await send(keeper, 'a\u0000b.pdf', 'x')).toMatchObject({ status: 400, body: { code: 'query.invalid' } })
    expect([safeName('../../../etc/passwd'), safeName('nul.pdf'), safeName('photo.jpg.exe'), safeName('..')]).toEqual(['passwd', '_nul.pdf', 'photo.jpg.exe', 'file'])
    const kept = (await readdir(app.engine.files.place, { recursive: true })).filter((entry) => entry.includes('/'))
    for (const entry of kept) expect(entry).toMatch(/^[0-9a-f]{2}\/[0-9a-f]{64}(\.\d+)?$/)
    for (const path of ['/files/../../etc/passwd', '/files/1/..%2f..%2fetc/passwd', '/files/%2e%2e/x/y', '/files/1e0/x/y', '/files/1/x/../../../etc/passwd']) expect(await rawStatus(app, path), path).toBe(404)
  })

  test('A-070 what a browser might run is never shown on this origin, whatever it is called', async () => {
    const dangers: Record<string, string> = {
      'page.html': '<!DOCTYPE html><script>alert(1)</script>', 'innocent.jpg': '<html><script>alert(1)</script></html>', 'logo.svg': '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
      'feed.xml': '<?xml version="1.0"?><x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>', 'poly.gif': 'GIF89a/*<svg onload=alert(1)>*/=1', 'code.js': 'alert(1)', 'report.pdf.html': '<body onload=alert(1)>',
    }
    for (const [name, content] of Object.entries(dangers)) {
      const answer = await send(keeper, name, content)
      if (answer.status === 422) continue // a picture that is none
      const { headers } = await fetched(app, (answer.body as File).url)
      expect(headers.get('content-disposition'), name).toMatch(/^attachment/)
      expect(headers.get('content-type'), name).not.toMatch(/html|svg|xml|script|image/)
      expect(headers.get('content-security-policy'), name).toMatch(/sandbox/)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
    }
    expect((await send(keeper, 'poly.gif', dangers['poly.gif'] ?? '')).status).toBe(422)
    const picturePolyglot = await sent(keeper, 'both.jpg', Buffer.concat([await picture(), Buffer.from('<script>CANARY-poly</script>')]))
    expect((await fetched(app, picturePolyglot.url)).bytes.includes('CANARY-poly')).toBe(false)
  })

  test('A-103 a picture loses where it was taken, has smaller ones, and is refused when it is a bomb', async () => {
    const file = await sent(keeper, 'beach.jpg', await picture(1600, 900))
    const whole = await fetched(app, file.url)
    expect((await sharp(whole.bytes).metadata()).exif).toBeUndefined()
    expect(whole.bytes.includes('CANARY-camera')).toBe(false)
    expect(whole.headers.get('content-disposition')).toMatch(/^inline/)
    const record = idOf(await keeper.post(items, { name: 'Beach', room: 'a', photo: file.id }))
    for (const [size, width] of [[96, 96], [320, 320], [1200, 1200]] as const) {
      const link = (await linksOf(keeper, 'photo', [record], size))[String(file.id)] ?? ''
      const { bytes, headers } = await fetched(app, link)
      expect([(await sharp(bytes).metadata()).width, headers.get('content-type')]).toEqual([width, 'image/webp'])
    }
    const bomb = await sharp({ create: { width: 12_000, height: 12_000, channels: 3, background: 'white' }, limitInputPixels: false }).png({ compressionLevel: 9 }).toBuffer()
    expect(bomb.length).toBeLessThan(2_000_000)
    expect(await send(keeper, 'bomb.png', bomb)).toMatchObject({ status: 422, body: { code: 'file.refused' } })
    expect(await send(keeper, 'cut.jpg', (await picture()).subarray(0, 900))).toMatchObject({ status: 422 })
    expect((await keeper.get('/api/session')).status).toBe(200)
  }, 60_000)

  test('what a field does not take is refused: kind by content, size, number, what is no file', async () => {
    expect(await send(keeper, 'photo.jpg', pdf, '&entity=item&field=photo')).toMatchObject({ status: 422 })
    expect(await send(keeper, 'x.pdf', pdf, '&entity=item&field=contract')).toMatchObject({ status: 403 })
    expect(await send(keeper, 'x.pdf', pdf, '&entity=item&field=nothing')).toMatchObject({ status: 403 })
    expect(await send(keeper, 'big.bin', Buffer.alloc(2_100_000, 'x'))).toMatchObject({ status: 413, body: { code: 'file.tooLarge' } })
    expect(await send(keeper, 'empty.txt', '')).toMatchObject({ status: 422 })
    const notes = await Promise.all(['1', '2', '3', '4'].map((text) => sent(keeper, `${text}.txt`, `note ${text}`)))
    const refused = async (values: Record<string, Json>): Promise<void> => expect(await keeper.post(items, { name: 'x', room: 'a', ...values }), JSON.stringify(values)).toMatchObject({ status: 422, body: { code: 'record.invalid' } })
    await refused({ photo: notes[0]?.id ?? null })
    await refused({ papers: notes.map(({ id }) => id) })
    await refused({ photo: 'x' })
    await refused({ papers: [{ name: 'x' }] })
    await refused({ photo: 999_999 })
    await refused({ papers: [(await sent(keeper, 'p.jpg', await picture())).id] })
  })

  test('A-036 a file that the caller does not read can be neither held, read nor replaced, and is answered like none', async () => {
    const secret = await sent(app.admin, 'secret.txt', 'CANARY-secret')
    const hidden = await sent(app.admin, 'hidden.txt', 'CANARY-hidden')
    const uploaded = await sent(other, 'mine.txt', 'not yet held')
    const elsewhere = idOf(await app.admin.post(items, { name: 'Elsewhere', room: 'b', papers: [secret.id] }))
    const here = idOf(await app.admin.post(items, { name: 'Here', room: 'a', contract: hidden.id }))
    const shape = ({ status, body }: Answer): unknown => ({ status, body: { ...(body as object), requestId: '' } })
    for (const id of [secret.id, hidden.id, uploaded.id]) {
      const twin = shape(await keeper.patch(`${items}/${here}`, { papers: [9_999_999] }))
      expect(shape(await keeper.patch(`${items}/${here}`, { papers: [id] }))).toEqual(twin)
      expect((await keeper.post(items, { name: 'x', room: 'a', papers: [id] })).status).toBe(422)
      expect((await keeper.post(`${items}/bulk`, { update: [{ id: here, papers: [id] }] })).status).toBe(422)
    }
    expect(await linksOf(keeper, 'papers', [elsewhere, here, 9_999_999])).toEqual({})
    expect(await keeper.post('/api/files/links', { entity: 'item', field: 'contract', records: [here] })).toMatchObject({ status: 403, body: { code: 'access.field' } })
    expect((await app.admin.get(`${items}/${here}`)).body).toMatchObject({ contract: { id: hidden.id }, papers: null })
    // Who reads it in one place may use it in another.
    const shared = await sent(app.admin, 'shared.txt', 'shared')
    await app.admin.post(items, { name: 'Shared', room: 'a', papers: [shared.id] })
    expect((await keeper.patch(`${items}/${here}`, { papers: [shared.id] })).status).toBe(200)
    // Once a record holds it, it is not the sender's any more.
    const lost = await sent(keeper, 'lost.txt', 'lost')
    const mine = idOf(await keeper.post(items, { name: 'Mine', room: 'a', papers: [lost.id] }))
    await app.admin.patch(`${items}/${mine}`, { room: 'b' })
    expect((await keeper.patch(`${items}/${here}`, { papers: [lost.id] })).status).toBe(422)
  })

  test('an address is good for one file in one size for some minutes, and not after its record is gone', async () => {
    const file = await sent(keeper, 'note.txt', 'note')
    const second = await sent(keeper, 'second.txt', 'second')
    const record = idOf(await keeper.post(items, { name: 'Note', room: 'a', papers: [file.id, second.id] }))
    const links = await linksOf(keeper, 'papers', [record])
    const link = links[String(file.id)] ?? ''
    expect((await fetched(app, link)).status).toBe(200)
    const [, , id = '', signature = '', name = ''] = link.split('/')
    const [until = '', variant = '', mac = ''] = signature.split('.')
    for (const path of [
      `/files/${second.id}/${signature}/${name}`, `/files/${id}/${until}z.${variant}.${mac}/${name}`, `/files/${id}/${until}.320.${mac}/${name}`, `/files/${id}/${until}.${variant}.${mac.replace(/^./, (sign) => (sign === 'a' ? 'b' : 'a'))}/${name}`,
      `/files/${id}/x/${name}`, `/files/${id}/1.full.${mac}/${name}`,
    ]) expect((await fetched(app, path)).status, path).toBe(404)
    for (const range of ['bytes=9-', 'bytes=3-1', 'bytes=99999999999-']) expect((await fetched(app, link, { range })).status, range).toBe(416)
    for (const range of ['bytes=0-0,1-1', 'bytes=x', 'items=0-1', `bytes=${'0-0,'.repeat(5000)}0-0`]) expect([200, 431], range.slice(0, 20)).toContain((await fetched(app, link, { range })).status)
    await app.engine.database.write((tx) => tx.run('UPDATE tessera_file SET created_at = ? WHERE id IN (?, ?)', [database === 'sqlite' ? 0 : '1970-01-01T00:00:00Z', file.id, second.id]))
    await app.admin.delete(`${items}/${record}?purge=true`)
    expect((await fetched(app, link)).status).toBe(404)
  })

  test('a content is kept once, and cleared away when nothing needs it: uploads after a day, removed ones after a month', async () => {
    const [held, taken, waiting, twin] = [await sent(keeper, 'held.txt', 'held content'), await sent(keeper, 'taken.txt', 'taken out'), await sent(keeper, 'waiting.txt', 'never held'), await sent(keeper, 'twin.txt', 'held content')]
    const record = idOf(await keeper.post(items, { name: 'Sweep', room: 'a', papers: [held.id, taken.id] }))
    await keeper.patch(`${items}/${record}`, { papers: [held.id] })
    const there = async (content: string): Promise<boolean> => (await app.engine.files.size(createHash('sha256').update(content).digest('hex'))) !== null
    const swept = async (days: number): Promise<void> => {
      const past = new Date(Date.now() - days * 86_400_000)
      const at = database === 'sqlite' ? past.getTime() : past.toISOString()
      await app.engine.database.write((tx) => tx.run('UPDATE tessera_file SET created_at = ?', [at]))
      await app.engine.database.write((tx) => tx.run('UPDATE tessera_file_use SET removed_at = ? WHERE removed_at IS NOT NULL', [at]))
      await requestSweep(app.engine)
      await expect.poll(async () => ((await app.admin.get('/api/jobs')).body as { jobs: { kind: string; state: string }[] }).jobs.filter(({ kind, state }) => kind === 'files.sweep' && state !== 'done'), { timeout: 10_000 }).toEqual([])
    }
    await swept(2)
    expect([await there('held content'), await there('taken out'), await there('never held')]).toEqual([true, true, false])
    // What was taken out can be taken back, by everybody who sees it in the history.
    expect((await other.patch(`${items}/${record}`, { papers: [held.id, taken.id] })).status).toBe(200)
    await other.patch(`${items}/${record}`, { papers: [held.id] })
    await swept(40)
    expect([await there('held content'), await there('taken out')]).toEqual([true, false])
    expect([waiting.id, twin.id].every((id) => id > 0)).toBe(true)
  }, 30_000)

  test('A-156 whichever operation on files fails: the upload is there or it is not, and the next one works', async () => {
    const tried: string[] = []
    for (let n = 1; n < 100; n++) {
      const content = `content ${database} ${String(n)}`
      const fault = await failing(n)
      const answer = await send(keeper, 'a.txt', content).finally(() => void tried.push(fault.undo() ?? ''))
      if (tried.at(-1) === '') break
      if (answer.status !== 201) expect(answer.body, tried.at(-1)).toMatchObject({ status: 500, code: 'server.failed' })
      const file = await sent(keeper, 'a.txt', content)
      const made = await keeper.post(items, { name: 'Whole', room: 'a', papers: [{ id: answer.status === 201 ? idOf(answer) : file.id }] })
      const link = (await linksOf(keeper, 'papers', [idOf(made)]))[String(answer.status === 201 ? idOf(answer) : file.id)] ?? ''
      expect((await fetched(app, link)).bytes.toString(), tried.at(-1)).toBe(content)
    }
    expect(tried).toEqual(expect.arrayContaining(['mkdir', 'open', 'write', 'copyFile', 'sync', 'rename', '']))
  })

  test('a slow, broken off or compressed upload leaves nothing behind', async () => {
    const { cookie } = { cookie: (await signedCookie(app)) }
    const url = new URL('/api/files?name=half.txt', app.url)
    await new Promise<void>((resolve) => {
      const request = httpRequest(url, { method: 'POST', headers: { cookie, origin: url.origin, 'content-length': '1000', 'content-type': 'application/octet-stream' } })
      request.on('error', () => resolve())
      request.write('half')
      setImmediate(() => request.destroy())
    })
    expect((await keeper.request('POST', '/api/files?name=x.txt', { raw: 'x', headers: { 'content-encoding': 'gzip' } })).status).toBe(415)
    expect((await client(app.url).request('POST', '/api/files?name=x.txt', { raw: 'x' })).status).toBe(401)
    expect((await keeper.request('POST', '/api/files?name=x.txt', { raw: 'x', headers: { origin: 'https://evil.example' } })).status).toBe(403)
    const names = (await app.engine.database.read.all("SELECT name FROM tessera_file WHERE name IN ('half.txt', 'x.txt')", []))
    expect(names).toEqual([])
  })

  test('a backup holds the contents, and restores them into another database and store', async () => {
    const file = await sent(keeper, 'kept.txt', 'kept for ever')
    await keeper.post(items, { name: 'Kept', room: 'a', papers: [file.id] })
    const folder = await mkdtemp(join(tmpdir(), 'tessera-backup-'))
    const report = await backup(app.engine, join(folder, 'all.gz'))
    expect(report.files).toBeGreaterThan(0)
    const empty = await freshDatabase(database === 'sqlite' ? 'postgres' : 'sqlite')
    const engine = await openEngine(readConfig({ DATABASE_URL: empty.url, TESSERA_FILES: join(folder, 'files') }), silent)
    expect(await restore(engine, join(folder, 'all.gz'))).toMatchObject({ files: report.files, rows: report.rows })
    const diagnoses = await examine(engine, false)
    for (const name of ['files', 'audit log']) expect(diagnoses.find((one) => one.name === name)).toMatchObject({ ok: true })
    expect(await engine.files.size(createHash('sha256').update('kept for ever').digest('hex'))).toBe(13)
    await engine.database.close()
    await empty.drop()
    await rm(folder, { recursive: true })
  }, 60_000)

  test('the doctor finds a content that is missing or another one; reading a sensitive file is in the audit log', async () => {
    const file = await sent(app.admin, 'deal.txt', 'signed by both')
    const record = idOf(await app.admin.post(items, { name: 'Deal', room: 'a', contract: file.id }))
    await linksOf(app.admin, 'contract', [record])
    const log = (await app.admin.get('/api/audit?action=downloaded')).body as { entries: { records: number[]; fields: string[]; detail: { files: number[] } }[] }
    expect(log.entries[0]).toMatchObject({ records: [record], fields: ['contract'], detail: { files: [file.id] } })
    const path = (content: string): string => {
      const hash = createHash('sha256').update(content).digest('hex')
      return join(app.engine.files.place, hash.slice(0, 2), hash)
    }
    const verdict = async (): Promise<unknown> => (await examine(app.engine, false)).find(({ name }) => name === 'files')
    expect(await verdict()).toMatchObject({ ok: true })
    const content = await readFile(path('signed by both'))
    await writeFile(path('signed by both'), 'signed by none')
    expect(await verdict()).toMatchObject({ ok: false })
    await writeFile(path('signed by both'), content)
  })
})

async function signedCookie(app: App): Promise<string> {
  const answer = await client(app.url).post('/api/session', { email: 'admin@example.com', password: 'an administrator of tests' })
  return answer.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ')
}

/** The address as it is, without a client that tidies it. */
const rawStatus = (app: App, path: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(app.url)
    httpRequest({ hostname, port, path }, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    }).on('error', reject).end()
  })
