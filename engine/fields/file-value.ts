/** What the types for files and images share: values that name uploaded files, one or several. */
import { isObject, type Json, type JsonObject, type JsonSchema } from '../../metadata/contract/json.js'
import type { FieldType, FileFacts } from './contract.js'
import { optionsSchema, picked, settingsOf } from './keywords.js'

/** A file as it stands in a record. */
export type FileValue = FileFacts | readonly FileFacts[]

export interface FileOptions extends JsonObject {
  readonly multiple?: boolean
  readonly maxFiles?: number
  /** Megabytes. */
  readonly maxSize?: number
  /** Media types such as `application/pdf` or `image/*`. */
  readonly accept?: readonly string[]
}

const settings = ['multiple', 'maxFiles', 'maxSize', 'accept'] as const
const mostFiles = 50
const mediaType = '^[a-z]+/(?:[a-z0-9.+-]+|\\*)$'

const multiple = { type: 'boolean', title: 'Several', description: 'More than one may be attached.', default: false } as const
const maxFiles = { type: 'integer', minimum: 1, maximum: mostFiles, title: 'Most files', description: 'How many may be attached, where several may be.' } as const
const maxSize = { type: 'number', exclusiveMinimum: 0, maximum: 10_000, title: 'Largest size (MB)', description: 'The deployment has a limit of its own.' } as const
const accept = { type: 'array', items: { type: 'string', pattern: mediaType }, uniqueItems: true, minItems: 1, title: 'Accepted kinds', description: 'Media types, judged by content: application/pdf, image/*. Left out: any.' } as const

const item: JsonSchema = {
  type: 'object',
  properties: { id: { type: 'integer', minimum: 1 }, name: { type: 'string' }, size: { type: 'integer' }, type: { type: 'string' } },
  required: ['id'],
  additionalProperties: false,
}

/** Members in one order, whatever the database made of it. */
const facts = (from: JsonObject): FileFacts => picked(from, ['id', 'name', 'size', 'type']) as FileFacts // as it was stored

const listOf = (value: FileValue): readonly FileFacts[] => (Array.isArray(value) ? (value as readonly FileFacts[]) : [value as FileFacts])

/** A bare id stands for the file with that id. */
const named = (value: Json): Json => (typeof value === 'number' ? { id: value } : value)

const accepts = (wanted: string, type: string): boolean => wanted === type || (wanted.endsWith('/*') && type.startsWith(wanted.slice(0, -1)))

/** A type of files; `always` are the kinds that it takes whatever its options say, `offered` its own example. */
export function fileType(name: string, always: readonly string[], offered: FileFacts): FieldType<FileOptions, FileValue> {
  return {
    name,
    options: optionsSchema({ multiple, maxFiles, maxSize, ...(always.length === 0 ? { accept } : {}) }),
    infer: (property, isNamed) => (isNamed ? picked(settingsOf(property), settings) : undefined),
    schema: (options) => (options.multiple === true ? { type: 'array', items: item, maxItems: options.maxFiles ?? mostFiles } : item),
    canonical: (value, options) => {
      const list = Array.isArray(value) ? value.map(named) : named(value)
      if (options.multiple !== true) return list
      // A field that took one file before and takes several now keeps what it holds.
      return isObject(list) ? [list] : list
    },
    columns: () => [{ suffix: '', kind: 'json' }],
    toColumns: (value) => [value],
    fromColumns: ([cell], options) => {
      if (cell === null || cell === undefined) return null
      const list = Array.isArray(cell) ? cell.filter(isObject).map(facts) : isObject(cell) ? [facts(cell)] : []
      return options.multiple === true ? list : (list[0] ?? null)
    },
    operators: ['$eq', '$ne'],
    // Only whether there is a file is asked.
    operand: () => undefined,
    sortColumn: () => null,
    measures: ['count'],
    buckets: [],
    parse: () => undefined,
    format: (value) => listOf(value).map((file) => file.name).join('; '),
    formula: 'none',
    files: {
      held: (value) => listOf(value).map(({ id }) => id),
      described: (value, known) => {
        const list = listOf(value).flatMap(({ id }) => known.get(id) ?? []).map(facts)
        return Array.isArray(value) ? list : (list[0] ?? value)
      },
      refusal: ({ size, type }, options) => {
        if (options.maxSize !== undefined && size > options.maxSize * 1_000_000) return `is larger than ${String(options.maxSize)} MB`
        const wanted = always.length > 0 ? always : (options.accept ?? [])
        return wanted.length === 0 || wanted.some((one) => accepts(one, type)) ? undefined : `may be ${wanted.join(', ')}, and this is ${type}`
      },
    },
    examples: [
      { options: {}, value: offered, text: offered.name },
      { options: { multiple: true, maxFiles: 3, maxSize: 5 }, value: [offered, { ...offered, id: offered.id + 1, name: '合同.pdf' }], text: `${offered.name}; 合同.pdf` },
    ],
  }
}
