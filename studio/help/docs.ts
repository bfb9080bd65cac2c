/** Pages of the documentation as the product carries them: each is loaded when it is read, and nothing is asked of the internet. */
import type MarkdownIt from 'markdown-it'

import type { Language } from '../client/i18n.js'
import { docAddress, headingOf, isDoc, type DocName, type Heading } from './pages.js'

/** By their place: English at the top, other languages in folders of their own. */
const files = import.meta.glob<string>(['../../docs/{admins,users,consultants,metadata,fields,operators}.md', '../../docs/zh/{admins,users}.md'], { query: '?raw', import: 'default' })

export interface DocPage {
  readonly html: string
  readonly language: Language
  /** Those of the second level: what the page is about, in order. */
  readonly headings: readonly Heading[]
}

/**
 * The page in the language of its reader, or in English where it, or the heading that it is opened at, is not translated.
 * @param at name of a heading, or empty
 * @throws Error when the page cannot be loaded
 */
export async function docPage(name: DocName, language: Language, at: string): Promise<DocPage> {
  const [original, translation] = [files[`../../docs/${name}.md`], files[`../../docs/${language}/${name}.md`]]
  if (original === undefined) throw new Error(`there is no page ${name}`)
  const [source, { default: Markdown }] = await Promise.all([translation?.(), import('markdown-it')])
  const markdown = new Markdown({ html: false })
  if (source !== undefined && (at === '' || source.includes(`{#${at}}`))) return { ...rendered(source, markdown, name), language }
  return { ...rendered(await original(), markdown, name), language: 'en' }
}

function rendered(source: string, markdown: InstanceType<typeof MarkdownIt>, name: DocName): Omit<DocPage, 'language'> {
  const tokens = markdown.parse(source, {})
  const headings: Heading[] = []
  for (const [at, token] of tokens.entries()) {
    const inline = tokens[at + 1]
    if (token.type === 'heading_open' && inline !== undefined) {
      const { id, title } = headingOf(inline.content)
      token.attrSet('id', id)
      for (const child of inline.children ?? []) child.content = headingOf(child.content).title
      if (token.tag === 'h2') headings.push({ id, title: title.replaceAll('`', '') })
    }
    for (const child of token.children ?? []) if (child.type === 'link_open') child.attrSet('href', addressOf(String(child.attrGet('href') ?? ''), name))
  }
  return { html: markdown.renderer.render(tokens, markdown.options, {}), headings }
}

/** A page that the product carries, or a heading of this one; what else a link names stands in the sources, and is shown as it is. */
function addressOf(href: string, here: DocName): string {
  if (/^https?:\/\//.test(href)) return href
  const [file = '', at = ''] = href.split('#')
  const page = file === '' ? here : file.replace(/^\.\.\//, '').replace(/\.md$/, '')
  return isDoc(page) ? docAddress(page, at) : `#${href}`
}
