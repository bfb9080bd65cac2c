/** Tables of what connects the system with others: kept secrets, webhooks and their deliveries, what came in by hooks. */
import type { Knex } from 'knex'
import type { DialectName } from '../contract.js'
import { columnType } from '../dialect.js'

export function connectionTables(schema: Knex.SchemaBuilder, dialect: DialectName): Knex.SchemaBuilder {
  const instant = columnType(dialect, { kind: 'instant' })
  return schema
    // Secrets that were set in the studio; `sealed` is read with a key that is not in the database.
    .createTable('tessera_kept_secret', (t) => {
      t.text('name').primary()
      t.text('sealed').notNullable()
      t.bigInteger('changed_by')
      t.specificType('changed_at', instant).notNullable()
    })
    .createTable('tessera_webhook', (t) => {
      t.bigIncrements('id')
      t.bigInteger('owner').notNullable()
      t.text('name').notNullable()
      t.text('url').notNullable()
      t.text('events').notNullable()
      t.text('state').notNullable()
      // Why it is paused.
      t.text('reason')
      t.text('secret').notNullable()
      // The secret before, which signs as well until it is retired.
      t.text('former')
      t.specificType('retired_at', instant)
      // Since when nothing arrives any more.
      t.specificType('failing_at', instant)
      t.specificType('created_at', instant).notNullable()
      t.specificType('changed_at', instant).notNullable()
    })
    // One row for each message of a webhook. `due_at`: when it is sent (again), or until when somebody is sending it.
    .createTable('tessera_delivery', (t) => {
      t.bigIncrements('id')
      t.bigInteger('webhook_id').notNullable()
      t.text('cause').notNullable()
      t.text('event').notNullable()
      t.text('state').notNullable()
      t.integer('attempts').notNullable()
      t.integer('status')
      t.text('error')
      t.specificType('created_at', instant).notNullable()
      t.specificType('ended_at', instant).index()
      t.specificType('due_at', instant)
      t.unique(['webhook_id', 'cause'])
      t.index(['webhook_id', 'state', 'id'])
    })
    .raw("CREATE INDEX tessera_delivery_due ON tessera_delivery (due_at, id) WHERE state = 'waiting'")
    // What came in by a hook, by its signature: the same is not taken twice.
    .createTable('tessera_hook_seen', (t) => {
      t.text('mark').primary()
      t.specificType('forgotten_at', instant).notNullable().index()
    })
}
