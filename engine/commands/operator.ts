/** `backup`, `restore`, `doctor`: what an operator does. */
import { Problem } from '../errors.js'
import { backup as writeBackup, restore as readBackup } from '../operations/upkeep/backup.js'
import { examine } from '../operations/upkeep/doctor.js'
import { filesDiffer, withDeployment } from './deployment.js'
import { exitCodes, type Outcome, type Terminal } from './output.js'

/** `tessera backup FILE` */
export const backup = (terminal: Terminal, file: string): Promise<Outcome> => withDeployment(terminal, async ({ engine }) => {
  const report = await writeBackup(engine, file)
  return { code: exitCodes.done, value: { file, ...report }, text: `${file}: version ${report.version}, ${report.tables} tables, ${report.rows} rows, ${report.files} files.` }
})

/** `tessera restore FILE` */
export const restore = (terminal: Terminal, file: string): Promise<Outcome> => withDeployment(terminal, async ({ engine }) => {
  const report = await readBackup(engine, file)
  return { code: exitCodes.done, value: { file, ...report }, text: `Restored version ${report.version}: ${report.tables} tables, ${report.rows} rows, ${report.files} files.` }
})

/** `tessera doctor [--audit-head NUMBER:HASH]` */
export const doctor = (terminal: Terminal, options: { readonly auditHead?: string }): Promise<Outcome> => withDeployment(terminal, async ({ engine, config }) => {
  const diagnoses = await examine(engine, await filesDiffer(config, engine), options.auditHead === undefined ? undefined : headOf(options.auditHead))
  const lines = diagnoses.flatMap(({ name, ok, advice, details }) => details.map((detail, i) => `${i > 0 ? '    ' : advice === true ? '!   ' : ok ? 'ok  ' : 'NO  '}${name}: ${detail}`))
  return { code: diagnoses.every(({ ok }) => ok) ? exitCodes.done : exitCodes.failed, value: { diagnoses: diagnoses.map((one) => ({ ...one })) }, text: lines.join('\n') }
})

function headOf(text: string): { readonly number: number; readonly hash: string } {
  const [, number, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? []
  if (number === undefined || hash === undefined) throw new Problem('request.invalid', { reason: '--audit-head is what an earlier doctor told: NUMBER:HASH' })
  return { number: Number(number), hash }
}
