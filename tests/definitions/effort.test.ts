import { expect, test } from 'vitest'

import type { PlanStep } from '../../metadata/contract/plan.js'
import { withTime } from '../../engine/operations/definitions/effort.js'

const step = (action: PlanStep['action'], rows?: number): PlanStep => ({ key: `${action}:member.x`, action, entity: 'member', safety: 'slow', ...(rows === undefined ? {} : { rows }) })

test('a step tells how long it takes and who waits meanwhile: more records take longer, and only where somebody notices it', () => {
  for (const dialect of ['sqlite', 'postgres'] as const) {
    for (const action of ['addIndex', 'changeSearch', 'convertField', 'recomputeField'] as const) {
      const [some, many] = [200_000, 2_000_000].map((rows) => withTime(step(action, rows), dialect).takes)
      expect(some?.milliseconds).toBeGreaterThan(0)
      expect(many?.milliseconds).toBe((some?.milliseconds ?? 0) * 10)
      expect(withTime(step(action, 10), dialect)).toEqual(step(action, 10))
    }
    expect(withTime(step('renameField'), dialect)).toEqual(step('renameField'))
    expect(withTime(step('narrowField', 2_000_000), dialect).takes).toBeUndefined() // only looks
    expect(withTime(step('recomputeField', 100_000), dialect).takes?.waits).toBe('nobody')
    expect(withTime(step('changeSearch', 100_000), dialect).takes?.waits).toBe('saving')
  }
  expect(withTime(step('convertField', 100_000), 'sqlite').takes?.waits).toBe('saving')
  expect(withTime(step('convertField', 100_000), 'postgres').takes?.waits).toBe('opening')
})
