/** Cells and lines of CSV files (RFC 4180) that do no harm when a spreadsheet opens them. */

/**
 * A cell that a spreadsheet would run as a formula gets an apostrophe in front; an import takes it away again. Signed
 * numbers, phone numbers among them, are no formulas and stay as they are.
 */
export const harmless = (text: string): string => (/^'*[=+\-@\t\r]/.test(text) && !/^[+-]?\d+([.,]\d+)?$/.test(text) ? `'${text}` : text)

/** A cell as it stands in the file. */
export const quoted = (text: string): string => (/[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text)

/** A whole line of texts. */
export const csvLine = (cells: readonly string[]): string => `${cells.map((cell) => quoted(harmless(cell))).join(',')}\r\n`
