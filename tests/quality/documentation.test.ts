import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

import { catalogue } from '../../engine/errors.js'
import { headingOf } from '../../studio/help/pages.js'
import { filesBelow, read, root } from './sources.js'

const front = ['README.md', 'CHANGELOG.md']
const pages = [...front.filter((page) => existsSync(join(root, page))), ...filesBelow('docs', '.md'), ...filesBelow('plugins', '.md')]

interface Example {
  readonly page: string
  readonly language: string
  readonly text: string
}

const examples = pages.flatMap((page) => fenced(page, read(page)))

describe('documentation', () => {
  test('there is a front page and a list of changes', () => {
    expect(pages).toEqual(expect.arrayContaining(front))
  })

  test('docs/errors.md lists exactly the errors of the catalogue, with their status', () => {
    const rows = [...read('docs/errors.md').matchAll(/^\| `([\w.]+)` \| (\d{3}) \|/gm)].map((row) => `${row[1]} ${row[2]}`)
    expect(rows.toSorted()).toEqual(Object.entries(catalogue).map(([code, { status }]) => `${code} ${status}`).toSorted())
  })

  test('every json example can be parsed', () => {
    expect(examples.filter(({ language }) => language === 'json').flatMap(unreadable)).toEqual([])
  })

  test('every npm script and file that a shell example names exists', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const shell = examples.filter(({ language }) => language === 'sh')
    expect(shell.length).toBeGreaterThan(0)
    const named = shell.flatMap(({ page, text }) => [...text.matchAll(/\bnpm (?:run )?(start|test|[a-z-]+)\b/g)].map((match) => ({ page, script: match[1] ?? '' })))
    const builtIn = new Set(['ci', 'install', 'run', 'view', 'exec'])
    expect(named.filter(({ script }) => !builtIn.has(script) && scripts[script] === undefined)).toEqual([])
  })

  test('every command of the command line that a page names exists', () => {
    const commands = new Set([...read('engine/command-line.ts').matchAll(/\.command\('([a-z]+)/g)].map((match) => match[1] ?? ''))
    const named = examples.flatMap(({ page, text }) => [...text.matchAll(/\btessera ([a-z]+)\b/g)].map((match) => ({ page, command: match[1] ?? '' })))
    expect(named.length).toBeGreaterThan(0)
    expect(named.filter(({ command }) => !commands.has(command))).toEqual([])
  })

  test('every shell example is complete, correct shell', () => {
    const shell = examples.filter(({ language }) => language === 'sh')
    expect(shell.flatMap(({ page, text }) => complaint('bash', ['-n'], text).map((line) => `${page}: ${line}`))).toEqual([])
  })

  test('every link between pages leads somewhere', () => {
    const files = new Set([...pages, ...['engine', 'metadata', 'studio', 'tests', 'plugins'].flatMap((folder) => filesBelow(folder, ''))])
    const broken = pages.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)]
        .map((match) => new URL(match[1] ?? '', `file:///${page}`).pathname.slice(1))
        .filter((target) => !files.has(target) && ![...files].some((file) => file.startsWith(target.replace(/\/?$/, '/'))) && target !== 'LICENSE' && target !== 'package.json')
        .map((target) => `${page}: ${target}`),
    )
    expect(broken).toEqual([])
  })

  test('every link to a heading leads to one', () => {
    const broken = pages.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:)([^)#\s]*)#([^)\s]+)\)/g)]
        .map(([, file = '', at = '']) => ({ target: file === '' ? page : new URL(file, `file:///${page}`).pathname.slice(1), at }))
        .filter(({ target, at }) => target.endsWith('.md') && !headings(target).some(({ id }) => id === at))
        .map(({ target, at }) => `${page}: ${target}#${at}`),
    )
    expect(broken).toEqual([])
  })
})

describe('documentation in Chinese', () => {
  const translated = filesBelow('docs/zh', '.md').filter((page) => !page.endsWith('README.md'))
  /** Sections that the list in `docs/zh/README.md` says are not translated yet, as `page#heading`. */
  const awaited = [...read('docs/zh/README.md').matchAll(/^- `([\w-]+#[\w-]+)`$/gm)].map(([, section = '']) => section)
  const outline = (page: string, without: (id: string) => boolean = () => false): string[] => headings(page).filter(({ id }) => !without(id)).map(({ level, id }) => `${'#'.repeat(level)} ${id}`)

  test.each(translated)('%s has the headings of its original, in the same order; what is new there is translated or named in docs/zh/README.md', (page) => {
    const original = page.replace('docs/zh/', 'docs/')
    const name = original.replace('docs/', '').replace('.md', '')
    expect(outline(page)).toEqual(outline(original, (id) => awaited.includes(`${name}#${id}`)))
  })

  test('what is named as not translated yet is in the original', () => {
    const there = new Set(translated.flatMap((page) => headings(page.replace('/zh/', '/')).map(({ id }) => `${page.replace('docs/zh/', '').replace('.md', '')}#${id}`)))
    expect(awaited.filter((section) => !there.has(section))).toEqual([])
  })
})

function headings(page: string): { level: number; id: string }[] {
  const prose = read(page).replaceAll(/^```[\s\S]*?^```$/gm, '')
  return [...prose.matchAll(/^(#+) (.*)$/gm)].map(([, marks = '', written = '']) => ({ level: marks.length, id: headingOf(written).id }))
}

function fenced(page: string, markdown: string): Example[] {
  return [...markdown.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map((match) => ({ page, language: match[1] ?? '', text: match[2] ?? '' }))
}

function unreadable({ page, text }: Example): string[] {
  try {
    JSON.parse(text)
    return []
  } catch (error) {
    return [`${page}: ${error instanceof Error ? error.message : String(error)}\n${text}`]
  }
}

function complaint(program: string, parameters: string[], input: string): string[] {
  const { status, stderr } = spawnSync(program, parameters, { cwd: root, input, encoding: 'utf8' })
  return status === 0 ? [] : [stderr]
}
