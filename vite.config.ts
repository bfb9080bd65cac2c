import { defineConfig } from 'vite'

/** The engine that the development server forwards to; `npm run dev` starts both. */
const engine = process.env.TESSERA_ENGINE ?? 'http://127.0.0.1:4000'
const forwarded = ['/api', '/schemas', '/healthz', '/readyz', '/metrics']

/** Builds the studio: `studio/index.html` and what it imports → `dist/studio`. */
export default defineConfig({
  root: new URL('studio', import.meta.url).pathname,
  build: {
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
