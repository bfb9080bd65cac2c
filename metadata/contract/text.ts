/** How text is compared, the same in the browser, in memory and in both databases. */

const ascii = /^[\0-\x7f]*$/ // eslint-disable-line no-control-regex

/** Signs above and below letters of the Latin, Greek and Cyrillic scripts, vowel signs of Hebrew and Arabic, the Arabic lengthening line. */
const marks = /[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]/gu

/** Letters that Unicode does not take apart, as people write them without their keyboard's help. */
const letters: Readonly<Record<string, string>> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', þ: 'th', ł: 'l', ħ: 'h', ı: 'i', ς: 'σ' }

/**
 * The form of a text that search, `$contains`, `$startsWith` and sorting use: compatible forms are one, capitals are
 * small, and letters stand without accents (`Müller` is found by `muller`). It is stored in a column of its own.
 */
export function fold(text: string): string {
  if (ascii.test(text)) return text.toLowerCase()
  const plain = text.normalize('NFKD').toLowerCase().normalize('NFKD').replace(marks, '')
  return plain.replace(/[ßæœøđðþłħıς]/gu, (letter) => letters[letter] ?? letter).normalize('NFKC')
}

/** The words of a free text, folded, each once. */
export const wordsOf = (text: string): readonly string[] => [...new Set(fold(text).split(/[\s\p{Cc}]+/u).filter((word) => word !== ''))]

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
