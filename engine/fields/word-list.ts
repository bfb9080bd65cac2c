/** A list of words as one text: separated by semicolons, in double quotes where a word has one of these itself. */

export const joinWords = (words: readonly (string | number)[]): string =>
  words.map((word) => (/[;"]|^\s|\s$|^$/.test(String(word)) ? `"${String(word).replaceAll('"', '""')}"` : String(word))).join('; ')

/** Splits at semicolons outside double quotes; a doubled quote inside quotes is a quote. */
export function splitWords(written: string): readonly string[] {
  if (written.trim() === '') return []
  return [...`;${written}`.matchAll(/;\s*(?:"((?:[^"]|"")*)"|([^;]*))\s*(?=;|$)/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? (plain ?? '').trim())
}
