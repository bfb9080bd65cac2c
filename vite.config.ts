import { join } from 'node:path'
import { defineConfig, type Plugin } from 'vite'

const studio = new URL('studio', import.meta.url).pathname

/** The engine that the development server forwards to; `npm run dev` starts both. */
const engine = process.env.TESSERA_ENGINE ?? 'http://127.0.0.1:4000'
const forwarded = ['/api', '/schemas', '/healthz', '/readyz', '/metrics']

/**
 * One file for each stage of what people do most: start, the frame of every screen, a list, a record. Left to itself the bundler
 * makes a file of every few modules that the same screens share: seventy for a list, each a request. A stage needs those before it.
 */
const stages = ['start', 'frame', 'common', 'scrolling', 'inputs', 'list', 'grid', 'record'] as const
const roots = { start: 'main.ts', frame: 'shell/app-shell.ts', inputs: 'fields/inputs.ts', list: 'lists/list-page.ts', grid: 'lists/table/record-list.ts', record: 'forms/record-page.ts' } as const

/**
 * For V8: compile all functions while the file is on its way, beside the page, where it would compile each on the page's own time when it is first called
 * (https://v8.dev/blog/explicit-compile-hints; other browsers take it for a comment).
 */
const readAhead = '//# allFunctionsCalledOnLoad\n'

/** As the very first line: below anything else it is a comment like others, and Vite puts a list of files on top. */
const compiledAhead: Plugin = {
  name: 'compiled-ahead',
  generateBundle: {
    order: 'post',
    handler(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'chunk' || !stages.some((stage) => stage === file.name)) continue
        file.code = readAhead + file.code
        const map = bundle[`${file.fileName}.map`]
        if (map?.type === 'asset' && typeof map.source === 'string') map.source = map.source.replace('"mappings":"', '"mappings":";')
      }
    },
  },
}

interface Graph {
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null
}

let needed: ((root: keyof typeof roots, id: string) => boolean) | undefined

/** What each root needs at once; what it loads later is not part of it. */
function neededBy(graph: Graph): (root: keyof typeof roots, id: string) => boolean {
  const below = (root: string): ReadonlySet<string> => {
    const found = new Set([join(studio, root)])
    for (const one of found) for (const imported of graph.getModuleInfo(one)?.importedIds ?? []) found.add(imported)
    return found
  }
  const files = { start: below(roots.start), frame: below(roots.frame), inputs: below(roots.inputs), list: below(roots.list), grid: below(roots.grid), record: below(roots.record) }
  return (root, id) => files[root].has(id)
}

function stageOf(id: string, graph: Graph): (typeof stages)[number] | undefined {
  needed ??= neededBy(graph)
  if (needed('start', id)) return 'start'
  if (needed('frame', id)) return 'frame'
  if (needed('list', id)) return needed('record', id) ? 'common' : 'list'
  if (needed('grid', id)) return needed('inputs', id) || needed('record', id) ? 'scrolling' : 'grid'
  if (needed('inputs', id)) return 'inputs'
  return needed('record', id) ? 'record' : undefined
}

/**
 * The frame around every screen is loaded by `main.ts` after the engine was asked; its files are named in the page already, so
 * that they come together with it. Styles keep their order: the frame's before those of any screen. With the font there from the
 * start, nothing is laid out twice.
 */
const frameAhead: Plugin = {
  name: 'frame-ahead',
  transformIndexHtml: {
    order: 'post',
    handler(_html, { bundle = {} }) {
      const chunks = Object.values(bundle).filter((file) => file.type === 'chunk')
      const needs = (chunk: (typeof chunks)[number], seen = new Set<string>()): Set<string> => {
        if (seen.has(chunk.fileName)) return seen
        seen.add(chunk.fileName)
        for (const other of chunks) if (chunk.imports.includes(other.fileName)) needs(other, seen)
        return seen
      }
      const of = (isWanted: (chunk: (typeof chunks)[number]) => boolean): Set<string> => new Set(chunks.filter(isWanted).flatMap((chunk) => [...needs(chunk)]))
      const linked = of(({ isEntry }) => isEntry)
      const files = [...of(({ facadeModuleId }) => facadeModuleId?.endsWith('/shell/app-shell.ts') === true)].filter((file) => !linked.has(file))
      const styles = chunks.filter(({ fileName }) => files.includes(fileName)).flatMap(({ viteMetadata }) => [...(viteMetadata?.importedCss ?? [])])
      const fonts = Object.keys(bundle).filter((file) => file.endsWith('.woff2'))
      return [
        ...fonts.map((file) => ({ tag: 'link', attrs: { rel: 'preload', as: 'font', type: 'font/woff2', crossorigin: true, href: `/${file}` }, injectTo: 'head' as const })),
        ...files.map((file) => ({ tag: 'link', attrs: { rel: 'modulepreload', crossorigin: true, href: `/${file}` }, injectTo: 'head' as const })),
        ...styles.map((file) => ({ tag: 'link', attrs: { rel: 'stylesheet', crossorigin: true, href: `/${file}` }, injectTo: 'head' as const })),
      ]
    },
  },
}

/** Styles of components that are not installed; they were two fifths of all that a screen begins with. */
export const unusedAura = ['accordion-details', 'ai-field-marker', 'app-layout', 'avatar', 'badge', 'breadcrumbs', 'card', 'charts', 'crud', 'dashboard', 'login', 'markdown', 'master-detail-layout', 'menu-bar', 'message-input', 'message-list', 'rich-text-editor', 'side-nav', 'slider', 'switch', 'tabs', 'upload']

const auraInUse: Plugin = {
  name: 'aura-in-use',
  enforce: 'pre',
  transform: {
    filter: { id: /@vaadin\/aura\/aura\.css$/ },
    handler: (code) => code.replace(/@import '\.\/src\/components\/([\w-]+)\.css';/g, (line, name: string) => (unusedAura.includes(name) ? '' : line)),
  },
}

/** Builds the studio: `studio/index.html` and what it imports → `dist/studio`. */
export default defineConfig({
  root: studio,
  plugins: [auraInUse, frameAhead, compiledAhead],
  build: {
    rolldownOptions: { output: { codeSplitting: { groups: stages.map((stage, index) => ({ debugName: stage, priority: stages.length - index, name: (id, graph) => (stageOf(id, graph) === stage ? stage : null) })) } } },
    outDir: new URL('dist/studio', import.meta.url).pathname,
    emptyOutDir: true,
    target: 'es2023',
    // The default target makes Vite 8 rewrite light-dark() and nested CSS in a way that leaves Aura blank.
    cssTarget: ['chrome125', 'firefox128', 'safari17.5'],
    // The content security policy allows no inline code and no data: scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: true,
    chunkSizeWarningLimit: 3500,
  },
  // Its workers are found beside its own files.
  optimizeDeps: { exclude: ['monaco-editor'] },
  server: {
    host: '127.0.0.1',
    port: Number(process.env.TESSERA_STUDIO_PORT ?? 5173),
    proxy: Object.fromEntries(forwarded.map((path) => [path, { target: engine }])),
  },
})
