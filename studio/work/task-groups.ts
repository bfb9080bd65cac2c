/** When tasks are to be done, seen from a day. Pure. */
import { isObject, type Json } from '../../metadata/contract/json.js'
import { dayAfter, dayOf, weekdayOf } from '../client/days.js'
import type { Rec } from '../client/records.js'

export const dueGroups = ['overdue', 'today', 'week', 'later', 'none'] as const
export type DueGroup = (typeof dueGroups)[number]

/** The day by which a task is to be done, in the reader's zone; null for none. */
export function dueDay({ due, dueAt }: Rec, timeZone: string): string | null {
  if (typeof due === 'string' && due !== '') return due
  return typeof dueAt === 'string' && dueAt !== '' ? dayOf(dueAt, timeZone) : null
}

/** Weeks end on Sunday. */
const endOfWeek = (day: string): string => dayAfter(day, 7 - weekdayOf(day))

export function groupOf(day: string | null, today: string): DueGroup {
  if (day === null) return 'none'
  if (day < today) return 'overdue'
  if (day === today) return 'today'
  return day <= endOfWeek(today) ? 'week' : 'later'
}

const ranks: Readonly<Record<string, number>> = { high: 0, normal: 1, low: 2 }
const rankOf = (priority: Json | undefined): number => ranks[typeof priority === 'string' ? priority : 'normal'] ?? 1

/** Groups that have tasks, each in the order of its days, then by priority, then as they were written. */
export function groupedTasks(tasks: readonly Rec[], today: string, timeZone: string): readonly { readonly group: DueGroup; readonly tasks: readonly Rec[] }[] {
  const placed = tasks.map((task) => ({ task, day: dueDay(task, timeZone) }))
  const order = (a: (typeof placed)[number], b: (typeof placed)[number]): number =>
    (a.day ?? '').localeCompare(b.day ?? '') || rankOf(a.task['priority']) - rankOf(b.task['priority']) || a.task.id - b.task.id
  return dueGroups.flatMap((group) => {
    const found = placed.filter(({ day }) => groupOf(day, today) === group).toSorted(order).map(({ task }) => task)
    return found.length === 0 ? [] : [{ group, tasks: found }]
  })
}

/** What a task is about; null for nothing. */
export function aboutOf({ about }: Rec): { readonly entity: string; readonly id: number } | null {
  return isObject(about) && typeof about['entity'] === 'string' && typeof about['id'] === 'number' ? { entity: about['entity'], id: about['id'] } : null
}
