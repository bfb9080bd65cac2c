/** An uploaded file of any kind, or several: contracts, forms, tables. */
import { fileType } from '../file-value.js'

export const file = fileType('file', [], { id: 1, name: 'contract.pdf', size: 48_213, type: 'application/pdf' })
