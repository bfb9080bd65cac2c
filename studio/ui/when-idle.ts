/** What people look at first, they look at longer. */
const restMs = 1_000

/**
 * Does what nobody waits for once the page is at rest, such as loading code that is likely to be wanted next. What fails is asked for again where it is needed.
 * @param afterMs how long it may be looked at before
 */
export function whenIdle(act: () => Promise<unknown>, afterMs = restMs): void {
  const run = (): void => void act().catch(() => {})
  // Safari has no idle callbacks.
  setTimeout(() => (typeof requestIdleCallback === 'function' ? requestIdleCallback(run) : run()), afterMs)
}

/** Resolves once what was just rendered can be seen. */
export const painted = (): Promise<void> => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
