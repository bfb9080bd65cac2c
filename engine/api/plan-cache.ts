/** Questions that were parsed and resolved before, per set of rights: the next request with the same text only binds and runs. */
import type { Access } from '../permissions/access.js'

const plansPerAccess = 500
const questionCharsMax = 4_000

/**
 * A cache from (rights, question) to its plan. Rights belong to one model, so a publish starts anew; the plans used
 * longest ago are forgotten first. What throws is not kept.
 */
export function planCache<T>(): (access: Access, question: string, make: () => T) => T {
  const byAccess = new WeakMap<Access, Map<string, T>>()
  return (access, question, make) => {
    let plans = byAccess.get(access)
    if (plans === undefined) byAccess.set(access, (plans = new Map()))
    const known = plans.get(question)
    if (known !== undefined) {
      plans.delete(question)
      plans.set(question, known)
      return known
    }
    const made = make()
    if (question.length <= questionCharsMax) {
      plans.set(question, made)
      const oldest = plans.size > plansPerAccess ? plans.keys().next().value : undefined
      if (oldest !== undefined) plans.delete(oldest)
    }
    return made
  }
}
