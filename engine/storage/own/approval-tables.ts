/** Tables of approvals. */
import type { Knex } from 'knex'
import type { DialectName } from '../contract.js'
import { columnType } from '../dialect.js'

export function approvalTables(schema: Knex.SchemaBuilder, dialect: DialectName): Knex.SchemaBuilder {
  const instant = columnType(dialect, { kind: 'instant' })
  return schema
    // What a step of a run asks people to decide.
    .createTable('tessera_approval', (t) => {
      t.bigIncrements('id')
      t.bigInteger('run_id').notNullable()
      t.bigInteger('seq').notNullable()
      t.text('entity')
      t.bigInteger('record_id')
      t.bigInteger('asker')
      t.text('state').notNullable()
      t.text('document').notNullable()
      t.specificType('created_at', instant).notNullable()
      t.specificType('due_at', instant)
      t.specificType('ended_at', instant)
      t.index(['run_id', 'seq'])
      t.index(['state', 'due_at'])
      t.index(['entity', 'record_id'])
      t.index(['asker', 'id'])
      t.index(['ended_at'])
    })
    // Who is asked, in which place, and what they said.
    .createTable('tessera_approval_seat', (t) => {
      t.bigInteger('approval_id').notNullable()
      t.bigInteger('user_id').notNullable()
      t.integer('place').notNullable()
      t.text('state').notNullable()
      t.bigInteger('voted_by')
      t.specificType('voted_at', instant)
      t.text('comment')
      t.text('given')
      t.primary(['approval_id', 'user_id'])
      t.index(['user_id', 'state', 'approval_id'])
    })
    // Who is away, and who decides for them meanwhile.
    .createTable('tessera_absence', (t) => {
      t.bigInteger('user_id').primary()
      t.bigInteger('delegate_id').notNullable().index()
      t.specificType('from_at', instant).notNullable()
      t.specificType('until_at', instant).notNullable()
    })
}
