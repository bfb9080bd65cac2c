/** The engine's own tables: one ordered list of migrations, each applied once, in a unit of its own. */
import type { Knex } from 'knex'
import type { Database, DialectName, Executor } from '../contract.js'
import { columnType } from '../dialect.js'
import { approvalTables } from './approval-tables.js'
import { auditTables, chainColumns, chainEntities } from './audit-tables.js'
import { connectionTables } from './connection-tables.js'
import { runIndexes, runTables } from './run-tables.js'
import { memberTable } from './segment-members.js'
import { candidateTables, duplicateTables } from './duplicate-tables.js'

/** Key of the lock that keeps two starting processes from migrating at once (PostgreSQL). */
const migrationLock = 7_487_372

/** Brings the engine's tables up to date. Costs one or two short reads when they are. */
export async function prepareSystem(db: Database): Promise<void> {
  if ((await appliedLevel(db.read)) === migrations.length) return
  if (db.dialect === 'postgres') await allowTrigrams(db)
  const { default: makeKnex } = await import('knex')
  // Only its words for tables are used: it opens no connection.
  const knex = makeKnex({ client: db.dialect === 'sqlite' ? 'sqlite3' : 'pg', useNullAsDefault: true })
  for (const [index, migration] of migrations.entries()) {
    await db.change(async (tx) => {
      if (tx.dialect === 'postgres') await tx.all('SELECT pg_advisory_xact_lock(?)', [migrationLock])
      if ((await appliedLevel(tx)) > index) return
      for (const { sql } of migration(knex, tx.dialect).toSQL()) await tx.run(sql, [])
      await tx.run("INSERT INTO tessera_meta (name, value) VALUES ('level', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", [String(index + 1)])
    })
  }
}

/** How many migrations this database has had. */
async function appliedLevel(x: Executor): Promise<number> {
  const exists = x.dialect === 'sqlite' ? "SELECT 1 AS found FROM sqlite_master WHERE name = 'tessera_meta'" : "SELECT 1 AS found WHERE to_regclass('tessera_meta') IS NOT NULL"
  if ((await x.all(exists, [])).length === 0) return 0
  const [row] = await x.all("SELECT value FROM tessera_meta WHERE name = 'level'", [])
  return Number(row?.['value'] ?? 0)
}

/** Text search is faster with the extension and works without it, where the server does not let us have it. */
async function allowTrigrams(db: Database): Promise<void> {
  await db.change((tx) => tx.run('CREATE EXTENSION IF NOT EXISTS pg_trgm', [])).catch(() => undefined)
}

type Migration = (knex: Knex, dialect: DialectName) => Knex.SchemaBuilder

/** Never edited once released: a change is a new entry at the end. */
const migrations: readonly Migration[] = [
  (knex, dialect) => accountTables(recordTables(definitionTables(knex.schema, dialect), knex, dialect), dialect),
  (knex, dialect) => jobTables(knex.schema, dialect),
  (knex, dialect) => auditTables(knex.schema, knex, dialect),
  (knex, dialect) => fileTables(knex.schema, dialect),
  (knex, dialect) => duplicateTables(knex.schema, dialect),
  (knex, dialect) => importTables(knex.schema, dialect),
  (knex, dialect) => viewTables(knex.schema, dialect),
  (knex) => seenTable(knex.schema),
  ({ schema }) => preferenceTables(schema),
  (knex, dialect) => chainColumns(knex.schema, dialect),
  ({ schema }) => schema.raw('CREATE INDEX tessera_chain_kind ON tessera_chain (kind, id)'),
  (knex, dialect) => notificationTables(knex.schema, knex, dialect),
  ({ schema }) => candidateTables(schema),
  ({ schema }) => chainEntities(schema),
  ({ schema }, dialect) => runTables(schema, dialect),
  ({ schema }, dialect) => invitationTable(schema, dialect),
  ({ schema }, dialect) => connectionTables(schema, dialect),
  ({ schema }, dialect) => identityTable(schema, dialect),
  ({ schema }, dialect) => approvalTables(schema, dialect),
  ({ schema }) => memberTable(schema),
  ({ schema }) => runIndexes(schema),
]

function definitionTables(schema: Knex.SchemaBuilder, dialect: DialectName): Knex.SchemaBuilder {
  const instant = columnType(dialect, { kind: 'instant' })
  return schema
    .createTable('tessera_meta', (t) => {
      t.text('name').primary()
      t.text('value').notNullable()
    })
    .createTable('tessera_secret', (t) => {
      t.text('name').primary()
      t.text('value').notNullable()
    })
    .createTable('tessera_version', (t) => {
      t.bigInteger('version').primary()
      t.specificType('at', instant).notNullable()
      t.bigInteger('by')
      t.text('message').notNullable()
      t.text('layers').notNullable()
      t.text('steps').notNullable()
    })
    // One row: which version is in force. Every writing unit reads it, a publish changes it.
    .createTable('tessera_current', (t) => {
      t.bigInteger('version').notNullable()
    })
    .raw('INSERT INTO tessera_current (version) VALUES (0)')
    .createTable('tessera_draft', (t) => {
      t.bigInteger('user_id').primary()
      t.bigInteger('base').notNullable()
      t.text('documents').notNullable()
      t.specificType('updated_at', instant).notNullable()
    })
    // Columns of entity tables as they really are: in use, or parked with values that a conversion replaced.
    .createTable('tessera_column', (t) => {
      t.text('table_name').notNullable()
      t.text('column_name').notNullable()
      t.text('field').notNullable()
      t.text('suffix').notNullable()
      t.text('kind').notNullable()
      t.integer('scale')
      t.text('type').notNullable()
      t.bigInteger('parked_version')
      t.primary(['table_name', 'column_name'])
    })
}

function recordTables(schema: Knex.SchemaBuilder, knex: Knex, dialect: DialectName): Knex.SchemaBuilder {
  const instant = columnType(dialect, { kind: 'instant' })
  return schema
    .createTable('tessera_counter', (t) => {
      t.text('name').primary()
      t.bigInteger('value').notNullable()
    })
    .createTable('tessera_change', (t) => {
      t.bigIncrements('seq')
      t.text('entity').notNullable()
      t.bigInteger('record_id').notNullable()
      t.bigInteger('version').notNullable()
      t.text('action').notNullable()
      t.bigInteger('changed_by')
      t.specificType('changed_at', instant).notNullable()
      t.text('changes')
      t.index(['entity', 'record_id', 'seq'])
      // The unit that wrote it: see `since` in changes.ts.
      if (dialect === 'postgres') {
        t.specificType('unit', 'xid8').notNullable().defaultTo(knex.raw('pg_current_xact_id()'))
        t.index(['unit', 'seq'])
      }
    })
    // How far long loads have come.
    .createTable('tessera_load', (t) => {
      t.text('name').notNullable()
      t.text('part').notNullable()
      t.bigInteger('loaded').notNullable()
      t.bigInteger('total').notNullable()
      t.primary(['name', 'part'])
    })
}

function jobTables(schema: Knex.SchemaBuilder, dialect: DialectName): Knex.SchemaBuilder {
  const instant = columnType(dialect, { kind: 'instant' })
  const json = columnType(dialect, { kind: 'json' })
  return schema
    .createTable('tessera_job', (t) => {
      t.bigIncrements('id')
      t.text('kind').notNullable()
      t.specificType('input', json).notNullable()
      t.specificType('about', json).notNullable()
      t.text('state').notNullable()
      t.specificType('checkpoint', json)
      t.bigInteger('done').notNullable()
      t.bigInteger('total')
      t.bigInteger('owner').index()
      t.text('job_key')
      t.text('place')
      t.specificType('error', json)
      t.integer('attempts').notNullable()
      t.text('runner')
      t.bigInteger('revision').notNullable()
      t.specificType('created_at', instant).notNullable()
      t.specificType('started_at', instant)
      t.specificType('ended_at', instant)
      // When somebody may take it: a waiting one, or a running one whose worker is silent.
      t.specificType('due_at', instant).notNullable()
    })
    .raw("CREATE UNIQUE INDEX tessera_job_key ON tessera_job (job_key) WHERE state IN ('waiting', 'running')")
    .raw("CREATE INDEX tessera_job_due ON tessera_job (due_at) WHERE state IN ('waiting', 'running')")
}

function importTables(schema: Knex.SchemaBuilder, dialect: DialectName): Knex.SchemaBuilder {
  const instant = columnType(dialect, { kind: 'instant' })
  const json = columnType(dialect, { kind: 'json' })
  return schema
    .createTable('tessera_import', (t) => {
      t.bigIncrements('id')
      t.bigInteger('owner').index()
      t.text('entity').notNullable()
      t.text('file_name').notNullable()
      t.text('file').notNullable()
      t.text('place').notNullable()
      t.text('hash').notNullable()
      t.bigInteger('bytes').notNullable()
      t.specificType('analysis', json).notNullable()
      t.specificType('settings', json).notNullable()
      t.text('headers').notNullable()
      t.text('run_key')
      t.bigInteger('check_job')
      t.specificType('checked', json)
      t.bigInteger('job')
      t.specificType('result', json)
      t.bigInteger('undo_job')
      t.specificType('undone', json)
      t.specificType('created_at', instant).notNullable()
      t.specificType('started_at', instant)
    })
    // Of imports of one file in one way there is one, until it is undone.
    .raw('CREATE UNIQUE INDEX tessera_import_run ON tessera_import (run_key) WHERE run_key IS NOT NULL')
    // What each chunk did: for undoing it, and for the rows that it rejected.
    .createTable('tessera_import_chunk', (t) => {
      t.bigInteger('import').notNullable()
      t.bigInteger('from_row').notNullable()
      t.text('created').notNullable()
      t.text('updated').notNullable()
      t.text('rejected').notNullable()
      t.text('kept').notNullable()
      t.primary(['import', 'from_row'])
    })
}

function accountTables(schema: Knex.SchemaBuilder, dialect: DialectName): Knex.SchemaBuilder {
  const instant = columnType(dialect, { kind: 'instant' })
  const json = columnType(dialect, { kind: 'json' })
  return schema
    .createTable('tessera_credential', (t) => {
      t.bigInteger('user_id').primary()
      t.text('password_hash').notNullable()
      t.specificType('changed_at', instant).notNullable()
    })
    .createTable('tessera_session', (t) => {
      t.text('token_hash').primary()
      t.bigInteger('user_id').notNullable().index()
      t.specificType('created_at', instant).notNullable()
      t.specificType('expires_at', instant).notNullable().index()
      t.specificType('last_seen_at', instant).notNullable()
      t.text('user_agent').notNullable()
    })
    .createTable('tessera_token', (t) => {
      t.bigIncrements('id')
      t.text('token_hash').notNullable().unique()
      t.bigInteger('user_id').notNullable().index()
      t.text('name').notNullable()
      t.specificType('roles', json).notNullable()
      t.specificType('created_at', instant).notNullable()
      t.specificType('expires_at', instant)
      t.specificType('revoked_at', instant)
    })
    .createTable('tessera_idempotency', (t) => {
      t.text('key_hash').primary()
      t.bigInteger('user_id')
      t.text('request_hash').notNullable()
      t.integer('status').notNullable()
      t.specificType('response', json)
      t.specificType('created_at', instant).notNullable().index()
    })
}

function fileTables(schema: Knex.SchemaBuilder, dialect: DialectName): Knex.SchemaBuilder {
  const instant = columnType(dialect, { kind: 'instant' })
  return schema
    .createTable('tessera_file', (t) => {
      t.bigIncrements('id')
      t.text('hash').notNullable().index()
      t.text('name').notNullable()
      t.bigInteger('size').notNullable()
      t.text('type').notNullable()
      t.bigInteger('owner').notNullable().index()
      t.specificType('created_at', instant).notNullable()
    })
    // Which records hold which files. One that was let go stays here for a while, so that it can be taken back.
    .createTable('tessera_file_use', (t) => {
      t.bigInteger('file_id').notNullable()
      t.text('entity').notNullable()
      t.bigInteger('record_id').notNullable()
      t.text('field').notNullable()
      t.specificType('removed_at', instant)
      t.primary(['file_id', 'entity', 'record_id', 'field'])
      t.index(['entity', 'record_id'])
    })
}

/** What a check of an import remembers of the rows before. */
const seenTable = (schema: Knex.SchemaBuilder): Knex.SchemaBuilder =>
  schema.createTable('tessera_import_seen', (t) => {
    t.bigInteger('import').notNullable()
    t.bigInteger('mark').notNullable()
    t.bigInteger('source_row').notNullable()
    t.text('detail')
    t.primary(['import', 'mark', 'source_row'])
  })

/** Views that people saved, and which one each of them begins with: see decision 36. */
function viewTables(schema: Knex.SchemaBuilder, dialect: DialectName): Knex.SchemaBuilder {
  const instant = columnType(dialect, { kind: 'instant' })
  return schema
    .createTable('tessera_view', (t) => {
      t.bigIncrements('id')
      t.bigInteger('version').notNullable()
      t.bigInteger('owner').notNullable().index()
      t.text('entity').notNullable()
      t.text('title').notNullable()
      t.text('definition').notNullable()
      t.specificType('changed_at', instant).notNullable()
      t.specificType('deleted_at', instant)
    })
    .createTable('tessera_view_role', (t) => {
      t.bigInteger('view_id').notNullable()
      t.text('role').notNullable().index()
      t.primary(['view_id', 'role'])
    })
    .createTable('tessera_view_first', (t) => {
      t.bigInteger('user_id').notNullable()
      t.text('entity').notNullable()
      t.text('view').notNullable()
      t.primary(['user_id', 'entity'])
    })
}

/** One open invitation of a user to choose a password, by the hash of its token. */
function invitationTable(schema: Knex.SchemaBuilder, dialect: DialectName): Knex.SchemaBuilder {
  const instant = columnType(dialect, { kind: 'instant' })
  return schema.createTable('tessera_invitation', (t) => {
    t.bigInteger('user_id').primary()
    t.text('token_hash').notNullable().unique()
    t.specificType('created_at', instant).notNullable()
    t.specificType('expires_at', instant).notNullable()
  })
}

/** Which identity of a provider stands for which user. */
function identityTable(schema: Knex.SchemaBuilder, dialect: DialectName): Knex.SchemaBuilder {
  return schema.createTable('tessera_identity', (t) => {
    t.text('issuer').notNullable()
    t.text('subject').notNullable()
    t.bigInteger('user_id').notNullable()
    t.specificType('tied_at', columnType(dialect, { kind: 'instant' })).notNullable()
    t.primary(['issuer', 'subject'])
    t.unique(['issuer', 'user_id'])
  })
}

/** How each person likes the screens. */
function preferenceTables(schema: Knex.SchemaBuilder): Knex.SchemaBuilder {
  return schema.createTable('tessera_preferences', (t) => {
    t.bigInteger('user_id').primary()
    t.text('document').notNullable()
  })
}

/** What people were told, and who has which record open. */
function notificationTables(schema: Knex.SchemaBuilder, knex: Knex, dialect: DialectName): Knex.SchemaBuilder {
  const instant = columnType(dialect, { kind: 'instant' })
  return schema
    .createTable('tessera_notification', (t) => {
      t.bigIncrements('seq')
      t.bigInteger('user_id').notNullable()
      t.text('kind').notNullable()
      t.text('entity')
      t.bigInteger('record_id')
      t.bigInteger('told_by')
      t.text('text')
      t.bigInteger('number').notNullable()
      t.text('cause').notNullable()
      t.specificType('at', instant).notNullable()
      t.specificType('read_at', instant)
      t.unique(['user_id', 'cause'])
      t.index(['cause'])
      t.index(['user_id', 'seq'])
      if (dialect === 'postgres') {
        t.specificType('unit', 'xid8').notNullable().defaultTo(knex.raw('pg_current_xact_id()'))
        t.index(['unit', 'seq'])
      }
    })
    // How far reminders of an entity were looked for.
    .createTable('tessera_reminded', (t) => {
      t.text('entity').primary()
      t.specificType('looked_at', instant).notNullable()
    })
    // One row for each page that shows a record; it ends when its page is silent.
    .createTable('tessera_presence', (t) => {
      t.text('page').primary()
      t.bigInteger('user_id').notNullable()
      t.text('entity').notNullable()
      t.bigInteger('record_id').notNullable()
      t.boolean('editing').notNullable()
      t.specificType('until', instant).notNullable()
      t.index(['entity', 'record_id'])
    })
}
