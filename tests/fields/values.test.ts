/** Corners of single field types: what is accepted, in which spelling, and what is refused. */
import { describe, expect, test } from 'vitest'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import fc from 'fast-check'
import { parsePhoneNumberFromString } from 'libphonenumber-js/core'
import metadata from 'libphonenumber-js/min/metadata'
import { fieldType } from '../../engine/fields/index.js'
import { compile } from '../../engine/model/compile.js'
import { fieldFindings } from '../../engine/model/proof.js'
import type { FieldType } from '../../engine/fields/contract.js'
import type { Json, JsonObject } from '../../metadata/contract/json.js'
import { wordsOf } from '../../metadata/contract/text.js'

const ajv = new Ajv2020({ strict: false })
formats.default(ajv)
ajv.addFormat('time-zone', true).addFormat('language', true) // the engine's own; what they take is tried where people are made

const typeNamed = (name: string): FieldType => {
  const type = fieldType(name)
  if (type === undefined) throw new Error(`no field type ${name}`)
  return type
}

/** What would be stored for a value that came in, or undefined when it is refused. */
function stored(name: string, value: Json, options: JsonObject = {}): Json | undefined {
  const type = typeNamed(name)
  const spelled = type.canonical?.(value, options) ?? value
  return ajv.validate(type.schema(options), spelled) && type.check?.(spelled, options) === undefined ? spelled : undefined
}

const accepted: readonly (readonly [string, JsonObject, Json, Json])[] = [
  ['phone', { country: 'CN' }, '138 1234 5678', '+8613812345678'],
  ['phone', { country: 'CN' }, '１３８１２３４５６７８', '+8613812345678'],
  ['phone', { country: 'CN' }, '028-8555 1234', '+862885551234'],
  ['phone', { country: 'US' }, '(206) 555-0100', '+12065550100'],
  ['phone', { country: 'CN' }, '+1 206 555 0100', '+12065550100'],
  ['email', {}, '  Wang.Fang@Example.COM ', 'wang.fang@example.com'],
  ['url', {}, 'HTTPS://Example.com/A', 'https://Example.com/A'],
  ['integer', {}, -0, 0],
  ['decimal', { scale: 2 }, -0, 0],
  ['decimal', { scale: 9 }, 1e-9, 1e-9],
  ['decimal', { scale: 0 }, 999999999999999, 999999999999999],
  ['money', { currency: 'USD' }, 9999999999999.99, 9999999999999.99],
  ['money', { currency: 'USD' }, 19.99, 19.99],
  ['decimal', { multipleOf: 0.01 }, 1.13, 1.13],
  ['decimal', { multipleOf: 0.01 }, 674474046.94, 674474046.94],
  ['instant', {}, '2026-07-01T08:30:00+08:00', '2026-07-01T00:30:00.000Z'],
  ['instant', {}, '2026-07-01t08:30:00.123456z', '2026-07-01T08:30:00.123Z'],
  ['instant', {}, '2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
  ['date', {}, '2000-02-29', '2000-02-29'],
  ['multiSelect', { enum: ['a', 'b', 'c'] }, ['c', 'a'], ['a', 'c']],
  ['text', {}, '😀'.repeat(255), '😀'.repeat(255)],
  ['time', {}, '8:30', '08:30'],
  ['time', {}, '08:30:00', '08:30'],
  ['time', {}, '下午3:05', '15:05'],
  ['time', {}, '12:15 am', '00:15'],
  ['duration', {}, '1h 30m', 'PT1H30M'],
  ['duration', {}, '1:30', 'PT1H30M'],
  ['duration', {}, '90 min', 'PT1H30M'],
  ['duration', {}, '1.1 h', 'PT1H6M'],
  ['duration', {}, 'P1DT2H', 'PT26H'],
  ['duration', {}, '2小时30分', 'PT2H30M'],
  ['duration', {}, 'PT90M', 'PT1H30M'],
  ['tags', {}, [' vip ', 'VIP', 'new   customer', ''], ['vip', 'new customer']],
  ['color', {}, '#FA0', '#ffaa00'],
  ['color', {}, '1E90FF', '#1e90ff'],
  ['barcode', { kind: 'gtin13' }, '4 006381-333931', '4006381333931'],
  ['barcode', { kind: 'card' }, '6200 0000 0000 0005', '6200000000000005'],
  ['barcode', { kind: 'gtin' }, '00012345600012', '00012345600012'],
  ['rating', { max: 10 }, 10, 10],
  ['geoPoint', {}, { lat: 30.57281512345678, lng: -0 }, { lat: 30.5728151, lng: 0 }],
  ['geoPoint', {}, '30.57, 104.07', { lat: 30.57, lng: 104.07 }],
  ['address', {}, { street: ' 1 High Street ', city: '', country: 'gb' }, { street: '1 High Street', country: 'GB' }],
  ['personName', {}, '王芳', { family: '王', given: '芳' }],
  ['personName', {}, { family: ' Lovelace', given: 'Ada ' }, { family: 'Lovelace', given: 'Ada' }],
  ['consent', {}, 'unknown', { state: 'unknown' }],
  ['consent', {}, { state: 'granted', at: '2026-07-01T16:30:00+08:00', source: '' }, { state: 'granted', at: '2026-07-01T08:30:00.000Z' }],
]

test.each(accepted)('%s %j takes %j as %j', (name, options, value, expected) => {
  const result = stored(name, value, options)
  expect(result).toEqual(expected)
  expect(Object.is(result, -0)).toBe(false)
})

const refused: readonly (readonly [string, JsonObject, Json])[] = [
  ['phone', { country: 'CN' }, 'call me'],
  ['phone', {}, '13812345678'],
  ['phone', { country: 'US' }, '206 555 0100 ext. 12'],
  ['phone', { country: 'CN' }, '12'],
  ['email', {}, 'no at sign'],
  ['email', {}, `${'a'.repeat(250)}@example.com`],
  ['url', {}, 'javascript:alert(1)'],
  ['url', {}, ' JavaScript:alert(1)'],
  ['url', {}, 'java\tscript:alert(1)'],
  ['url', {}, 'data:text/html,<script>'],
  ['url', {}, 'vbscript:x'],
  ['url', {}, 'https://exa mple.com'],
  ['url', {}, 'https:///nowhere'],
  ['url', {}, 'https://a\njavascript:alert(1)'],
  ['url', {}, '//example.com'],
  ['integer', {}, '12'],
  ['integer', {}, 1.5],
  ['integer', {}, 2 ** 53],
  ['integer', {}, JSON.parse('1e400') as number],
  ['integer', { multipleOf: 3 }, 10],
  ['decimal', { multipleOf: 0.01 }, JSON.parse('1e400') as number],
  ['decimal', { multipleOf: 0.01 }, 1e300],
  ['decimal', { multipleOf: 0.01 }, 1e-300],
  ['decimal', { scale: 2 }, 0.125],
  ['decimal', { scale: 2 }, 0.1 + 0.2],
  ['decimal', { scale: 2 }, 10_000_000_000_000],
  ['decimal', { multipleOf: 0.01 }, 1.135],
  ['decimal', {}, '1.5'],
  ['money', { currency: 'JPY' }, 1.5],
  ['money', { currency: 'USD' }, 0.001],
  ['money', { currency: 'USD', minimum: 0 }, -1],
  ['percent', { maximum: 100 }, 101],
  ['date', {}, '2026-02-29'],
  ['date', {}, '0000-01-01'],
  ['date', {}, '2026-7-1'],
  ['date', {}, '2026-07-01T00:00:00Z'],
  ['instant', {}, '2026-07-01T08:30:00'],
  ['instant', {}, '2026-02-30T08:30:00Z'],
  ['instant', {}, '0001-01-01T00:00:00+14:00'],
  ['instant', {}, '9999-12-31T23:59:59-01:00'],
  ['instant', {}, '2026-07-01T24:00:00Z'],
  ['text', {}, 'nul \0 byte'],
  ['text', {}, 'half \ud800 a pair'],
  ['text', {}, 'x'.repeat(256)],
  ['select', { enum: ['a'] }, 'b'],
  ['multiSelect', { enum: ['a', 'b'] }, ['a', 'a']],
  ['multiSelect', { enum: ['a', 'b'] }, ['a', 'z']],
  ['reference', { to: 'store' }, 0],
  ['reference', { to: 'store' }, '7'],
  ['time', {}, '24:00'],
  ['time', {}, '08:60'],
  ['time', {}, '08:30Z'],
  ['time', {}, '13:00 pm'],
  ['duration', {}, '90'],
  ['duration', {}, 'P1M'],
  ['duration', {}, '30m 1h'],
  ['duration', {}, '-1h'],
  ['duration', {}, '0.5 s'],
  ['duration', {}, '99999999h'],
  ['duration', {}, 'PT'],
  ['tags', {}, ['x'.repeat(61)]],
  ['tags', { maxItems: 1 }, ['a', 'b']],
  ['tags', {}, ['half \ud800']],
  ['tags', {}, [1]],
  ['geoPoint', {}, { lat: 91, lng: 0 }],
  ['geoPoint', {}, { lat: 0 }],
  ['geoPoint', {}, { lat: 0, lng: 0, alt: 5 }],
  ['address', {}, {}],
  ['address', {}, { country: 'XX' }],
  ['address', {}, { city: 'half \ud800' }],
  ['personName', {}, { middle: 'K' }],
  ['personName', {}, { full: 'Ada', given: 'Ada' }],
  ['personName', {}, { given: 7 }],
  ['consent', {}, { state: 'granted' }],
  ['consent', {}, { state: 'maybe' }],
  ['consent', {}, { state: 'granted', at: 'yesterday' }],
  ['rating', {}, 6],
  ['rating', {}, 0],
  ['rating', {}, 2.5],
  ['color', {}, 'red'],
  ['color', {}, '#12345g'],
  ['color', {}, 'url(javascript:alert(1))'],
  ['barcode', { kind: 'gtin13' }, '4006381333932'],
  ['barcode', { kind: 'gtin13' }, '96385074'],
  ['barcode', { kind: 'card' }, '6200000000000006'],
  ['barcode', { kind: 'card' }, '4006381a33393'],
  ['json', {}, { text: 'nul \0 byte' }],
  ['json', {}, 'x'.repeat(70_000)],
  ['json', {}, JSON.parse('['.repeat(30) + ']'.repeat(30)) as Json],
]

test.each(refused)('%s %j refuses %j', (name, options, value) => {
  expect(stored(name, value, options)).toBeUndefined()
})

const read: readonly (readonly [string, JsonObject, string, Json | undefined])[] = [
  ['integer', {}, ' 1,234 ', 1234],
  ['integer', {}, '１２', 12],
  ['integer', {}, '1,23', undefined],
  ['integer', {}, '9007199254740993', undefined],
  ['decimal', { scale: 2 }, '\u22121.50', -1.5],
  ['decimal', { scale: 2 }, '1.505', undefined],
  ['decimal', { scale: 9 }, '0.1234567890123456', undefined],
  ['decimal', { scale: 2 }, '', undefined],
  ['decimal', { scale: 2 }, '1e3', undefined],
  ['money', { currency: 'CNY' }, '¥1,234.50', 1234.5],
  ['money', { currency: 'CNY' }, 'CNY 12', 12],
  ['money', { currency: 'CNY' }, '$12', undefined],
  ['money', { currency: 'USD' }, '-$12.30', -12.3],
  ['percent', {}, '12.5 %', 12.5],
  ['boolean', {}, '是', true],
  ['boolean', {}, 'No', false],
  ['boolean', {}, 'maybe', undefined],
  ['date', {}, '2026年7月1日', '2026-07-01'],
  ['date', {}, '2026/7/1', '2026-07-01'],
  ['date', {}, '07/01/2026', undefined],
  ['select', { enum: ['gold'], options: { gold: { title: '金卡' } } }, '金卡', 'gold'],
  ['select', { enum: ['gold'] }, 'GOLD', 'gold'],
  ['select', { enum: ['gold'] }, 'tin', undefined],
  ['multiSelect', { enum: ['a', 'b'] }, 'b; A', ['a', 'b']],
  ['multiSelect', { enum: ['a', 'b'] }, 'a; a', undefined],
  ['time', {}, '0830', '08:30'],
  ['time', {}, 'noon', undefined],
  ['duration', {}, '1:30:15', 'PT1H30M15S'],
  ['duration', {}, '90', undefined],
  ['tags', {}, 'vip; "a;b"; VIP', ['vip', 'a;b']],
  ['geoPoint', {}, '33.8568° S, 151.2153° E', { lat: -33.8568, lng: 151.2153 }],
  ['geoPoint', {}, '95, 10', undefined],
  ['address', {}, '1 High Street', { street: '1 High Street' }],
  ['personName', {}, '司马相如', { family: '司马', given: '相如' }],
  ['personName', {}, 'Ludwig van Beethoven', { given: 'Ludwig', middle: 'van', family: 'Beethoven' }],
  ['personName', {}, 'Cher', { full: 'Cher' }],
  ['consent', {}, 'granted', undefined],
  ['rating', {}, '★★★☆☆', 3],
  ['rating', {}, '4/5', 4],
  ['rating', {}, '7', undefined],
  ['barcode', { kind: 'gtin' }, '4006381333931', '4006381333931'],
  ['barcode', { kind: 'gtin' }, '4006381333930', undefined],
  ['url', {}, 'www.example.com', 'https://www.example.com'],
  ['json', {}, 'null', undefined],
  ['json', {}, '{', undefined],
]

test.each(read)('%s %j reads %j as %j', (name, options, text, expected) => {
  expect(typeNamed(name).parse(text, options)).toEqual(expected)
})

describe('masks keep enough to recognise a value and not enough to use it', () => {
  test.each([
    ['phone', '+8613812345678', '138****5678'],
    ['phone', '+12065550100', '206****0100'],
    ['email', 'wang.fang@example.com', 'w***@example.com'],
  ])('%s %s', (name, value, masked) => {
    expect(typeNamed(name).mask?.(value, {})).toBe(masked)
  })
})

describe('autonumber', () => {
  const { numbering } = typeNamed('autonumber')
  const at = new Date('2026-12-31T23:30:00Z')

  test.each([
    ['M{yyyy}-{000000}', 17, 'M2026-000017', '2026'],
    ['{yy}{MM}{dd}-{000}', 4321, '261231-4321', '26-12-31'],
    ['{0000}', 7, '0007', ''],
    ["$&-{00}", 5, '$&-05', ''],
  ])('%s number %i is %s', (format, number, value, counter) => {
    expect(numbering?.value({ format }, number, at)).toBe(value)
    expect(numbering?.counter({ format }, at)).toBe(counter)
  })

  test('a format without a place for the number is refused', () => {
    const valid = ajv.compile(typeNamed('autonumber').options)
    expect(['M{yyyy}', '{000}{000}', '{foo}-{0}', ''].map((format) => valid({ format }))).toEqual([false, false, false, false])
    expect(valid({ format: 'M{yyyy}-{000000}' })).toBe(true)
  })
})

describe('what is said about a wrong number', () => {
  const said = (kind: string, value: string): string | undefined => typeNamed('barcode').check?.(value, { kind })

  test('names the right digit of an article number', () => {
    expect(said('gtin13', '4006381333932')).toMatch(/end in 1 /)
  })

  test('does not help to guess a card', () => {
    expect(said('card', '6200000000000006')).toBe('is no valid card number: a digit is wrong or two are exchanged')
  })

  test('tells how many digits there are', () => {
    expect(said('gtin', '123')).toBe('must have 8, 12, 13 or 14 digits, not 3')
  })
})

describe('names of people', () => {
  const type = typeNamed('personName')
  const cell = (value: Json, suffix: string): string => type.toColumns(value, {})[type.columns({}).findIndex((column) => column.suffix === suffix)] as string // both are text columns

  test('stand in the order of their sound, whichever script they are written in', () => {
    const names = ['赵敏', 'Ada Young', '王芳', 'José Álvarez', '欧阳修文', 'Li Wei', '单雄信', 'Vera Wang'].map((written) => type.parse(written, {}) ?? null)
    const sorted = names.toSorted((a, b) => (cell(a, 'sort') < cell(b, 'sort') ? -1 : 1)).map((name) => type.format(name, {}))
    expect(sorted).toEqual(['José Álvarez', '欧阳修文', '单雄信', '王芳', 'Vera Wang', 'Li Wei', 'Ada Young', '赵敏'])
  })

  test.each(['王芳', 'wangfang', 'wang fang', 'wángfāng', 'fāng'])('王芳 is found by %s', (typed) => {
    const text = cell({ family: '王', given: '芳' }, 'fold')
    for (const word of wordsOf(typed)) expect(text).toContain(word)
  })

  test('letters are found without their marks', () => {
    expect(cell({ family: 'Álvarez', given: 'José' }, 'fold')).toContain('jose alvarez')
  })

  test('what is written of a name is read back as the same name', () => {
    const word = fc.constantFrom('Ada', 'King', 'van Dyck', '王', '欧阳', '芳', '小明', 'Dr.', 'Jr.', 'Müller-Lüdenscheidt', "O'Neill", '田中', 'a, b', '"x"')
    const name = fc.oneof(fc.record({ full: word }), fc.record({ family: word, given: word, middle: word, prefix: word, suffix: word }, { requiredKeys: ['family'] }))
    fc.assert(fc.property(name, (value) => {
      expect(type.parse(type.format(value, {}), {})).toEqual(value)
    }))
  })
})

test('every length of time has one spelling, and its order is that of its seconds', () => {
  const type = typeNamed('duration')
  fc.assert(fc.property(fc.integer({ min: 0, max: 3_600_000_000 }), (seconds) => {
    const [spelled] = [type.fromColumns([seconds], {})]
    expect(type.toColumns(spelled, {})).toEqual([seconds])
    expect(type.canonical?.(spelled, {})).toBe(spelled)
    expect(type.parse(type.format(spelled, {}), {})).toBe(spelled)
  }))
})

test('one wrong digit or two exchanged neighbours are found in a card number', () => {
  const digit = fc.integer({ min: 0, max: 9 })
  const withCheck = (digits: readonly number[]): string | undefined =>
    Array.from({ length: 10 }, (_, last) => `${digits.join('')}${String(last)}`).find((number) => typeNamed('barcode').check?.(number, { kind: 'card' }) === undefined)
  fc.assert(fc.property(fc.array(digit, { minLength: 11, maxLength: 15 }), fc.nat(), fc.integer({ min: 1, max: 9 }), (digits, place, change) => {
    const number = withCheck(digits) ?? ''
    expect(number).not.toBe('')
    const at = place % number.length
    const wrong = number.slice(0, at) + String((Number(number[at]) + change) % 10) + number.slice(at + 1)
    expect(typeNamed('barcode').check?.(wrong, { kind: 'card' })).toBeDefined()
  }))
})

test('a keyword that stands inside crm, where it has no effect, is reported and not ignored', () => {
  const model = compile({ 'a/entity.json': { type: 'object', properties: { inside: { type: 'string', crm: { maxLength: 3 } }, beside: { type: 'string', maxLength: 3 } } } }, 1)
  const codes = ['inside', 'beside'].map((key) => {
    const field = model.entities.get('a')?.fields.get(key)
    return field === undefined ? undefined : fieldFindings(field, key).map(({ path, code }) => `${path} ${code}`)
  })
  expect(codes).toEqual([['inside/crm/maxLength field.option'], []])
})

test('a value that is made of parts is never unique as a whole; its index is the one of its order, and each part may have one', () => {
  const model = compile({ 'a/entity.json': {
    type: 'object',
    properties: { one: { crm: { type: 'personName', unique: true } }, two: { crm: { type: 'personName', index: true } }, home: { crm: { type: 'address' } } },
    crm: { indexes: [['home.city', 'two']], unique: [['two.family', 'home.postcode']] },
  } }, 1)
  const entity = model.entities.get('a')
  const one = entity?.fields.get('one')
  expect(one === undefined ? [] : fieldFindings(one, 'one').map(({ code }) => code)).toEqual(['field.unique'])
  expect(entity?.indexes.filter(({ columns }) => columns[0] !== 'one').map(({ columns, unique }) => `${unique ? 'unique ' : ''}${columns.join()}`)).toEqual(['two__sort', 'unique two__family,home__postcode', 'home__cityfold,two__sort'])
})

test('days, numbers and moments are read as their author writes them, and only unmistakable ones without knowing', () => {
  const german = { dates: 'dmy', decimal: ',', timeZone: 'Europe/Berlin' } as const
  const american = { dates: 'mdy', decimal: '.', timeZone: 'America/New_York' } as const
  const read = (type: string, text: string, habits?: Parameters<FieldType['parse']>[2], options: JsonObject = {}) => typeNamed(type).parse(text, options, habits)
  expect([read('date', '03.04.2026', german), read('date', '3/4/2026', american), read('date', '03/04/2026'), read('date', '2026/4/3', american), read('date', '31.02.2026', german)]).toEqual(['2026-04-03', '2026-03-04', undefined, '2026-04-03', undefined])
  expect([read('decimal', '1.234,5', german), read('decimal', '1 234,5', german), read('decimal', '1,234.5', american), read('decimal', '1,5', american), read('integer', '1.234', german), read('percent', '12,5 %', german)]).toEqual([1234.5, 1234.5, 1234.5, undefined, 1234, 12.5])
  expect(read('money', '-1.234,50 €', german, { currency: 'EUR' })).toBe(-1234.5)
  // Summer time, winter time, and the hour that a clock skips; a zone that is named counts.
  expect([read('instant', '01.07.2026 10:30', german), read('instant', '1/2/2026 1:05 PM', american), read('instant', '2026-03-29 02:30', german), read('instant', '2026-07-01T08:30:00Z', german), read('instant', '01.07.2026', german), read('instant', '2026-07-01 08:30')]).toEqual([
    '2026-07-01T08:30:00.000Z', '2026-01-02T18:05:00.000Z', '2026-03-29T01:30:00.000Z', '2026-07-01T08:30:00.000Z', '2026-06-30T22:00:00.000Z', undefined])
})

test('telephone numbers that are not parsed are those that parsing would leave as they are', () => {
  const digits = (length: number): fc.Arbitrary<string> => fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length })
  const numbers = fc.oneof(digits(10).map((rest) => `+1${rest}`), digits(10).map((rest) => `+861${rest}`))
  fc.assert(fc.property(numbers, (text) => {
    const parsed = parsePhoneNumberFromString(text, { extract: false }, metadata)
    const expected = parsed?.isPossible() === true ? parsed.number : text
    expect(typeNamed('phone').canonical?.(text, {})).toBe(expected)
  }), { numRuns: 2_000 })
})
