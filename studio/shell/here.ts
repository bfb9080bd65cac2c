/** What can be done where the person is: pages put it here, and the box for commands offers it first. */
import { Store } from '../client/store.js'
import type { Command } from './commands.js'

export const here = new Store<readonly Command[]>([])
