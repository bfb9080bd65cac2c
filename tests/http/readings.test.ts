import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { readings } from '../../engine/operations/people/readings.js'

describe('one reading for all who ask at the same time', () => {
  test('nobody is told what was read before they asked, and there is never a second reading beside the first', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 12 }), fc.scheduler(), async (keys, scheduler) => {
        let moment = 0
        let reading = 0
        const ask = readings(async (asked) => {
          expect(++reading).toBe(1)
          expect(new Set(asked).size).toBe(asked.length)
          const begun = ++moment
          await scheduler.schedule(Promise.resolve(), 'read')
          reading--
          return new Map(asked.filter((key) => key !== 'c').map((key) => [key, { key, begun }]))
        })
        const answers = keys.map(async (key) => {
          await scheduler.schedule(Promise.resolve(), `ask ${key}`)
          const askedAt = ++moment
          const answer = await ask(key)
          if (key === 'c') expect(answer).toBeNull()
          else {
            expect(answer?.key).toBe(key)
            expect(answer?.begun).toBeGreaterThan(askedAt)
          }
        })
        await scheduler.waitFor(Promise.all(answers))
      }),
    )
  })

  test('a reading that fails fails those who shared it, and nobody after them', async () => {
    let fail = true
    const ask = readings((keys: readonly string[]) => (fail ? Promise.reject(new Error('gone')) : Promise.resolve(new Map(keys.map((key) => [key, key])))))
    const first = [ask('a'), ask('b'), ask('c')]
    for (const one of first) await expect(one).rejects.toThrow('gone')
    fail = false
    expect(await ask('a')).toBe('a')
  })
})
