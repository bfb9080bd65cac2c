/** The interface speaks every language completely. */
import { expect, test } from 'vitest'

import { errorText, errorWords } from '../../studio/designer/runs/run-words.js'
import { ago, day, instant, languages, languageTitle, number, speak, t } from '../../studio/client/i18n.js'

type Texts = Readonly<Record<string, string>>

/** By their names: `en`, `designer.en` ... */
const files = Object.fromEntries(Object.entries(import.meta.glob<Texts>('../../studio/texts/*.json', { eager: true, import: 'default' })).map(([file, texts]) => [file.replace(/.*\/|\.json$/g, ''), texts]))
const translations = Object.keys(files).filter((name) => !/^(designer\.)?en$/.test(name)).map((name) => ({ name, original: files[name.startsWith('designer.') ? 'designer.en' : 'en'] ?? {}, texts: files[name] ?? {} }))
const chinese = { ...files['zh'], ...files['designer.zh'] }

const placeholders = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').sort()

/** Languages have other plurals. */
const kinds = (texts: Texts): readonly string[] => [...new Set(Object.keys(texts).map((key) => key.replace(/\.(zero|one|two|few|many|other)$/, '')))].toSorted()

test('a file of texts is a language that people are offered, by its own name', () => {
  expect(['en', 'zh'].map(languageTitle)).toEqual(['English', '中文'])
  expect([...languages].toSorted()).toEqual(Object.keys(files).filter((name) => !name.startsWith('designer.')).toSorted())
})

test.each(translations)('$name has the keys of English', ({ original, texts }) => {
  expect(kinds(texts)).toEqual(kinds(original))
})

test.each(translations)('every text of $name has something to say, with the same blanks to fill', ({ original, texts }) => {
  const wrong = Object.entries(original).filter(([key, text]) => {
    const other = texts[key] ?? (/\.(one|other)$/.test(key) ? text : '')
    // `message` is what the engine says, in English: a text of another language may say it in its own words.
    return text.trim() === '' || other.trim() === '' || placeholders(text).some((name) => name !== 'message' && !placeholders(other).includes(name))
  })
  expect(wrong).toEqual([])
})

test('plurals, numbers, days and instants follow the language and the zone', async () => {
  await speak('en')
  expect(t('list.count', { count: 1 })).toBe('1 record')
  expect(t('list.count', { count: 12_345 })).toBe('12,345 records')
  expect(day('2017-03-09')).toBe('Mar 9, 2017')
  expect(instant('2017-03-09T20:30:00.000Z', 'Asia/Shanghai')).toMatch(/^Mar 10, 2017, 4:30\sAM$/u)
  expect(ago('2026-01-01T00:00:00Z', Date.parse('2026-01-01T03:00:00Z'))).toBe('3 hours ago')
  await speak('zh')
  expect(t('list.count', { count: 12_345 })).toBe('12,345 条记录')
  expect(day('2017-03-09')).toBe('2017年3月9日')
  expect(number(0.5)).toBe('0.5')
  await speak('en')
})

test('an error of a run is said in the language of its reader; what a workflow raises says itself what it is', async () => {
  const wording = { documents: {}, path: 'workflows/w.json', entities: [], functions: [], workflow: { evaluate: { language: 'cel' }, do: [{ rest: { wait: { days: 3 } } }, { stop: { raise: { error: { type: 'x', status: 400 } } } }] } }
  const standard = 'https://serverlessworkflow.io/spec/1.0.0/errors/expression'
  const broken = { type: standard, status: 400, title: 'The expression a.b cannot be computed', detail: 'No such key: b', instance: '/do/0/rest' }
  await speak('zh')
  expect(errorWords(broken, wording)).toMatchObject({ what: chinese['process.error.expression'], raw: 'The expression a.b cannot be computed: No such key: b' })
  expect(errorText(errorWords(broken, wording))).toBe('公式无法计算。步骤：等待3 天')
  expect(errorText(errorWords({ ...broken, instance: '/do/7/gone' }, wording))).toBe('公式无法计算')
  expect(errorWords({ type: standard, title: '库存不足', instance: '/do/1/stop' }, wording)).toMatchObject({ what: '库存不足', raw: '' })
  expect(errorWords({ type: 'https://example.com/sold-out', title: 'Sold out', detail: 'Come again' }, undefined)).toEqual({ what: 'Sold out: Come again', where: '', raw: '' })
  expect(errorWords({}, undefined).what).toBe(chinese['process.error.unknown'])
  await speak('en')
})
