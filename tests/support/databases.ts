/** Fresh, real databases for tests: a file for SQLite, a database on the shared server for PostgreSQL. */
import { randomUUID } from 'node:crypto'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { Client } from 'pg'
import { inject } from 'vitest'

export type DatabaseKind = 'sqlite' | 'postgres'

/** Both kinds, for `describe.each(databaseKinds)`; `TESSERA_TEST_DATABASES=sqlite` (or `postgres`) runs one alone. */
export const databaseKinds: readonly DatabaseKind[] = chosen(process.env.TESSERA_TEST_DATABASES)

export interface TestDatabase {
  readonly kind: DatabaseKind
  /** As in `DATABASE_URL`: `sqlite:PATH` or `postgres://...`. */
  readonly url: string
  /** Removes the database, cutting connections that are still open. Close your own first. */
  drop(): Promise<void>
}

/** A new, empty database. */
export async function freshDatabase(kind: DatabaseKind): Promise<TestDatabase> {
  return kind === 'sqlite' ? sqliteFile() : postgresDatabase()
}

const templates = new Map<string, Promise<TestDatabase>>()

/**
 * A new database that starts as a copy of one that `prepare` filled; `prepare` runs once per worker and key.
 * It must have closed its connections when it resolves. A copy takes some 30 ms, whatever `prepare` takes.
 */
export async function clonedDatabase(
  kind: DatabaseKind,
  key: string,
  prepare: (url: string) => Promise<void>,
): Promise<TestDatabase> {
  const name = `${kind}:${key}`
  let template = templates.get(name)
  if (template === undefined) {
    template = prepared(kind, prepare)
    templates.set(name, template)
  }
  const source = (await template).url
  return kind === 'sqlite' ? sqliteFile(sqlitePath(source)) : postgresDatabase(new URL(source).pathname.slice(1))
}

async function prepared(kind: DatabaseKind, prepare: (url: string) => Promise<void>): Promise<TestDatabase> {
  const database = await freshDatabase(kind)
  await prepare(database.url)
  return database
}

async function sqliteFile(template?: string): Promise<TestDatabase> {
  const folder = await mkdtemp(join(inject('runFolder'), 'sqlite-'))
  const path = join(folder, 'test.db')
  // The whole folder: what is still in the write-ahead log belongs to the database.
  if (template !== undefined) await cp(dirname(template), folder, { recursive: true })
  return { kind: 'sqlite', url: `sqlite:${path}`, drop: () => rm(folder, { recursive: true, force: true }) }
}

async function postgresDatabase(template = 'template0'): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await administer(`create database ${name} template ${template}`)
  const url = new URL(inject('postgresUrl'))
  url.pathname = `/${name}`
  return { kind: 'postgres', url: url.href, drop: () => administer(`drop database if exists ${name} with (force)`) }
}

async function administer(statement: string): Promise<void> {
  const client = new Client({ connectionString: inject('postgresUrl') })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

function sqlitePath(url: string): string {
  return url.slice('sqlite:'.length)
}

function chosen(names: string | undefined): readonly DatabaseKind[] {
  const all: readonly DatabaseKind[] = ['sqlite', 'postgres']
  const kinds = names === undefined ? all : all.filter((kind) => names.split(',').includes(kind))
  if (kinds.length === 0) throw new Error(`TESSERA_TEST_DATABASES knows only ${all.join(' and ')}, not ${names}`)
  return kinds
}
