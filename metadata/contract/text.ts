/** How text is compared, the same in the browser, in memory and in both databases. */

/**
 * The form of a text that search, `$contains`, `$startsWith` and sorting use: Unicode NFKC, lower case.
 * It is stored in a column of its own, because SQLite lowers ASCII only.
 */
export const fold = (text: string): string => text.normalize('NFKC').toLowerCase().normalize('NFKC')

/** Compares by Unicode code point: SQLite's BINARY and PostgreSQL's "C" collation on UTF-8. JavaScript's `<` compares UTF-16 units. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) return codePointOrder(x) - codePointOrder(y)
  }
  return a.length - b.length
}

/** Surrogates stand for code points above all other 16-bit units. */
const codePointOrder = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit)
