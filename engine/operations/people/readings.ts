/**
 * One reading for all who ask at the same time. While a reading runs, those who come wait for the next one, which begins
 * when it ends: so nobody is told what was read before they asked, and thirty who ask together cost two statements.
 */

/**
 * Gives a function that asks for one key.
 * @param read answers many different keys at once; keys that are not in the answer are unknown
 */
export function readings<V>(read: (keys: readonly string[]) => Promise<ReadonlyMap<string, V>>): (key: string) => Promise<V | null> {
  let running = false
  let waiting: { readonly keys: Set<string>; readonly found: Promise<ReadonlyMap<string, V>>; begin(): void } | undefined

  const begin = async (keys: ReadonlySet<string>): Promise<ReadonlyMap<string, V>> => {
    running = true
    try {
      return await read([...keys])
    } finally {
      running = false
      const next = waiting
      waiting = undefined
      next?.begin()
    }
  }
  const wait = (): NonNullable<typeof waiting> => {
    const keys = new Set<string>()
    let start = (): void => undefined
    const found = new Promise<void>((resolve) => (start = resolve)).then(() => begin(keys))
    return { keys, found, begin: () => {
      running = true // from this moment on: who comes now must not begin a second reading beside it
      start()
    } }
  }
  return async (key) => {
    if (!running) return (await begin(new Set([key]))).get(key) ?? null
    waiting ??= wait()
    waiting.keys.add(key)
    return (await waiting.found).get(key) ?? null
  }
}
