/** Consent for one channel and purpose, with its evidence: what was said, when, how, and to which text. */
import { composite, part, tidyParts } from '../composite.js'
import { isObject, type Json } from '../../../metadata/contract/json.js'
import type { FieldType } from '../contract.js'
import { optionsOf, optionsSchema } from '../keywords.js'
import { isStorable, unstorable } from '../text-column.js'
import { joinWords, splitWords } from '../word-list.js'
import { instant } from './instant.js'
import { select } from './select.js'
import { text } from './text.js'

type ConsentOptions = { readonly channel?: string; readonly purpose?: string; readonly textVersion?: string }
type Consent = { readonly state: string; readonly at?: string; readonly source?: string; readonly textVersion?: string }

const states = ['granted', 'withdrawn', 'unknown'] as const
const channels = ['email', 'sms', 'phone', 'post', 'push', 'social', 'any'] as const
const names = ['state', 'at', 'source', 'textVersion'] as const

export const consent: FieldType<ConsentOptions, Consent> = {
  ...composite<Consent>({
    parts: {
      state: part('State', select, { enum: states, options: { granted: { color: 'green' }, withdrawn: { color: 'red' }, unknown: {} } }),
      at: part('When', instant, {}),
      source: part('How', text, { maxLength: 120 }),
      textVersion: part('Version of the text', text, { maxLength: 60 }),
    },
    sortPart: 'state',
  }),
  name: 'consent',
  options: optionsSchema({
    channel: { enum: channels, title: 'Channel', description: 'By which way people are contacted.' },
    purpose: { type: 'string', maxLength: 120, title: 'Purpose', description: 'What for, such as marketing.' },
    textVersion: { type: 'string', minLength: 1, maxLength: 60, title: 'Version of the text', description: 'Of the text that people agree to, which is the description of the field: it is kept with each consent. Change it with the text.' },
  }),
  infer: (property, named) => (named ? optionsOf(property, [], ['channel', 'purpose', 'textVersion']) : undefined),
  schema: () => ({
    type: 'object',
    properties: {
      state: { type: 'string', enum: states },
      at: { type: 'string', format: 'date-time' },
      source: { type: 'string', maxLength: 120 },
      textVersion: { type: 'string', maxLength: 60 },
    },
    required: ['state'],
    additionalProperties: false,
  }),
  canonical,
  check: (value) => {
    if (!isStorable(`${value.source ?? ''}${value.textVersion ?? ''}`)) return unstorable
    if (value.at !== undefined) return instant.check?.(value.at, {})
    return value.state === 'unknown' ? undefined : 'must say when it was given or withdrawn'
  },
  // Evidence is worth something when it is ours: strangers say yes or no, we say when, where and to what.
  heard: (value, { textVersion }, { at, form }) => {
    if (!isObject(value) || !states.some((state) => state === value['state'])) return value
    if (value['state'] === 'unknown') return { state: 'unknown' }
    return { state: value['state'] ?? null, at: at.toISOString(), source: `web form ${form}`, ...(textVersion === undefined ? {} : { textVersion }) }
  },
  parse: (written) => {
    const [state = '', at = '', source = '', textVersion = ''] = splitWords(written)
    const value = canonical({ state: state.toLowerCase(), at, source, textVersion })
    return isConsent(value) ? value : undefined
  },
  format: (value) => joinWords(names.map((name) => value[name] ?? '')).replaceAll('""', '').replace(/(?:; )+$/, ''),
  examples: [
    { options: { channel: 'email', purpose: 'marketing' }, value: { state: 'granted', at: '2026-07-01T08:30:00.000Z', source: 'web form', textVersion: '3' }, text: 'granted; 2026-07-01T08:30:00.000Z; web form; 3' },
    { options: { channel: 'sms' }, value: { state: 'withdrawn', at: '2026-07-02T08:30:00.000Z' }, text: 'withdrawn; 2026-07-02T08:30:00.000Z' },
    { options: {}, value: { state: 'unknown' }, text: 'unknown' },
  ],
}

function canonical(value: Json): Json {
  if (typeof value === 'string') return canonical({ state: value })
  return tidyParts(value, (name, written) => (name === 'at' ? (instant.parse(written, {}) ?? written) : written))
}

const isConsent = (value: Json): value is Consent & { readonly [name: string]: Json } =>
  isObject(value) && states.some((state) => state === value.state) && (value.at === undefined ? value.state === 'unknown' : typeof value.at === 'string' && instant.check?.(value.at, {}) === undefined)
