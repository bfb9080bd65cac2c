/** Writes the pages that follow from the code (`npm run generate`); with `--check` it only tells whether they are up to date. */
import { readFile, writeFile } from 'node:fs/promises'

import { catalogue } from '../engine/errors.js'

const target = new URL('./errors.md', import.meta.url)

function errorsPage(): string {
  const rows = Object.entries(catalogue)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([code, { status, title, fix }]) => `| \`${code}\` | ${status} | ${title} | ${fix} |`)
  return `# Errors

Every answer with a status of 400 or more is \`application/problem+json\` with one of these codes; \`{name}\` stands for
a value of the case at hand. Generated from \`engine/errors.ts\` by \`npm run generate\`; do not edit.

| code | status | what happened | what to do next |
| --- | --- | --- | --- |
${rows.join('\n')}
`
}

const page = errorsPage()
const current = await readFile(target, 'utf8').catch(() => '')
if (!process.argv.includes('--check')) await writeFile(target, page)
else if (current !== page) {
  process.stderr.write('docs/errors.md is out of date: run npm run generate\n')
  process.exitCode = 1
}
