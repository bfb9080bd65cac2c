/** Is it a tag of a language as BCP 47 writes them (`zh`, `zh-CN`)? */
export function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1
  } catch {
    return false
  }
}
