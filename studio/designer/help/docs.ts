/** Pages of the documentation as the product carries them: each is loaded when it is read, and nothing is asked of the internet. */
import type MarkdownIt from 'markdown-it'

import { docAddress, isDoc, slug, type DocName } from './help.js'

const files = import.meta.glob<string>('../../../docs/{admins,users,consultants,metadata,fields,operators}.md', { query: '?raw', import: 'default' })

export interface Heading {
  readonly id: string
  readonly title: string
}

export interface DocPage {
  readonly html: string
  /** Those of the second level: what the page is about, in order. */
  readonly headings: readonly Heading[]
}

/** @throws Error when the page cannot be loaded */
export async function docPage(name: DocName): Promise<DocPage> {
  const load = files[`../../../docs/${name}.md`]
  if (load === undefined) throw new Error(`there is no page ${name}`)
  const [source, { default: Markdown }] = await Promise.all([load(), import('markdown-it')])
  return rendered(source, new Markdown({ html: false }), name)
}

function rendered(source: string, markdown: InstanceType<typeof MarkdownIt>, name: DocName): DocPage {
  const tokens = markdown.parse(source, {})
  const headings: Heading[] = []
  for (const [at, token] of tokens.entries()) {
    if (token.type === 'heading_open') {
      const title = tokens[at + 1]?.content ?? ''
      token.attrSet('id', slug(title))
      if (token.tag === 'h2') headings.push({ id: slug(title), title: title.replaceAll('`', '') })
    }
    for (const child of token.children ?? []) if (child.type === 'link_open') child.attrSet('href', addressOf(String(child.attrGet('href') ?? ''), name))
  }
  return { html: markdown.renderer.render(tokens, markdown.options, {}), headings }
}

/** A page that the product carries, or a heading of this one; what else a link names stands in the sources, and is shown as it is. */
function addressOf(href: string, here: DocName): string {
  if (/^https?:\/\//.test(href)) return href
  const [file = '', at = ''] = href.split('#')
  const page = file === '' ? here : file.replace(/\.md$/, '')
  return isDoc(page) ? docAddress(page, at) : `#${href}`
}
