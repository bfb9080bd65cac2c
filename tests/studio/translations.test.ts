/** Files for translators go out and come back as their tools write them; help is read in one's language. */
import { expect, test } from 'vitest'

import { speak } from '../../studio/client/i18n.js'
import { docPage } from '../../studio/help/docs.js'
import type { Translated } from '../../studio/designer/texts/catalog.js'
import { takenFrom } from '../../studio/designer/texts/taken.js'
import { problemText } from '../../studio/designer/words.js'
import { fromXliff, toXliff, type TranslatedFile } from '../../studio/designer/texts/xliff.js'

const text = (place: string, source: string, translation = ''): Translated => ({ path: 'thing/entity.json', place, text: source, implied: false, translation, state: translation === '' ? 'missing' : 'done', was: '', lacks: [] })
const texts = [text('/title', 'Thing', 'Ding'), text('/description', 'Bread & <b>butter</b>,\n two  lines\n'), text('/properties/a/title', 'A “quoted” name', '„A“ 会员 😀')]
const written = toXliff(texts, 'en', 'de')
const read = (file: string): TranslatedFile => {
  const found = fromXliff(file)
  if (typeof found === 'string') throw new Error(found)
  return found
}
const onlySegments = (segments: string): string => written.replace(/<unit id="u1"[^]*?<\/unit>/, `<unit id="u1" name="/title" xmlns:mtc="urn:oasis:names:tc:xliff:matches:2.0">${segments}</unit>`)

test('what goes out comes back: markup, lines and every script', () => {
  expect(read(written)).toEqual({ language: 'de', texts: texts.map(({ path, place, text: source, translation }) => ({ path, place, source, translation })) })
  expect(read(written.replace('</segment></unit><unit id="u3"', '<target>Brot &amp; &lt;b>Butter&lt;/b>,\n zwei\n</target></segment></unit><unit id="u3"')).texts[1]?.translation).toBe('Brot & <b>Butter</b>,\n zwei\n')
})

test.each([
  ['a unit cut into segments', '<segment><source>Th</source><target>Di</target></segment><ignorable><source> </source></ignorable><segment><source>ing</source><target>ng</target></segment>', 'Di ng'],
  ['a unit that is half translated', '<segment><source>Th</source><target>Di</target></segment><segment><source>ing</source></segment>', ''],
  ['marks of a tool', '<segment><source>Thing</source><target><pc id="1">Di<mrk id="m1" type="term">ng</mrk></pc></target></segment>', 'Ding'],
  ['proposals of a memory', '<mtc:matches><mtc:match ref="#1"><source>Thing</source><target>Sache</target></mtc:match></mtc:matches><segment><source>Thing</source><target>Ding</target></segment>', 'Ding'],
  ['a file that was laid out', '<segment><source>Thing</source><target>\n    Ding\n  </target></segment>', 'Ding'],
])('%s is read as its translator meant it', (_, segments, translation) => {
  expect(read(onlySegments(segments)).texts[0]?.translation).toBe(translation)
})

test.each([
  ['damaged', written.slice(0, -200)], ['damaged', ''], ['other', '<html/>'], ['other', '<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"/>'],
  ['language', written.replace(' trgLang="de"', '')], ['language', written.replace('trgLang="de"', 'trgLang="no language"')],
])('%s: nothing of a file that cannot be trusted is taken', (why, file) => {
  expect(fromXliff(file)).toBe(why)
})

test('only what differs is taken; what is of another text or of none is left out', () => {
  const came = (place: string, source: string, translation: string) => ({ path: 'thing/entity.json', place, source, translation })
  const [same, fresh, old, none] = [came('/title', 'Thing', 'Ding'), came('/description', texts[1]?.text ?? '', 'Brot'), came('/properties/a/title', 'A name', 'Ein Name'), came('/constructor', 'X', 'Y')]
  expect(takenFrom([same, fresh, old, none], texts)).toEqual({ taken: [fresh], outdated: [old], unknown: [none] })
  expect(takenFrom([came('/title', 'Thing', '')], texts)).toEqual({ taken: [], outdated: [], unknown: [] })
})

test('help is read in Chinese under the anchors of the English page, and in English where it is not translated', async () => {
  const chinese = await docPage('admins', 'zh', 'find-your-way')
  expect(chinese.language).toBe('zh')
  expect(chinese.headings[0]).toEqual({ id: 'find-your-way', title: '熟悉工作室' })
  expect(chinese.html).toContain('<h2 id="find-your-way">熟悉工作室</h2>')
  expect(chinese.html).toContain('href="/help/metadata?at=lifecycle"')
  expect((await docPage('operators', 'zh', '')).language).toBe('en')
  expect((await docPage('admins', 'zh', 'not-translated-yet')).language).toBe('en')
})

test('a sentence about a role that would not hold is said in the language of the reader, with what the role could do instead', async () => {
  const documents = {
    'roles/clerk.json': { title: 'Clerk', tests: { 'a/b': { entity: 'thing', action: 'read', field: 'wage', may: 'no' } } },
    'thing/entity.json': { type: 'object', title: 'Thing', properties: { wage: { type: 'number', title: 'Wage' } }, crm: { plural: 'Things' } },
  }
  const problem = { code: 'role.test', path: 'roles/clerk.json#/tests/a~1b', message: 'The access test “a/b” fails: it says “no”, and it is “limited”.', documents }
  expect(problemText(problem)).toBe('“Clerk may not read: Wage of Things” would not hold any more. The role could do this with some records.')
  await speak('zh')
  expect(problemText(problem)).toBe('“Clerk不得查看：Things的Wage”将不再成立。该角色将可以对部分记录这样做。')
  await speak('en')
})
