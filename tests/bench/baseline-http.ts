/** The same hand-written server without a framework. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { openBaseline, type MemberBody, type SaleBody } from './baseline-database.js'

const [path = '', port = '0'] = process.argv.slice(2)
const data = await openBaseline(path)

const storesOf = (text: string | null): number[] | null => (text === null ? null : text.split(',').map(Number))
const isMember = (body: MemberBody): boolean => typeof body.name === 'string' && typeof body.phone === 'string' && Number.isInteger(body.store)
const isSale = (body: SaleBody): boolean => Number.isInteger(body.member) && Number.isInteger(body.store) && typeof body.at === 'string' && typeof body.amount === 'number'

function answer(response: ServerResponse, body: object | null, status = 200): void {
  const text = JSON.stringify(body ?? { error: 'not found' })
  response.writeHead(body === null ? 404 : status, { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': Buffer.byteLength(text) }).end(text)
}

async function bodyOf<T>(request: IncomingMessage): Promise<T> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return JSON.parse(Buffer.concat(chunks).toString()) as T
}

async function read(response: ServerResponse, url: URL): Promise<void> {
  const { pathname, searchParams: query } = url
  const q = query.get('q')
  if (pathname === '/readyz') answer(response, { status: 'ready' })
  else if (pathname === '/members' && q !== null) answer(response, await data.search(q, storesOf(query.get('stores'))))
  else if (pathname === '/members') answer(response, await data.members(query.get('tier') ?? '', storesOf(query.get('stores')) ?? [], query.get('count') === 'true'))
  else if (pathname === '/purchases/summary') answer(response, await data.summary(storesOf(query.get('stores'))))
  else if (pathname === '/members-segment') answer(response, await data.segment(Number(query.get('since'))))
  else if (pathname.startsWith('/members/')) answer(response, await data.member(Number(pathname.slice('/members/'.length))))
  else answer(response, null)
}

async function write(request: IncomingMessage, response: ServerResponse, { pathname }: URL): Promise<void> {
  if (request.method === 'PATCH' && pathname.startsWith('/purchases/')) {
    const { amount } = await bodyOf<SaleBody>(request)
    answer(response, typeof amount === 'number' ? await data.setAmount(Number(pathname.slice('/purchases/'.length)), amount) : null)
  } else if (pathname === '/purchases') {
    const body = await bodyOf<SaleBody>(request)
    if (isSale(body)) answer(response, await data.sell(body), 201)
    else answer(response, { error: 'invalid' }, 400)
  } else if (request.method === 'PATCH') {
    const { city } = await bodyOf<MemberBody>(request)
    answer(response, typeof city === 'string' ? await data.setCity(Number(pathname.slice('/members/'.length)), city) : null)
  } else if (pathname === '/members/bulk') {
    const bodies = await bodyOf<MemberBody[]>(request)
    if (bodies.every(isMember)) answer(response, await data.bulk(bodies))
    else answer(response, { error: 'invalid' }, 400)
  } else {
    const body = await bodyOf<MemberBody>(request)
    if (isMember(body)) answer(response, await data.create(body), 201)
    else answer(response, { error: 'invalid' }, 400)
  }
}

createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const done = request.method === 'GET' ? read(response, url) : write(request, response, url)
  done.catch(() => answer(response, { error: 'failed' }, 500))
}).listen(Number(port), '127.0.0.1')
