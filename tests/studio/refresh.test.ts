/** However often something changes elsewhere, what is shown is asked for one question at a time, and the last answer is not older than the last change. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { oneAtATime, Refresh, spaced } from '../../studio/client/refresh.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A question that is answered when the test says so. */
function held(): { readonly ask: () => Promise<void>; readonly answer: (how?: 'fails') => Promise<void>; readonly asked: () => number; readonly most: () => number } {
  const open: ((how?: 'fails') => void)[] = []
  let [asked, most] = [0, 0]
  return {
    ask: () => new Promise((resolve, reject) => {
      asked += 1
      most = Math.max(most, open.push((how) => (how === undefined ? resolve() : reject(new Error(how)))))
    }),
    answer: async (how) => {
      open.shift()?.(how)
      await vi.advanceTimersByTimeAsync(0)
    },
    asked: () => asked,
    most: () => most,
  }
}

test('who asks while it is asked gets one more answer, together with all others, also behind one that failed', async () => {
  const { ask, answer, asked, most } = held()
  const again = oneAtATime(ask)
  const first = again()
  const [second, third] = [again(), again()]
  expect([asked(), second === third]).toEqual([1, true])
  first.catch(() => {})
  await answer('fails')
  expect(asked()).toBe(2)
  const fourth = again()
  await answer()
  await second
  await answer()
  await fourth
  expect([asked(), most()]).toEqual([3, 1])
  await Promise.all([again(), answer()])
  expect(asked()).toBe(4)
})

test('what is done at the first call is done at most once more for all that come within the pause', () => {
  const act = vi.fn<() => void>()
  const told = spaced(act, 500)
  for (let i = 0; i < 10; i++) told()
  expect(act).toHaveBeenCalledTimes(1)
  vi.advanceTimersByTime(500)
  expect(act).toHaveBeenCalledTimes(2)
  vi.advanceTimersByTime(5_000)
  expect(act).toHaveBeenCalledTimes(2)
  told()
  expect(act).toHaveBeenCalledTimes(3)
})

test('an element asks a pause after the first news and never twice at a time; what changed meanwhile is asked behind it, and nothing when it is gone', async () => {
  const { ask, answer, asked, most } = held()
  let news: (() => void) | undefined
  const refresh = new Refresh({ addController() {}, removeController() {}, requestUpdate() {}, updateComplete: Promise.resolve(true) }, {
    ask, pauseMs: 1_000,
    listen: (told) => {
      news = told
      return () => (news = undefined)
    },
  })
  refresh.hostConnected()
  await vi.advanceTimersByTimeAsync(0)
  for (let i = 0; i < 100; i++) {
    news?.()
    await vi.advanceTimersByTimeAsync(100)
  }
  expect(asked()).toBe(1) // it is not answered yet, whatever the time
  await answer()
  await vi.advanceTimersByTimeAsync(1_000)
  expect([asked(), most()]).toEqual([2, 1])
  await answer()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(asked()).toBe(2)
  news?.()
  refresh.hostDisconnected()
  await vi.advanceTimersByTimeAsync(10_000)
  expect([asked(), news]).toEqual([2, undefined])
})
