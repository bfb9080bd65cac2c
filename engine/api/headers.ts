/** Security headers, the same on every answer of the two entrances. */

const always = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
  'X-Permitted-Cross-Domain-Policies': 'none',
} as const

/** Data is nobody's to keep, and never a page. */
export const dataHeaders: Readonly<Record<string, string>> = Object.freeze({
  ...always,
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox",
  'Cache-Control': 'no-store',
})

/** The studio: its own scripts only. Components write style attributes and sheets, so styles are allowed inline. */
export const pageHeaders: Readonly<Record<string, string>> = Object.freeze({
  ...always,
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
})

/** Added to answers over https. */
export const secureHeaders: Readonly<Record<string, string>> = Object.freeze({ 'Strict-Transport-Security': 'max-age=31536000' })

/** Headers of an answer that is saved as a file with this name (RFC 6266). */
export function attachment(fileName: string): Readonly<Record<string, string>> {
  const safe = fileName.replaceAll(/[\p{Cc}"\\/]/gu, '_')
  const plain = safe.replaceAll(/[^\u0020-\u007e]/g, '_')
  const encoded = encodeURIComponent(Buffer.from(safe).toString()).replaceAll(/['()*]/g, (sign) => `%${sign.codePointAt(0)?.toString(16).toUpperCase() ?? ''}`)
  return { 'Content-Disposition': `attachment; filename="${plain}"; filename*=UTF-8''${encoded}` }
}
