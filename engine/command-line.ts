/** What `tessera <command>` does: reads the command line; each command is loaded only when it is called. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, CommanderError } from 'commander'
import type { Decisions } from './commands/candidate.js'
import { exitCodes, note, report, type Outcome, type Terminal } from './commands/output.js'
import { packageFolder } from './config.js'
import { Problem } from './errors.js'

const exitHelp = `
Exit codes: 0 done; 1 could not be done, or problems were found; 2 wrong use;
            3 plan and diff: there are differences, publish, upgrade, rehearse: somebody has to decide or to agree.
Settings come from the environment (DATABASE_URL, TESSERA_LAYERS ...).`

type Code = Outcome['code']

/**
 * Runs the command that the arguments (without the program's name) say. `start` resolves as soon as the server begins.
 * @returns the exit code
 */
export async function tessera(args: readonly string[], terminal: Terminal): Promise<Code> {
  let code: Code = exitCodes.done
  const run = async (work: Promise<Outcome>): Promise<void> => {
    const outcome = await work.catch((error: unknown) => failure(terminal, error))
    report(terminal, outcome, args.includes('--json'))
    code = outcome.code
  }
  try {
    await program(terminal, run).parseAsync(args, { from: 'user' })
    return code
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return error.exitCode === 0 ? exitCodes.done : exitCodes.usage
  }
}

/** Builds the program; `run` gets what a command did. */
function program(terminal: Terminal, run: (work: Promise<Outcome>) => Promise<void>): Command {
  const tessera = new Command('tessera').configureOutput({ writeOut: (text) => void terminal.stdout.write(text), writeErr: (text) => void terminal.stderr.write(text) }).description('A CRM that is built from metadata.').version(ownVersion())
    .option('--json', 'one JSON value instead of text').showHelpAfterError().exitOverride().addHelpText('after', exitHelp)
  const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value]
  const none: readonly string[] = []

  tessera.command('start').description('Start the server.').action(async () => void (await import('./main.js')))
  tessera.command('check').description('All problems of the layer files.').action(() => run(definitions().then(({ check }) => check(terminal))))
  const deciding = (command: Command): Command => command
    .option('--mine <place>', 'where an upper layer and a lower one changed the same: keep what the upper one says; may be repeated', collect, none).option('--theirs <place>', 'take what the lower one says now; may be repeated', collect, none).option('--prefer <side>', 'mine or theirs, for all other places')
  deciding(tessera.command('plan').description('What publishing the layer files would do.')).action((options: Decisions) => run(definitions().then(({ plan }) => plan(terminal, options))))
  deciding(tessera.command('upgrade').description('Put the files of upper layers on top of what the lower ones say now.')).action((options: Decisions) => run(definitions().then(({ upgrade }) => upgrade(terminal, options))))
  deciding(tessera.command('publish').description('Publish the layer files.'))
    .option('--consent <key>', 'agree to a step that loses data; may be repeated', collect, none).option('--consent-all', 'agree to every step', false).option('-m, --message <text>', 'why', '')
    .action((options: Decisions & { consent: readonly string[]; consentAll: boolean; message: string }) => run(definitions().then(({ publish }) => publish(terminal, options))))
  deciding(tessera.command('rehearse [sites...]').description('Publish the layer files on a copy of each site, and tell how it went: a site is a database address, or a folder with a file .env. Nothing is changed there.'))
    .option('--on <url>', 'an empty database for the copy, instead of a temporary one')
    .action((sites: readonly string[], options: Decisions & { on?: string }) => run(import('./commands/rehearse.js').then(({ rehearse }) => rehearse(terminal, sites, options))))
  tessera.command('diff <a> <b>').description('Differences of definitions: version numbers, "files", "published" or a folder.').action((a: string, b: string) => run(definitions().then(({ diff }) => diff(terminal, a, b))))
  tessera.command('export <dir>').description('The published layers as files.').option('--layer <name>', 'only this one').option('--merged', 'all merged into one', false)
    .action((folder: string, options: { layer?: string; merged: boolean }) => run(definitions().then(({ exportLayers }) => exportLayers(terminal, folder, options))))
  tessera.command('types [file]').description('TypeScript types of the records.').action((file?: string) => run(definitions().then(({ types }) => types(terminal, file))))

  const user = tessera.command('user').description('Users who sign in.')
  user.command('add <email>').description('Make a user.').option('--name <name>', 'name of the person').option('--role <role>', 'may be repeated', collect, none).option('--password-stdin', 'read the password from standard input instead of making one', false)
    .action((email: string, options: { name?: string; role: readonly string[]; passwordStdin: boolean }) => run(users().then(({ add }) => add(terminal, email, options))))
  user.command('reset <email>').description('New password; all sessions of the user end.').option('--password-stdin', 'read the password from standard input instead of making one', false)
    .action((email: string, options: { passwordStdin: boolean }) => run(users().then(({ reset }) => reset(terminal, email, options))))

  const token = tessera.command('token').description('API tokens.')
  token.command('create <email>').description('Make a token for a user; its value is shown once.').requiredOption('--name <name>', 'what it is for').requiredOption('--role <role>', 'role of the user that it may use; may be repeated', collect, none).option('--days <n>', 'ends after so many days')
    .action((email: string, options: { name: string; role: readonly string[]; days?: string }) => run(users().then(({ create }) => create(terminal, email, options))))
  token.command('list [email]').description('Tokens, never their values.').action((email?: string) => run(users().then(({ list }) => list(terminal, email))))
  token.command('revoke <id>').description('End a token at once.').action((id: string) => run(users().then(({ revoke }) => revoke(terminal, id))))

  tessera.command('backup <file>').description('Everything in one file, of one moment, also while the server runs.').action((file: string) => run(operator().then(({ backup }) => backup(terminal, file))))
  tessera.command('restore <file>').description('A backup into an empty database, of either kind.').action((file: string) => run(operator().then(({ restore }) => restore(terminal, file))))
  tessera.command('doctor').description('Is everything as it should be?').option('--audit-head <number:hash>', 'end of the audit log that an earlier doctor told: it must still be there')
    .action((options: { auditHead?: string }) => run(operator().then(({ doctor }) => doctor(terminal, options))))
  tessera.command('demo').description('Fill an empty deployment with the sample data.').action(() => run(import('./commands/demo.js').then(({ demo }) => demo(terminal))))
  const fresh = tessera.command('new').description('Start something in the sources.')
  fresh.command('field <name>').description('A field type: a file for the engine, one for the studio, and their lines in the indexes.')
    .addHelpText('after', '\nRun it in the folder with the sources. NAME is written like loyaltyCode; it becomes "crm": { "type": "loyaltyCode" }.')
    .action((name: string) => run(import('./commands/new-field.js').then(({ newField }) => newField(name))))
  for (const command of [...tessera.commands, ...user.commands, ...token.commands, ...fresh.commands]) command.option('--json', 'one JSON value instead of text').exitOverride()
  return tessera
}

const definitions = () => import('./commands/definitions.js')
const users = () => import('./commands/users.js')
const operator = () => import('./commands/operator.js')

const ownVersion = (): string => (JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string }).version

/** Tells a failure in words; what is no `Problem` keeps its message only. */
function failure(terminal: Terminal, error: unknown): Outcome {
  const problem = error instanceof Problem ? error : null
  const message = problem === null ? (error instanceof Error ? error.message : String(error)) : `${problem.message}. ${problem.fix}`
  const problems = problem?.problems ?? []
  note(terminal, [message, ...problems.map((finding) => `${finding.path}  ${finding.message}`)].join('\n'))
  return { code: exitCodes.failed, value: { code: problem?.code ?? 'failed', message, problems: problems.map((finding) => ({ ...finding })) }, text: '' }
}
