/** What a stranger typed into a form, kept for this tab until it is sent: a shared computer shows it to nobody else. */
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'

interface Draft {
  read(): JsonObject
  keep(values: JsonObject): void
  forget(): void
}

/** The draft of the form at an address. Storage can be forbidden or full; then nothing is kept. */
export function keptDraft(address: string): Draft {
  const key = `tessera.form.${address}`
  const attempt = <T>(work: () => T, otherwise: T): T => {
    try {
      return work()
    } catch {
      return otherwise
    }
  }
  return {
    read: () => attempt(() => {
      const values = JSON.parse(sessionStorage.getItem(key) ?? '{}') as Json
      return isObject(values) ? values : {}
    }, {}),
    keep: (values) => attempt(() => sessionStorage.setItem(key, JSON.stringify(values)), undefined),
    forget: () => attempt(() => sessionStorage.removeItem(key), undefined),
  }
}
