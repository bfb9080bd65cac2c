/** Link tables: the pairs of a field that lists records. Nothing refers to them, so they are made anew where a column would be altered. */
import type { Entity, Field, LinkTable, Model } from '../../model/model.js'
import { indexName } from '../../model/names.js'
import type { Executor } from '../contract.js'
import { columnType, quote } from '../dialect.js'
import { tableExists, tableNames } from './inspect.js'

const actions = { restrict: 'NO ACTION', clear: 'CASCADE', cascade: 'CASCADE' } as const

/** Makes the table of a list, or puts the keys of the model on the one that is there; its pairs stay. Both entity tables must exist. */
export async function ensureLinks(tx: Executor, entity: Entity, links: LinkTable, model: Model): Promise<void> {
  const copy = `${links.table}__new`
  const there = await tableExists(tx, links.table)
  if (there) {
    await tx.run(createLinksSql(tx, copy, entity, links, model), [])
    await tx.run(`INSERT INTO ${quote(copy)} (source, target) SELECT source, target FROM ${quote(links.table)}`, [])
    await tx.run(`DROP TABLE ${quote(links.table)}`, [])
    await tx.run(`ALTER TABLE ${quote(copy)} RENAME TO ${quote(links.table)}`, [])
  } else await tx.run(createLinksSql(tx, links.table, entity, links, model), [])
  await tx.run(`CREATE INDEX ${quote(indexName(links.table, ['target', 'source'], false))} ON ${quote(links.table)} (target, source)`, [])
}

/** The key is the way from a record to its list; the index leads back. A target that is put away has its table, but no name in the model. */
function createLinksSql(tx: Executor, table: string, entity: Entity, links: LinkTable, model: Model): string {
  const target = model.entities.get(links.to)
  const integer = columnType(tx.dialect, { kind: 'integer' })
  const refers = target === undefined ? '' : ` REFERENCES ${quote(target.table)} (id) ON DELETE ${actions[links.onDelete]}`
  const source = `source ${integer} NOT NULL REFERENCES ${quote(entity.table)} (id) ON DELETE CASCADE`
  return `CREATE TABLE ${quote(table)} (${source}, target ${integer} NOT NULL${refers}, PRIMARY KEY (source, target))${tx.dialect === 'sqlite' ? ' WITHOUT ROWID' : ''}`
}

/** Puts the pairs aside, without keys, when the field has no use for them now. Gives the name of the table that keeps them. */
export async function parkLinks(tx: Executor, links: LinkTable, version: number): Promise<string> {
  const parked = parkedName(links.table, String(version))
  await tx.run(`CREATE TABLE ${quote(parked)} (source ${columnType(tx.dialect, { kind: 'integer' })}, target ${columnType(tx.dialect, { kind: 'integer' })})`, [])
  await tx.run(`INSERT INTO ${quote(parked)} (source, target) SELECT source, target FROM ${quote(links.table)}`, [])
  await tx.run(`DROP TABLE ${quote(links.table)}`, [])
  return parked
}

const parkedName = (table: string, version: string): string => `${table.slice(0, 63 - 4 - version.length)}__p${version}`

/** Table with the pairs that the field listed when it last became something else; undefined when it never did. */
export async function parkedLinks(tx: Executor, links: LinkTable): Promise<string | undefined> {
  const versions = (await tableNames(tx)).flatMap((name) => {
    const version = /__p(\d+)$/.exec(name)?.[1]
    return version !== undefined && name === parkedName(links.table, version) ? [Number(version)] : []
  })
  return versions.length === 0 ? undefined : parkedName(links.table, String(Math.max(...versions)))
}

/** Fields, in use or archived, that list records. */
export const allLists = (entity: Entity): readonly Field[] => [...entity.fields.values(), ...entity.archived].filter((field) => field.links !== null)
