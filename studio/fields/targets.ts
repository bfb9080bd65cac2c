/** Types that lead to records of one entity, whatever their settings. Pure. */
const always: Readonly<Record<string, string>> = { user: 'user' }

/** The entity that a field of a type leads to; '' for none. @param given what the field's own settings say */
export const targetOf = (type: string, given: string): string => (given === '' ? (always[type] ?? '') : given)
