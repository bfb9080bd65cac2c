/** A server as an experienced engineer writes it by hand for this one application: Express, prepared statements, no rights. */
import express from 'express'
import { openBaseline, type MemberBody, type SaleBody } from './baseline-database.js'

const [path = '', port = '0'] = process.argv.slice(2)
const data = await openBaseline(path)
const app = express()
app.disable('x-powered-by')
app.disable('etag')
app.use(express.json({ limit: '10mb' }))

const storesOf = (text: unknown): number[] | null => (typeof text === 'string' ? text.split(',').map(Number) : null)
const isMember = (body: MemberBody): boolean => typeof body.name === 'string' && typeof body.phone === 'string' && Number.isInteger(body.store)
const isSale = (body: SaleBody): boolean => Number.isInteger(body.member) && Number.isInteger(body.store) && typeof body.at === 'string' && typeof body.amount === 'number'

app.get('/readyz', (_, response) => void response.json({ status: 'ready' }))
app.get('/members', async ({ query }, response) => {
  if (typeof query['q'] === 'string') response.json(await data.search(query['q'], storesOf(query['stores'])))
  else response.json(await data.members(typeof query['tier'] === 'string' ? query['tier'] : '', storesOf(query['stores']) ?? [], query['count'] === 'true'))
})
app.get('/members/:id', async ({ params }, response) => {
  const found = await data.member(Number(params.id))
  if (found === null) response.status(404).json({ error: 'not found' })
  else response.json(found)
})
app.get('/purchases/summary', async ({ query }, response) => void response.json(await data.summary(storesOf(query['stores']))))
app.get('/members-segment', async ({ query }, response) => void response.json(await data.segment(Number(query['since']))))
app.post('/members', async ({ body }: { body: MemberBody }, response) => {
  if (isMember(body)) response.status(201).json(await data.create(body))
  else response.status(400).json({ error: 'invalid' })
})
app.patch('/members/:id', async ({ params, body }: { params: { id?: string }; body: MemberBody }, response) => {
  const saved = typeof body.city === 'string' ? await data.setCity(Number(params.id), body.city) : null
  if (saved === null) response.status(404).json({ error: 'not found' })
  else response.json(saved)
})
app.post('/purchases', async ({ body }: { body: SaleBody }, response) => {
  if (isSale(body)) response.status(201).json(await data.sell(body))
  else response.status(400).json({ error: 'invalid' })
})
app.patch('/purchases/:id', async ({ params, body }: { params: { id?: string }; body: SaleBody }, response) => {
  const saved = typeof body.amount === 'number' ? await data.setAmount(Number(params.id), body.amount) : null
  if (saved === null) response.status(404).json({ error: 'not found' })
  else response.json(saved)
})
app.post('/members/bulk', async ({ body }: { body: MemberBody[] }, response) => {
  if (body.every(isMember)) response.json(await data.bulk(body))
  else response.status(400).json({ error: 'invalid' })
})

app.listen(Number(port), '127.0.0.1')
