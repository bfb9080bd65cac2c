/** What a new workflow starts from, and how it is written. Pure. */
import type { JsonObject } from '../../../metadata/contract/json.js'
import { cronOf } from './begin.js'
import { nothingTask } from './workflow-tree.js'

export const starters = ['created', 'changed', 'night', 'hand'] as const
export type Starter = (typeof starters)[number]

export interface NewWorkflow {
  readonly name: string
  readonly title: string
  readonly starter: Starter
  /** Whose records it is about; '' for none. */
  readonly entity: string
  /** Watched field of `changed`; '' for any. */
  readonly field: string
  /** Whose rights its runs have; for `hand` who may start it, and it acts for whoever did. */
  readonly role: string
}

export const workflowPath = (name: string): string => `workflows/${name}.json`

/** A workflow that does nothing yet. */
export function newWorkflow({ name, title, starter, entity, field, role }: NewWorkflow): JsonObject {
  const byHand = starter === 'hand'
  return {
    document: {
      dsl: '1.0.3', namespace: 'studio', name, version: '1.0.0', title,
      metadata: byHand ? { ...(entity === '' ? {} : { entity }), ...(role === '' ? {} : { start: [role] }) } : { role },
    },
    evaluate: { language: 'cel' },
    ...(byHand ? {} : { schedule: starter === 'night' ? { cron: cronOf(2, 0, null) } : { on: { one: { with: { type: `crm.${entity}.${starter}`, ...(starter === 'changed' && field !== '' ? { fields: [field] } : {}) } } } } }),
    do: [{ nothing: nothingTask('cel') }],
  }
}

/** `Thank gold members!` → `thank-gold-members`; without Latin letters `workflow`; made unique among `taken`. */
export function workflowName(title: string, taken: readonly string[]): string {
  const root = title.normalize('NFKD').replace(/[\u0300-\u036f]/g, '').toLowerCase().match(/[a-z0-9]+/g)?.join('-').slice(0, 40).replace(/-$/, '') ?? 'workflow'
  let name = root
  for (let number = 2; taken.includes(name); number += 1) name = `${root}-${number}`
  return name
}
