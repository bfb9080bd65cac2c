/** Values of files as the screens read them. Pure. */
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import type { IconName } from '../ui/icon.js'

export interface FileShown {
  readonly id: number
  readonly name: string
  readonly size: number
  readonly type: string
}

/** The files in a value: one, several or none. */
export function filesIn(value: Json | undefined): readonly FileShown[] {
  const list: readonly Json[] = Array.isArray(value) ? (value as readonly Json[]) : value === null || value === undefined ? [] : [value]
  return list.filter(isObject).map(shown)
}

const shown = (file: JsonObject): FileShown => ({
  id: Number(file['id']),
  name: typeof file['name'] === 'string' ? file['name'] : `#${Number(file['id'])}`,
  size: typeof file['size'] === 'number' ? file['size'] : 0,
  type: typeof file['type'] === 'string' ? file['type'] : '',
})

export const isPicture = ({ type }: { readonly type: string }): boolean => type.startsWith('image/') && type !== 'image/svg+xml'

export const iconOf = (file: FileShown): IconName => (isPicture(file) ? 'image' : 'file')

/** `1.2 MB` in the reader's language. */
export function sizeText(bytes: number, language: string): string {
  const [unit, value] = bytes < 1000 ? (['byte', bytes] as const) : bytes < 999_500 ? (['kilobyte', bytes / 1000] as const) : (['megabyte', bytes / 1_000_000] as const)
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: value < 10 && unit === 'megabyte' ? 1 : 0 }).format(value)
}
