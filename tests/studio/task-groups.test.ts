/** Tasks fall into groups by the day on which they are due, in the reader's zone. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { dayAfter, todayIn } from '../../studio/client/days.js'
import type { Rec } from '../../studio/client/records.js'
import { dueDay, dueGroups, groupedTasks, groupOf } from '../../studio/work/task-groups.js'

describe('groups of tasks', () => {
  test('by day: what is past, today, up to Sunday, after that, and what has no day', () => {
    const wednesday = '2026-03-04'
    const group = (day: string | null): string => groupOf(day, wednesday)
    expect(['2026-03-03', '2026-03-04', '2026-03-05', '2026-03-08', '2026-03-09', null].map(group)).toEqual(['overdue', 'today', 'week', 'week', 'later', 'none'])
    expect(groupOf('2026-03-09', '2026-03-08')).toBe('later') // on a Sunday the week is over
  })

  test('a moment falls on a day of the reader', () => {
    const late = { id: 1, dueAt: '2026-03-04T20:00:00Z' }
    expect(dueDay(late, 'UTC')).toBe('2026-03-04')
    expect(dueDay(late, 'Asia/Shanghai')).toBe('2026-03-05')
    expect(dueDay({ ...late, due: '2026-03-01' }, 'Asia/Shanghai')).toBe('2026-03-01')
    expect(todayIn('Asia/Shanghai', new Date('2026-03-04T20:00:00Z'))).toBe('2026-03-05')
    expect(dayAfter('2026-02-28', 1)).toBe('2026-03-01')
  })

  test('every task stands in one group, in the order of the days, urgent ones first', () => {
    const days = fc.option(fc.integer({ min: -20, max: 20 }).map((days) => dayAfter('2026-03-04', days)), { nil: null })
    const task = fc.record({ due: days, priority: fc.constantFrom('low', 'normal', 'high') })
    fc.assert(fc.property(fc.array(task, { maxLength: 30 }), (all) => {
      const tasks: Rec[] = all.map((one, id) => ({ ...one, id: id + 1 }))
      const groups = groupedTasks(tasks, '2026-03-04', 'UTC')
      expect(groups.flatMap((group) => group.tasks.map(({ id }) => id)).toSorted((a, b) => a - b)).toEqual(tasks.map(({ id }) => id))
      expect(groups.map(({ group }) => group)).toEqual(dueGroups.filter((name) => groups.some(({ group }) => group === name)))
      const ranks = ['high', 'normal', 'low']
      for (const group of groups) {
        const keys = group.tasks.map(({ id }) => `${all[id - 1]?.due ?? ''} ${String(ranks.indexOf(all[id - 1]?.priority ?? ''))}`)
        expect(keys).toEqual(keys.toSorted())
      }
    }))
  })
})
