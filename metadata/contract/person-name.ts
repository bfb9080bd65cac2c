/** The name of a person, from its parts to what is read and back. The same in the engine and on the screens. */
import type { JsonObject } from './json.js'

/** `full` stands alone, for a name that nobody took apart. */
export type PersonName = JsonObject & {
  readonly family?: string
  readonly given?: string
  readonly middle?: string
  readonly prefix?: string
  readonly suffix?: string
  readonly full?: string
}

/** Scripts of cultures that put the family first and no space between. */
const eastAsian = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}々〆ー]+$/u

export const isEastAsian = (text: string): boolean => eastAsian.test(text)

/** As the culture of its script writes it: 王芳, Ada King Lovelace. */
export function nameText(name: PersonName): string {
  const { family = '', given = '', middle = '', prefix = '', suffix = '', full } = name
  if (full !== undefined) return full
  if (isEastAsian(`${family}${middle}${given}`)) return `${prefix}${family}${middle}${given}${suffix}`
  return joined([prefix, given, middle, family, suffix])
}

const joined = (parts: readonly string[]): string => parts.filter((part) => part !== '').join(' ')

/** Chinese family names of two characters; every other has one. */
const twoCharacters = new Set(('欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 左丘 东门 西门 南荣 第五').split(' '))

const prefixes = /^(?:mr|mrs|ms|miss|mx|dr|prof|sir|dame|herr|frau|mme|mlle|m)\.?$/i
const suffixes = /^(?:jr|sr|ii|iii|iv|phd|md|esq|mba)\.?$/i

/** Takes a written name apart: 王芳, `Ada King Lovelace`, `van Beethoven, Ludwig`. One word alone stays whole. */
export function readName(written: string): PersonName | undefined {
  const text = written.normalize('NFC').replaceAll(/[\s\u3000]+/gu, ' ').trim()
  if (text === '') return undefined
  if (isEastAsian(text.replaceAll(' ', ''))) return readEastAsian(text)
  const [before = '', after] = text.split(/,\s*/)
  const words = (after ?? before).split(' ')
  const prefix = words.length > 1 && prefixes.test(words[0] ?? '') ? { prefix: words.shift() ?? '' } : {}
  const suffix = words.length > 1 && suffixes.test(words.at(-1) ?? '') ? { suffix: words.pop() ?? '' } : {}
  if (after !== undefined) return { family: before, ...rest(words), ...prefix, ...suffix }
  if (words.length === 1 && !('prefix' in prefix)) return { full: text }
  const family = words.pop() ?? ''
  return { family, ...rest(words), ...prefix, ...suffix }
}

function rest([given = '', ...middle]: readonly string[]): PersonName {
  return { ...(given === '' ? {} : { given }), ...(middle.length === 0 ? {} : { middle: middle.join(' ') }) }
}

function readEastAsian(text: string): PersonName {
  const [family = '', ...given] = text.split(' ')
  if (given.length > 0) return { family, given: given.join('') }
  const isHan = /^\p{Script=Han}+$/u.test(text)
  if (!isHan || text.length < 2 || text.length > 4) return { full: text }
  const length = text.length > 2 && twoCharacters.has(text.slice(0, 2)) ? 2 : 1
  return text.length - length > 2 ? { full: text } : { family: text.slice(0, length), given: text.slice(length) }
}
