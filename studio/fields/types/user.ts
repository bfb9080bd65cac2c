/** A person who works with the system: a reference to the entity `user`. */
import type { FieldView } from '../contract.js'
import { reference } from './reference.js'

export const user: FieldView = { ...reference, type: 'user', icon: 'user', columnPx: 150 }
