/** Tables of the audit log. Part of the migrations in `system.ts`: never edited once released. */
import type { Knex } from 'knex'
import type { DialectName } from '../contract.js'
import { columnType } from '../dialect.js'

/** What happened besides changes, and the chain that seals both: see decision 23. */
export function auditTables(schema: Knex.SchemaBuilder, knex: Knex, dialect: DialectName): Knex.SchemaBuilder {
  return schema
    .createTable('tessera_event', (t) => {
      t.bigIncrements('seq')
      t.text('action').notNullable()
      t.bigInteger('event_by')
      t.specificType('at', columnType(dialect, { kind: 'instant' })).notNullable()
      t.text('entity')
      t.text('records')
      t.text('detail').notNullable()
      t.index(['entity', 'seq'])
      if (dialect === 'postgres') {
        t.specificType('unit', 'xid8').notNullable().defaultTo(knex.raw('pg_current_xact_id()'))
        t.index(['unit', 'seq'])
      }
    })
    .createTable('tessera_chain', (t) => {
      t.bigInteger('id').primary()
      t.text('kind').notNullable()
      t.bigInteger('entry').notNullable()
      t.text('hash').notNullable()
      t.unique(['kind', 'entry'])
    })
    // One row: where the chain ends and how far both tables are sealed.
    .createTable('tessera_chain_head', (t) => {
      t.bigInteger('number').notNullable()
      t.text('hash').notNullable()
      t.text('change_position').notNullable()
      t.text('event_position').notNullable()
    })
    .raw("INSERT INTO tessera_chain_head (number, hash, change_position, event_position) VALUES (0, '0000000000000000000000000000000000000000000000000000000000000000', '', '')")
}

/** Who and when stand beside the seal, so that the audit log is found by them in its order, however long it is. They are no part of the seal. */
export function chainColumns(schema: Knex.SchemaBuilder, dialect: DialectName): Knex.SchemaBuilder {
  return schema
    .alterTable('tessera_chain', (t) => {
      t.bigInteger('entry_by')
      t.specificType('entry_at', columnType(dialect, { kind: 'instant' }))
    })
    .raw(`UPDATE tessera_chain SET
      entry_by = CASE kind WHEN 'change' THEN (SELECT changed_by FROM tessera_change WHERE seq = entry) ELSE (SELECT event_by FROM tessera_event WHERE seq = entry) END,
      entry_at = CASE kind WHEN 'change' THEN (SELECT changed_at FROM tessera_change WHERE seq = entry) ELSE (SELECT at FROM tessera_event WHERE seq = entry) END`)
    .raw('CREATE INDEX tessera_chain_by ON tessera_chain (kind, entry_by, id)')
    .raw('CREATE INDEX tessera_chain_at ON tessera_chain (entry_at, id)')
}

/** The entity as well: one with few entries is found among millions of others. */
export const chainEntities = (schema: Knex.SchemaBuilder): Knex.SchemaBuilder =>
  schema
    .alterTable('tessera_chain', (t) => {
      t.text('entry_entity')
    })
    .raw(`UPDATE tessera_chain SET entry_entity = CASE kind
      WHEN 'change' THEN (SELECT entity FROM tessera_change WHERE seq = entry) ELSE (SELECT entity FROM tessera_event WHERE seq = entry) END`)
    .raw('CREATE INDEX tessera_chain_entity ON tessera_chain (kind, entry_entity, id)')
