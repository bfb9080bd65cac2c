/** Every field type is entered and shown; what a record contains is text, never a page. */
import fc from 'fast-check'
import { html, render } from 'lit'
import { afterEach, describe, expect, test } from 'vitest'

import type { Json } from '../../metadata/contract/json.js'
import type { UiField } from '../../metadata/contract/ui-model.js'
import { localeOf, numberMarks, speak, type NumberMarks } from '../../studio/client/i18n.js'
import { firstWeekday } from '../../studio/client/days.js'
import { dateWords, isoDay, parseDay } from '../../studio/fields/date-words.js'
import { fieldViews, viewOf } from '../../studio/fields/index.js'
import { nameOf } from '../../studio/fields/name-of.js'
import { readNumber, writeNumber } from '../../studio/fields/number-text.js'
import { firstUnread } from '../../studio/fields/unread.js'
import { entity, field, settled, show, slot, surroundings } from './support.js'

const choices = { enum: ['gold', 'silver'], options: { gold: { title: 'Gold', color: 'amber' } } }
interface Sample {
  readonly value: Json
  readonly options?: Record<string, Json>
  readonly field?: Partial<UiField>
  readonly text: string | RegExp
}

const samples: Readonly<Record<string, Sample>> = {
  address: { value: { street: '600 Pine Street', city: 'Seattle', region: 'WA', postcode: '98101', country: 'US' }, text: '600 Pine Street, Seattle, WA 98101, United States' },
  anyReference: { value: { entity: 'store', id: 3 }, field: { targets: ['store', 'member'] }, text: 'store 3' },
  autonumber: { value: 'M2026-000001', text: 'M2026-000001' },
  barcode: { value: '6200000000000005', options: { kind: 'card' }, text: '6200 0000 0000 0005' },
  boolean: { value: true, text: 'Yes' },
  color: { value: '#1e90ff', text: '#1e90ff' },
  consent: { value: { state: 'granted', at: '2017-03-09T20:30:00.000Z', source: 'web form' }, text: /^Granted · Mar 10, 2017.* · web form$/ },
  date: { value: '2017-03-09', text: 'Mar 9, 2017' },
  decimal: { value: 1234.5, text: '1,234.5' },
  duration: { value: 'PT1H30M', text: '1h 30m' },
  email: { value: 'ada@example.com', text: 'ada@example.com' },
  file: { value: [{ id: 1, name: 'contract.pdf', size: 48_213, type: 'application/pdf' }], text: 'contract.pdf' },
  geoPoint: { value: { lat: 30.572815, lng: 104.066803 }, text: '30.572815, 104.066803' },
  image: { value: [{ id: 1, name: 'front.jpg', size: 48_213, type: 'image/jpeg' }], text: 'front.jpg' },
  instant: { value: '2017-03-09T20:30:00.000Z', text: /Mar 10, 2017/ },
  integer: { value: 12_345, text: '12,345' },
  json: { value: { city: 'Chengdu' }, options: { schema: { type: 'object', properties: { city: { type: 'string' } } } }, text: '{"city":"Chengdu"}' },
  lines: { value: [{ id: 1, name: 'Ada' }, { id: 2, name: 'Bob' }], field: { lines: 'line' }, text: /^2 / },
  longText: { value: 'one\ntwo', text: 'one\ntwo' },
  money: { value: 5.5, options: { currency: 'USD' }, text: '$5.50' },
  multiSelect: { value: ['gold', 'silver'], options: choices, text: 'Gold, Silver' },
  percent: { value: 12.5, text: '12.5 %' },
  personName: { value: { family: '王', given: '芳' }, text: '王芳' },
  phone: { value: '+8613812345678', text: '+86 138 1234 5678' },
  rating: { value: 4, text: '4/5' },
  reference: { value: 3, options: { to: 'store' }, text: 'store 3' },
  references: { value: [3, 4], options: { to: 'store' }, text: 'store 3, store 4' },
  richText: { value: '**bold**', text: '**bold**' },
  select: { value: 'gold', options: choices, text: 'Gold' },
  tags: { value: ['vip', 'wholesale'], text: 'vip, wholesale' },
  text: { value: 'Ada', text: 'Ada' },
  time: { value: '08:30', text: '08:30' },
  url: { value: 'https://example.com/a', text: 'https://example.com/a' },
  user: { value: 3, options: { to: 'user' }, text: 'user 3' },
}

/** A type without a sample of its own holds text. */
const plainText: Sample = { value: 'Ada', text: 'Ada' }
const sampled = fieldViews.map(({ type }) => [type, samples[type] ?? plainText] as const)

describe.each(sampled)('%s', (type, sample) => {
  const of = field('f', type, { options: sample.options ?? {}, ...sample.field })
  const view = viewOf(type)

  test('is written as people write it', async () => {
    const text = await view.text(sample.value, { ...surroundings, field: of })
    if (typeof sample.text === 'string') expect(text).toBe(sample.text)
    else expect(text).toMatch(sample.text)
  })

  test('is entered without being changed by merely showing it', async () => {
    const shown = slot(of, sample.value)
    const place = await show(view.input(shown))
    await settled()
    expect(shown.edits).toEqual([])
    // A table of lines has its input where the person goes; the place to begin is a cell.
    expect(place.querySelector('input, textarea, td[tabindex="0"]')).not.toBeNull()
  })

  test('has a name for screen readers where there is no room for a label', async () => {
    const place = await show(view.input(slot({ ...of, title: 'The name' }, sample.value, { label: '' })))
    await settled()
    const nameOf = (element: Element): string => document.getElementById(element.getAttribute('aria-labelledby') ?? '')?.textContent ?? element.getAttribute('aria-label') ?? element.textContent
    const named = [...place.querySelectorAll('[aria-label], [role=group][aria-labelledby], legend, label')].map(nameOf)
    expect(named.join(' ')).toContain('The name')
  })

  test('shows markup in a value as text', async () => {
    const evil = '<img src=x onerror="window.hurt = true">'
    const value: Json = type === 'multiSelect' || type === 'tags' ? [evil] : type === 'json' || type === 'address' ? { city: evil } : type === 'personName' ? { full: evil } : type === 'consent' ? { state: evil, source: evil } : evil
    const place = await show(html`${view.cell(value, { ...surroundings, field: of })}`)
    expect(place.querySelector('img')).toBeNull()
    expect('hurt' in window).toBe(false)
  })
})

describe('days', () => {
  afterEach(() => speak('en'))

  test.each(['en', 'zh'] as const)('are read in %s as they are shown, and as ISO 8601 writes them', async (tongue) => {
    await speak(tongue)
    const { formatDate, firstDayOfWeek } = dateWords()
    expect(firstDayOfWeek).toBe(firstWeekday(localeOf()) % 7) // as in the calendar
    fc.assert(fc.property(fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }), (date) => {
      const of = { day: date.getUTCDate(), month: date.getUTCMonth(), year: date.getUTCFullYear() }
      expect([formatDate(of), isoDay(of)].map(parseDay)).toEqual([of, of])
      expect(viewOf('date').parse?.(formatDate(of), { ...surroundings, field: field('f', 'date') })).toBe(isoDay(of))
    }))
    expect(formatDate({ day: 1, month: 9, year: 2026 })).toBe(tongue === 'en' ? 'Oct 1, 2026' : '2026年10月1日')
  })

  test.each(['2026-3-9', '2026/03/09', '2026.3.9', '2026年3月9日', '20260309', '9 mar 2026', 'March 9th, 2026', 'Mon, Mar 9, 2026', '3/9/2026'])('%s is the ninth of March', (text) => {
    expect(parseDay(text)).toEqual({ day: 9, month: 2, year: 2026 })
  })

  test.each(['', '2026-02-30', '31/31/2026', '9 March', 'March 2026', '3/9/26', 'Mayo 3 2026 or 2027', '2026-13-01', 'tomorrow'])('“%s” is no day', (text) => {
    expect(parseDay(text)).toBeUndefined()
  })
})

describe('numbers', () => {
  afterEach(() => speak('en'))
  const marksOf = (tag: string): NumberMarks => {
    document.documentElement.lang = tag
    return numberMarks()
  }
  const kept = fc.tuple(fc.integer({ min: -999_999_999_999, max: 999_999_999_999 }), fc.constantFrom(1, 10, 100, 1000)).map(([digits, part]) => digits / part)

  test.each(['en', 'zh-CN', 'de', 'de-CH', 'fr', 'hi', 'ar-EG', 'fa', 'sv'])('are read as they are shown and typed in %s', (tag) => {
    const marks = marksOf(tag)
    fc.assert(fc.property(kept, (value) => {
      expect([readNumber(new Intl.NumberFormat(tag, { maximumFractionDigits: 9 }).format(value), marks), readNumber(writeNumber(value, marks), marks)]).toEqual([value, value])
    }))
    fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(readNumber(writeNumber(value, marks), marks)).toBe(value === 0 ? 0 : value)
    }))
  })

  test('comma and point mean the same everywhere, unless both meanings are possible', () => {
    const [english, german, french] = ['en', 'de', 'fr'].map(marksOf)
    const read = (text: string): unknown[] => [english, german, french].map((marks) => readNumber(text, marks))
    for (const [text, value] of [['12,5', 12.5], ['12.5', 12.5], ['1.234,5', 1234.5], ['1,234.5', 1234.5], ['1.234.567', 1_234_567], ['1 234,5', 1234.5], ["1'234.50", 1234.5], ['0,500', 0.5], ['1234,567', 1234.567], ['12,34,567', 1_234_567], [',5', 0.5], ['5.', 5]] as const) expect(read(text), text).toEqual([value, value, value])
    expect(read('12,500')).toEqual([12_500, 12.5, 12.5])
    expect(read('12.500')).toEqual([12.5, 12_500, undefined])
  })

  test.each([['$1,200.50', 1200.5], ['-€5', -5], ['CNY 12', 12], ['（12.5）', -12.5], ['￥１２．５', 12.5], ['12。5', 12.5], ['45 %', 45], ['1.5E+05', 150_000], ['−3', -3], ['12元', 12]])('%s is pasted as %d', (text, value) => {
    expect(readNumber(text, marksOf('en'))).toBe(value)
  })

  test.each(['', ' ', '-', '.', '1e', '1,2,3', '1.2.3', '1,23.4', '1 2', '12k', '3 m', '1e999', '9007199254740993', '0.12345678901234567891', '12:30', '2026-03-09', '1/2', 'NaN', 'Infinity', '0x10'])('“%s” is no number, as it is none or could not be kept', (text) => {
    expect(readNumber(text, marksOf('en'))).toBeUndefined()
  })

  test('what was typed is shown as it was understood; what was not stays and is told; a page that is drawn again meanwhile takes nothing away', async () => {
    const unread: unknown[] = []
    const shown = slot(field('f', 'decimal'), 7, { unread: (text) => unread.push(text) })
    const place = await show(html``)
    const draw = (value: Json): unknown => render(viewOf('decimal').input({ ...shown, value }), place)
    draw(7)
    await settled()
    const input = place.querySelector('input')
    if (input === null) throw new Error('the input is missing')
    const type = (text: string): unknown => {
      input.value = text
      return input.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }))
    }
    const done = (): unknown => input.dispatchEvent(new Event('change', { bubbles: true }))
    expect(input.value).toBe('7')
    type('12,5')
    draw(7)
    draw(12.5)
    expect([shown.edits.at(-1), input.value]).toEqual([12.5, '12,5'])
    done()
    expect([input.value, unread]).toEqual(['12.5', []])
    input.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true, composed: true, cancelable: true }))
    expect([shown.edits.at(-1), input.value]).toEqual([11.5, '11.5'])
    draw(11.5)
    type('11.5 kg')
    draw(null)
    done()
    expect([shown.edits.at(-1), input.value, unread]).toEqual([null, '11.5 kg', ['11.5 kg']])
    draw(7)
    expect(input.value).toBe('7')
  })

  test.each([[{}, 'text'], [{ minimum: -5 }, 'text'], [{ minimum: 0 }, 'decimal'], [{ exclusiveMinimum: 0 }, 'decimal']] as const)('a phone shows its keyboard of digits, which may lack a minus, only where none can be needed: %j', async (options, keyboard) => {
    const place = await show(viewOf('money').input(slot({ ...field('f', 'money'), options }, null)))
    expect(place.querySelector('input')?.inputMode).toBe(keyboard)
  })

  test('where nobody keeps what is wrong the input says it itself', async () => {
    const place = await show(viewOf('integer').input(slot(field('f', 'integer'), null)))
    const input = place.querySelector('input')
    if (input === null) throw new Error('the input is missing')
    input.value = 'some'
    input.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }))
    input.dispatchEvent(new Event('change', { bubbles: true }))
    await settled()
    expect(place.textContent).toContain('“some” is not a number')
    expect(firstUnread(place)).not.toBeNull()
  })
})

test('typing changes the value, emptying clears it', async () => {
  const shown = slot(field('f', 'text'), 'Ada')
  const place = await show(viewOf('text').input(shown))
  const input = place.querySelector('input')
  for (const text of ['Bea', '']) {
    if (input === null) throw new Error('the input is missing')
    input.value = text
    input.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }))
  }
  expect(shown.edits).toEqual(['Bea', null])
})

test.each(['javascript:alert(1)', 'data:text/html,x', ' javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'vbscript:x'])('%s is no link', async (address) => {
  const place = await show(html`${viewOf('url').cell(address, { ...surroundings, field: field('f', 'url') })}`)
  expect(place.querySelector('a')).toBeNull()
})

test('an address of the web is a link that tells nothing about us', async () => {
  const place = await show(html`${viewOf('url').cell('https://example.com/', { ...surroundings, field: field('f', 'url') })}`)
  expect(place.querySelector('a')?.rel).toContain('noopener')
})

test.each([['multiSelect', 'vaadin-multi-select-combo-box', ['gold'], ['gold', 'silver']], ['select', 'vaadin-combo-box', 'gold', 'silver'], ['tags', 'vaadin-multi-select-combo-box', ['Gold'], ['Gold', 'sil']]] as const)('what is typed into %s goes on narrowing its choices when the page is drawn again meanwhile, and Enter takes what fits', async (type, name, value, taken) => {
  const of = field('f', type, { options: { ...choices, suggestions: ['Gold', 'Silver'] } })
  const place = await show(html``)
  const shown = slot(of, value)
  const draw = (): unknown => render(viewOf(type).input(shown), place)
  draw()
  await settled()
  const box = place.querySelector<HTMLElement & { filteredItems: readonly unknown[] }>(name)
  const input = place.querySelector('input')
  if (input === null || box === null) throw new Error('the input is missing')
  input.focus()
  input.value = 'sil'
  input.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }))
  await settled()
  expect(box.filteredItems).toHaveLength(1)
  draw()
  await settled()
  expect([input.value, box.filteredItems.length]).toEqual(['sil', 1])
  input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, composed: true, cancelable: true }))
  await settled()
  expect(shown.edits).toEqual([taken])
})

test.each([['select', 'vaadin-combo-box', 'Northwest'], ['references', 'vaadin-multi-select-combo-box', [3]], ['reference', 'vaadin-combo-box', 3]] as const)('a choice of %s that is pressed while the list narrows is taken, and not what has come into its place', async (type, tag, taken) => {
  const names = ['East', 'North', 'Northwest', 'South', 'Southwest', 'West']
  const find = async (_to: string, q: string): ReturnType<typeof surroundings.lookup.find> => ({ items: names.flatMap((name, at) => (name.toLowerCase().includes(q.toLowerCase()) ? [{ id: at + 1, name }] : [])), next: null })
  const shown = slot(field('f', type, { options: { to: 'store', enum: names } }), null, { lookup: { ...surroundings.lookup, find } })
  const place = await show(viewOf(type).input(shown))
  await settled()
  const [box, input] = [place.querySelector<HTMLElement & { opened: boolean }>(tag), place.querySelector('input')]
  if (box === null || input === null) throw new Error('the input is missing')
  const rows = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>(`${tag}-item`)].filter((row) => !row.hidden && row.offsetHeight > 0)
  input.focus()
  box.opened = true
  await expect.poll(() => rows().length).toBe(6)
  const row = rows().find((one) => one.textContent.trim() === 'Northwest')
  row?.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, composed: true }))
  input.value = 'west'
  input.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }))
  await expect.poll(() => rows().map((one) => one.textContent.trim())).toEqual(['Northwest', 'Southwest', 'West'])
  expect(row?.textContent.trim()).toBe('West')
  row?.click()
  await settled()
  expect(shown.edits).toEqual([taken])
})

test('Escape takes no value away', async () => {
  const shown = slot(field('f', 'select', { options: choices }), 'gold')
  const place = await show(viewOf('select').input(shown))
  await settled()
  const input = place.querySelector('input')
  input?.focus()
  input?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, composed: true, cancelable: true }))
  await settled()
  expect(input?.value).toBe('Gold')
  expect(shown.edits).toEqual([])
  expect(place.querySelector('vaadin-combo-box')?.clearButtonVisible).toBe(true)
})

test('a record that is called by formatted text is called by its words, in labels and titles', () => {
  const note = { ...entity([field('text', 'richText')], { type: 'VerticalLayout' }), display: 'text' }
  expect(nameOf(note, { id: 1, text: 'Call her in the **morning**, [see](https://example.com)' })).toBe('Call her in the morning, see')
  const plain = { ...entity([field('text', 'text')], { type: 'VerticalLayout' }), display: 'text' }
  expect(nameOf(plain, { id: 1, text: 'Lamp **new**' })).toBe('Lamp **new**')
  expect(nameOf(note, { id: 7, text: null })).toBe('#7')
})
