import { defineConfig, type UserConfig } from 'vite'

/** Compiled for one machine: they stay in node_modules, as does what the engine loads by `createRequire` when it needs it. */
const native = ['sqlite3', 'sharp', '@node-rs/argon2']
/** Drivers of other databases that the libraries name and nobody here has. */
const absent = /^(better-sqlite3|mariadb|mysql2?|oracledb|tedious|pg-native|pg-query-stream)(\/|$)/

/**
 * How programs on Node are built: each with its libraries into few files, as reading hundreds of them is most of a start
 * (docs/decisions/0028). Nothing is shortened, so that a stack reads as the sources do. Types are not looked at: `npm run check` does.
 */
export const programs = (input: string | readonly string[], outDir: string): UserConfig => ({
  root: import.meta.dirname,
  ssr: { noExternal: true, external: native },
  build: {
    ssr: true,
    outDir,
    emptyOutDir: true,
    target: 'node20',
    minify: false,
    sourcemap: true,
    rolldownOptions: { input: [...input], external: absent, output: { comments: { legal: true, annotation: false, jsdoc: false }, charset: 'ascii', entryFileNames: '[name].js', chunkFileNames: 'parts/[name].js' } },
  },
})

/** `dist/engine`: the server and the command line. */
export default defineConfig(programs(['engine/main.ts', 'engine/cli.ts'], 'dist/engine'))
