/** A name for one request that nobody else gives: works without https too, unlike `crypto.randomUUID`. */
export const randomKey = (): string => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
