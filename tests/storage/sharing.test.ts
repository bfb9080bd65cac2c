import fc from 'fast-check'
import { expect, test } from 'vitest'

import { sharing } from '../../engine/storage/drivers/sharing.js'

test('equal questions share runs: never one that began before they were asked, never two at a time, and a failure is nobody else\'s', async () => {
  const question = fc.record({ sql: fc.constantFrom('a', 'b'), id: fc.constantFrom(1, 2) })
  await fc.assert(
    fc.asyncProperty(fc.array(question, { minLength: 1, maxLength: 12 }), fc.scheduler(), fc.integer({ min: 1, max: 6 }), async (questions, scheduler, failing) => {
      let moment = 0
      let runs = 0
      const running = new Set<string>()
      const shared = sharing({
        dialect: 'sqlite',
        writing: false,
        async all(sql, [id]) {
          const key = `${sql}${String(id)}`
          expect(running.has(key)).toBe(false)
          running.add(key)
          const [begun, run] = [++moment, ++runs]
          await scheduler.schedule(Promise.resolve(), `run ${key}`)
          running.delete(key)
          if (run === failing) throw new Error(`run ${String(run)} begun ${String(begun)}`)
          return [{ key, begun }]
        },
        run: () => Promise.resolve(0),
      })
      const answers = questions.map(async ({ sql, id }) => {
        await scheduler.schedule(Promise.resolve(), 'ask')
        const asked = ++moment
        const answer = await shared.all(sql, [id]).catch((error: unknown) => [{ key: `${sql}${String(id)}`, begun: Number(/begun (\d+)/.exec(String(error))?.[1]) }])
        expect(answer).toEqual([{ key: `${sql}${String(id)}`, begun: expect.any(Number) as number }])
        expect(answer[0]?.['begun']).toBeGreaterThan(asked)
      })
      await scheduler.waitFor(Promise.all(answers))
      expect(runs).toBeLessThanOrEqual(questions.length)
    }),
  )
})
