/**
 * Markdown as HTML that is safe to put into a page: raw HTML stays text, links go to the web and to mail only, and
 * images are not fetched (they would tell a stranger who is reading): they become links.
 */
let ready: Promise<(source: string) => string> | undefined

/** The renderer, loaded when the first such text is shown. */
export function markdownRenderer(): Promise<(source: string) => string> {
  ready ??= import('markdown-it').then(({ default: Markdown }) => {
    const markdown = new Markdown({ html: false, linkify: true, breaks: true })
    markdown.validateLink = isFollowed
    markdown.renderer.rules['link_open'] = (tokens, index, options, _environment, renderer) => {
      tokens[index]?.attrSet('target', '_blank')
      tokens[index]?.attrSet('rel', 'noopener noreferrer nofollow')
      return renderer.renderToken(tokens, index, options)
    }
    const { escapeHtml } = markdown.utils
    markdown.renderer.rules['image'] = (tokens, index) => {
      const address = String(tokens[index]?.attrGet('src') ?? '')
      return `<a href="${escapeHtml(address)}" target="_blank" rel="noopener noreferrer nofollow">${escapeHtml(tokens[index]?.content ?? '') || escapeHtml(address)}</a>`
    }
    return (source) => markdown.render(source)
  })
  return ready
}

/** Also without a scheme nothing is followed: it would lead into this application. */
const isFollowed = (address: string): boolean => /^(?:https?:\/\/|mailto:)/i.test(address.trim())

/** The words without the signs of Markdown, in one line: good enough for a cell of a list, where nothing is clicked. */
export const withoutMarks = (source: string): string =>
  source
    .replaceAll(/!?\[([^\]]*)\]\([^)\s]*\)/g, '$1')
    .replaceAll(/^\s{0,3}(?:#{1,6}|[-*+>]|\d{1,9}[.)])\s+/gm, '')
    .replaceAll(/(\*\*|__|`|~~)/g, '')
    .replaceAll(/(^|\W)[*_](\S[^*_\n]*)[*_](?=\W|$)/g, '$1$2')
    .replaceAll(/\s+/g, ' ')
    .trim()
