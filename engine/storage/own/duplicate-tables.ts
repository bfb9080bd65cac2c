/** Tables about records that may be the same. Part of the migrations in `system.ts`: never edited once released. */
import type { Knex } from 'knex'
import type { DialectName } from '../contract.js'
import { columnType } from '../dialect.js'

/** What people decided about records that look alike: see decision 26 and 27. */
export function duplicateTables(schema: Knex.SchemaBuilder, dialect: DialectName): Knex.SchemaBuilder {
  const instant = columnType(dialect, { kind: 'instant' })
  return schema
    .createTable('tessera_distinct', (t) => {
      t.text('entity').notNullable()
      t.bigInteger('low_id').notNullable()
      t.bigInteger('high_id').notNullable()
      t.bigInteger('decided_by')
      t.specificType('decided_at', instant).notNullable()
      t.primary(['entity', 'low_id', 'high_id'])
    })
    .createTable('tessera_merge', (t) => {
      t.bigIncrements('id')
      t.text('entity').notNullable()
      t.bigInteger('survivor').notNullable()
      t.bigInteger('merged_by')
      t.specificType('merged_at', instant).notNullable()
      t.text('detail').notNullable()
      t.specificType('undone_at', instant)
      t.index(['entity', 'survivor'])
    })
    // Who was merged into whom, for links that people kept.
    .createTable('tessera_merged', (t) => {
      t.text('entity').notNullable()
      t.bigInteger('record_id').notNullable()
      t.bigInteger('merge_id').notNullable()
      t.bigInteger('survivor').notNullable()
      t.primary(['entity', 'record_id'])
    })
}

/** Pairs that may be the same, and how far the search for them has come: see decision 42. */
export function candidateTables(schema: Knex.SchemaBuilder): Knex.SchemaBuilder {
  return schema
    .createTable('tessera_candidate', (t) => {
      t.text('rule').notNullable()
      t.bigInteger('low_id').notNullable()
      t.bigInteger('high_id').notNullable()
      t.integer('score').notNullable()
      t.primary(['rule', 'low_id', 'high_id'])
      t.index(['rule', 'high_id'])
      t.index(['rule', 'score', 'low_id', 'high_id'])
    })
    .createTable('tessera_candidate_search', (t) => {
      t.text('rule').primary()
      t.bigInteger('round').notNullable()
      t.text('place').notNullable()
      t.bigInteger('looked').notNullable()
    })
}
