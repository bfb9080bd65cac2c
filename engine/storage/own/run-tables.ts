/** Tables of workflow runs. */
import type { Knex } from 'knex'
import type { DialectName } from '../contract.js'
import { columnType } from '../dialect.js'

export function runTables(schema: Knex.SchemaBuilder, dialect: DialectName): Knex.SchemaBuilder {
  const instant = columnType(dialect, { kind: 'instant' })
  return schema
    // One row for each run. `due_at`: when somebody should look at it, or until when it is held; null: nothing comes by itself.
    .createTable('tessera_run', (t) => {
      t.bigIncrements('id')
      t.text('workflow').notNullable()
      t.text('version')
      t.bigInteger('definitions').notNullable()
      t.text('status').notNullable()
      t.bigInteger('starter')
      t.text('entity')
      t.bigInteger('record_id')
      t.text('cause')
      t.integer('depth').notNullable()
      t.bigInteger('parent_id')
      t.bigInteger('parent_seq')
      t.text('input').notNullable()
      t.text('document').notNullable()
      t.text('runner')
      t.integer('attempts').notNullable()
      t.bigInteger('revision').notNullable()
      t.specificType('created_at', instant).notNullable()
      t.specificType('ended_at', instant)
      t.specificType('due_at', instant)
      t.unique(['cause'])
      t.index(['due_at', 'id'])
      t.index(['workflow', 'status', 'id'])
      t.index(['entity', 'record_id'])
      t.index(['ended_at'])
    })
    .createTable('tessera_run_step', (t) => {
      t.bigInteger('run_id').notNullable()
      t.bigInteger('seq').notNullable()
      t.text('document').notNullable()
      t.primary(['run_id', 'seq'])
    })
    // What happened for a run and was not given to it yet.
    .createTable('tessera_run_inbox', (t) => {
      t.bigIncrements('id')
      t.bigInteger('run_id').notNullable()
      t.text('document').notNullable()
      t.index(['run_id', 'id'])
    })
    // Types of events that a run listens to; * for every one.
    .createTable('tessera_run_hears', (t) => {
      t.bigInteger('run_id').notNullable()
      t.text('type').notNullable()
      t.primary(['run_id', 'type'])
      t.index(['type'])
    })
    // Which version of a record a run made: what follows from it lies one deeper.
    .createTable('tessera_run_change', (t) => {
      t.text('entity').notNullable()
      t.bigInteger('record_id').notNullable()
      t.bigInteger('version').notNullable()
      t.bigInteger('run_id').notNullable().index()
      t.integer('depth').notNullable()
      t.primary(['entity', 'record_id', 'version'])
    })
}

/** A row that changes is entered anew into every index that it belongs to: those of what is mostly null hold what is not. */
export const runIndexes = (schema: Knex.SchemaBuilder): Knex.SchemaBuilder =>
  schema
    .alterTable('tessera_run', (t) => {
      t.dropIndex(['due_at', 'id'])
      t.dropIndex(['entity', 'record_id'])
      t.dropIndex(['ended_at'])
    })
    .raw('CREATE INDEX tessera_run_due ON tessera_run (due_at, id) WHERE due_at IS NOT NULL')
    .raw('CREATE INDEX tessera_run_about ON tessera_run (entity, record_id) WHERE entity IS NOT NULL')
    .raw('CREATE INDEX tessera_run_ended ON tessera_run (ended_at) WHERE ended_at IS NOT NULL')
