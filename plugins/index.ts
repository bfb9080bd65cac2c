/** The plugins of this deployment, one line each. */
import type { Plugin } from '../engine/plugins/contract.js'
import { sms } from './sms/engine.js'

export const plugins: readonly Plugin[] = [sms]
