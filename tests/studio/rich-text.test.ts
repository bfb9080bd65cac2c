/** Markdown of strangers is shown without running anything, fetching anything, or leaving the web; its toolbar edits as people expect. */
import { html } from 'lit'
import { expect, test, vi } from 'vitest'

import { markdownRenderer, withoutMarks } from '../../studio/fields/markdown.js'
import { marked, type Mark } from '../../studio/fields/markdown-marks.js'
import { viewOf } from '../../studio/fields/index.js'
import { field, show, slot, surroundings } from './support.js'

const shown = async (source: string): Promise<HTMLElement> => {
  await markdownRenderer()
  const place = await show(html`${viewOf('richText').cell(source, { ...surroundings, field: field('f', 'richText') })}`)
  await vi.waitFor(() => expect(place.querySelector('.markdown')).not.toBeNull(), 30_000)
  return place
}

test('headings, lists, emphasis and links are shown as such', async () => {
  const place = await shown('# Care\n\n- wash **cold**\n- [more](https://example.com/a)')
  expect(place.querySelector('h1')?.textContent).toBe('Care')
  expect(place.querySelectorAll('li')).toHaveLength(2)
  expect(place.querySelector('strong')?.textContent).toBe('cold')
  expect(place.querySelector('a')).toMatchObject({ href: 'https://example.com/a', target: '_blank', rel: 'noopener noreferrer nofollow' })
})

test.each([
  '<img src=x onerror="window.hurt = true">',
  '<script>window.hurt = true</script>',
  '<svg onload="window.hurt = true">',
  '[x](javascript:window.hurt=true)',
  '[x](JaVaScRiPt:window.hurt=true)',
  '[x](java&#115;cript:window.hurt=true)',
  '[x](data:text/html,<script>window.hurt=true</script>)',
  '[x](vbscript:x)',
  '<javascript:window.hurt=true>',
  '[x]: javascript:window.hurt=true\n\n[x]',
  '![x](data:image/svg+xml,<svg onload=window.hurt=true>)',
  '[x](https://example.com/" onmouseover="window.hurt=true)',
  '![" onerror="window.hurt=true](https://example.com/a.png)',
  '[x](/api/session)',
  '[x](//example.com/a)',
  '<math><mtext><table><mglyph><style><img src=x onerror=window.hurt=true>',
  '<svg></p><style><a id="</style><img src=1 onerror=window.hurt=true>">',
  '<noscript><p title="</noscript><img src=x onerror=window.hurt=true>">',
  '<style>* { display: none }</style>',
  '<iframe srcdoc="<script>parent.hurt = true</script>"></iframe>',
  '<form action="https://example.com"><button>x</button></form>',
  '<meta http-equiv="refresh" content="0;url=https://example.com">',
  '<base href="https://example.com/">',
  '`<img src=x onerror=window.hurt=true>`',
  '~~~"><img src=x onerror=window.hurt=true>\nx\n~~~',
])('A-072 %s does nothing', async (source) => {
  const place = await shown(source)
  expect(place.querySelector('img, script, svg, math, iframe, object, style, form, meta, base')).toBeNull()
  for (const element of place.querySelectorAll('*')) for (const { name } of element.attributes) expect(name).not.toMatch(/^on/)
  for (const link of place.querySelectorAll('a')) expect(link.href).toMatch(/^(https?:\/\/example\.com|mailto:)/)
  expect('hurt' in window).toBe(false)
})

test('a picture from elsewhere is a link: nobody is told who is reading', async () => {
  const place = await shown('![our shop](https://example.com/track.png)')
  expect(place.querySelector('a')).toMatchObject({ textContent: 'our shop', href: 'https://example.com/track.png' })
})

test('a list shows the words alone', () => {
  expect(withoutMarks('# Care\n\n- wash **cold**\n- see [more](https://example.com)\n> _really_ 3 * 4')).toBe('Care wash cold see more really 3 * 4')
  const shown = { ...surroundings, field: field('f', 'richText') }
  expect(viewOf('richText').text('in the **morning**', { ...shown, record: { id: 1, version: 1 } })).toBe('in the morning')
  expect(viewOf('richText').text('in the **morning**', shown)).toBe('in the **morning**') // what changed may be the marks alone
})

const edits: readonly (readonly [Mark, string, string])[] = [
  ['bold', 'a |word| b', 'a **|word|** b'],
  ['bold', 'a **|word|** b', 'a |word| b'],
  ['italic', '**|word|**', '***|word|***'],
  ['italic', '||', '*||*'],
  ['heading', 'one\ntw|o|', 'one\n## two||'],
  ['heading', '## tw|o|', 'two||'],
  ['list', '|one\ntwo|', '|- one\n- two|'],
  ['list', '|- one\n- two|', '|one\ntwo|'],
  ['numbered', '|- one\n- two|', '|1. one\n2. two|'],
  ['link', 'see |here|', 'see [here](|https://|)'],
  ['link', '||', '[||](https://)'],
]

test.each(edits)('%s makes %j to %j', (mark, before, after) => {
  const [head = '', selected = '', tail = ''] = before.split('|')
  const text = head + selected + tail
  const edit = marked(text, head.length, head.length + selected.length, mark)
  const result = text.slice(0, edit.from) + edit.text + text.slice(edit.to)
  expect(`${result.slice(0, edit.selectFrom)}|${result.slice(edit.selectFrom, edit.selectTo)}|${result.slice(edit.selectTo)}`).toBe(after)
})

test('a button of the toolbar marks what is selected', async () => {
  const typed = slot(field('f', 'richText'), 'a word')
  const place = await show(viewOf('richText').input(typed))
  const area = place.querySelector('textarea')
  area?.focus()
  area?.setSelectionRange(2, 6)
  place.querySelector<HTMLButtonElement>('.markdown-bar button')?.click()
  expect(typed.edits.at(-1)).toBe('a **word**')
})
