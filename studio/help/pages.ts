/** Pages of the documentation: their names, who is offered which, and their addresses. Pure. */

/** Pages of the documentation that the product carries, in the order in which they are offered. */
export const docNames = ['admins', 'users', 'consultants', 'metadata', 'fields', 'operators'] as const
export type DocName = (typeof docNames)[number]

/** Those who shape the system read all of them, everybody else how to work in it. */
export const docsFor = (mayDesign: boolean): readonly DocName[] => (mayDesign ? docNames : ['users'])

export const isDoc = (name: string | undefined): name is DocName => docNames.some((one) => one === name)

/** Address of a page, and of a heading in it. */
export const docAddress = (page: DocName, at = ''): string => `/help/${page}${at === '' ? '' : `?at=${encodeURIComponent(at)}`}`

export interface Heading {
  /** Its name in an address. */
  readonly id: string
  readonly title: string
}

/** A heading as it is written: a translation says the name after it (`添加字段 {#add-a-field}`), otherwise it is its words with dashes. */
export function headingOf(written: string): Heading {
  const [, title = written, id] = /^(.*?) *\{#([\w-]+)\}$/.exec(written) ?? []
  return { id: id ?? title.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '-').replaceAll(/^-|-$/g, ''), title }
}
