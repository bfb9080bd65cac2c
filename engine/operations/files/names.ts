/** Names of uploaded files: what a person reads, made harmless for every system that it may be saved on. Never part of a path here. */

const longest = 180
/** Signs that turn the direction of text: `photo_gpj.exe` would read as `photo_exe.jpg`. */
const turning = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu
/** Names of devices on Windows, with or without an extension. */
const devices = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i

/** The last part of what was sent, without what means something to a file system. */
export function safeName(sent: string): string {
  const last = sent.normalize('NFC').split(/[/\\]/).at(-1) ?? ''
  const plain = last.replace(turning, '').replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}<>:"|?*]/gu, '_').replace(/^[\s.]+|[\s.]+$/gu, '').replace(devices, (name) => `_${name}`)
  if (plain === '') return 'file'
  const letters = [...plain]
  if (letters.length <= longest) return plain
  const ending = /\.[^.]{1,10}$/u.exec(plain)?.[0] ?? ''
  return letters.slice(0, longest - ending.length).join('') + ending
}

/** `attachment; filename="..."; filename*=UTF-8''...` (RFC 6266). */
export function disposition(how: 'inline' | 'attachment', name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
  return `${how}; filename="${ascii}"; filename*=UTF-8''${encoded}`
}

/** The name as the last part of an address, for people; nothing is found by it. */
export const addressName = (name: string): string => name.normalize('NFKD').replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+/, '').slice(-80) || 'file'
