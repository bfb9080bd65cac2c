/** Loads code that is likely to be wanted next, once the page has nothing else to do. What cannot be loaded now is asked for again where it is needed. */
export function whenIdle(load: () => Promise<unknown>): void {
  const run = (): void => void load().catch(() => {})
  // Safari has no idle callbacks.
  if (typeof requestIdleCallback === 'function') requestIdleCallback(run)
  else setTimeout(run, 500)
}
