import { beforeAll, describe, expect, test } from 'vitest'

import { filesBelow, read } from './sources.js'
import { foreignSql, type Foreign } from './sql-origin.js'

/** What a careless hand might write, each in a function of its own; the marked line must be found, and no other. */
const planted = `
import type { Entity } from '../model/model.js'
import type { Executor } from './contract.js'
import { quote } from './dialect.js'

interface Asked { readonly name: string; readonly order: string }
interface Made { readonly sql: string }
const page = 20

export const direct = (x: Executor, name: string) => x.all(\`SELECT 1 FROM user WHERE name = '\${name}'\`, [])
export const joined = (x: Executor, entity: Entity) => x.run('DELETE FROM ' + entity.table, []) // wrong: a name of the model without quote
export const property = (x: Executor, asked: Asked) => x.all(\`SELECT 1 ORDER BY \${asked.order}\`, []) // wrong: a member of a request
export const listed = (x: Executor, asked: readonly Asked[]) => x.all(\`SELECT \${asked.map((one) => one.name).join(', ')}\`, []) // wrong: a mapped list
const made = (order: string): Made => ({ sql: \`SELECT 1 ORDER BY \${order}\` })
export function destructured(x: Executor, asked: Asked) {
  const { sql } = made(asked.order) // wrong: through a parameter and a property
  return x.all(sql, [])
}
export function collected(x: Executor, asked: Asked) {
  const parts: string[] = []
  parts.push('archived_at IS NULL', asked.name) // wrong: pushed into a list
  return x.all(\`SELECT 1 WHERE \${parts.join(' AND ')}\`, [])
}
const into = (parts: string[], more: string) => void parts.push(more)
export function handed(x: Executor, asked: Asked) {
  const parts: string[] = []
  into(parts, asked.order) // wrong: put into a list by somebody else
  return x.all(\`SELECT 1 WHERE \${parts.join(' AND ')}\`, [])
}
export function assigned(x: Executor, asked: Asked) {
  let where = 'TRUE'
  if (asked.name !== '') where += \` AND name = \${JSON.stringify(asked.name)}\` // wrong: escaped for another language
  return x.run(\`DELETE FROM t WHERE \${where}\`, [])
}
export const body = (x: Executor, sent: Readonly<Record<string, string>>) => direct(x, sent['name'] ?? '') // wrong: an argument of another function
export const limited = (x: Executor, limit: string) => x.all(\`SELECT 1 LIMIT \${String(limit)}\`, []) // wrong: a text called a number
export const limitedAgain = (x: Executor) => limited(x, process.argv[2] ?? '')

const direction = { up: 'ASC', down: 'DESC' }
export async function allowed(x: Executor, entity: Entity, way: 'up' | 'down', amount: number): Promise<void> {
  const column = [...entity.fields.values()].map((field) => quote(field.key)).join(', ')
  await x.all(\`SELECT \${column} FROM \${quote(entity.table)} ORDER BY id \${direction[way]} LIMIT \${String(page + amount)}\`, [])
  await x.all(x.dialect === 'sqlite' ? 'SELECT 1' : \`SELECT \${amount}\`, [])
}
`
const file = 'engine/storage/planted.ts'

describe('A-054 the text of every statement', () => {
  let found: readonly Foreign[] = []
  beforeAll(() => {
    found = foreignSql('engine/', filesBelow('engine'), { [file]: planted })
  }, 600_000) // it reads the types of the whole engine: a limit only ends what hangs

  test('has no piece but literals, numbers, and names that were quoted', () => {
    expect(found.filter(({ place }) => !place.startsWith(file)), 'bind values with ?, quote names with quote()').toEqual([])
  })

  test('the rule finds what is planted, at its line', () => {
    const wrong = planted.split('\n').flatMap((line, index) => (line.includes('// wrong') ? [`${file}:${String(index + 1)}`] : []))
    expect([...new Set(found.filter(({ place }) => place.startsWith(file)).map(({ place }) => place))].toSorted()).toEqual(wrong.toSorted())
  })

  test('only storage writes statements', () => {
    const statement = /[`'"](?:SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE|ALTER|DROP|PRAGMA) /
    expect(filesBelow('engine').filter((path) => !path.startsWith('engine/storage/') && statement.test(read(path)))).toEqual([])
  })
})
