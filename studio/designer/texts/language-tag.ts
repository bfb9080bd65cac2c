/** Names of languages (BCP 47). */

/** A tag in its usual writing, `zh-Hant`; null for what is no language. */
export function canonical(tag: string): string | null {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? null
  } catch {
    return null
  }
}
