import { expect, test } from 'vitest'

import { filesBelow, read } from './sources.js'

/** What would let a name from the definitions choose an element, a global, or what others look up in the page. */
const lookups: readonly (readonly [string, RegExp])[] = [
  ['an element whose name is computed', /createElement(?:NS)?\((?!'|namespace, name)|unsafeStatic|<\$\{/],
  ['a global whose name is computed', /(?<![.\w])(?:window|globalThis|self)\[/],
  ['a class of an element whose name is computed', /customElements\.get\((?!'|name\))/],
  ['something found in the page by its id or name', /getElementById\(|getElementsByName\(|namedItem\(|document\.(?:forms|images|links|all)\b/],
  ['an id or a name in the page that is one of the definitions alone', /\s(?:id|name)=\$\{(?:\w+\.)*(?:key|name)\}/],
]

/** Two take what stands in a list of our own beside them: names of Vaadin's elements, and those of a file of translations. */
const ours = ['studio/fields/today.ts', 'studio/designer/texts/xliff.ts']

test('A-075 no name from the definitions chooses an element or a global of the page, or clobbers one', () => {
  const found = filesBelow('studio').filter((file) => file.endsWith('.ts')).flatMap((file) => lookups.flatMap(([what, pattern]) => (pattern.test(read(file)) ? [`${file}: ${what}`] : [])))
  expect(found).toEqual([])
  for (const file of ours) expect(read(file)).toMatch(/customElements\.get\(name\)|createElementNS\(namespace, name\)/)
  const planted = ['document.createElement(`view-${kind}`)', 'window[name]', 'customElements.get(`x-${key}`)', 'document.getElementById(key)', '<input name=${field.key} />']
  for (const [i, [, pattern]] of lookups.entries()) expect(planted[i]).toMatch(pattern)
})
