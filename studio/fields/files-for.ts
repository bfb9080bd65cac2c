/** The files that fields get: those of one entity, and of one record where a form shows it. */
import type { Client } from '../client/client.js'
import type { FileAccess } from './contract.js'

export const filesFor = (client: Client, entity: string, record: number | null = null): FileAccess => ({
  upload: (field, file, progress, signal) => client.files.upload({ entity, field: field.key }, file, progress, signal),
  address: (field, shown, file, size) => {
    const id = shown === undefined ? record : Number(shown['id'])
    return id === null || Number.isNaN(id) ? Promise.resolve(null) : client.files.address({ entity, field: field.key }, id, file, size)
  },
})
