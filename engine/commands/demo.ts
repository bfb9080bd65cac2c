/** `demo`: the sample data in an empty deployment. */
import { firstPublish, sampleFolder } from '../first-start.js'
import { loadDemo } from '../operations/demo.js'
import { demoSummary } from '../operations/demo/report.js'
import { withDeployment } from './deployment.js'
import { exitCodes, type Outcome, type Terminal } from './output.js'
import { progressBar } from './progress.js'

/** `tessera demo`: publishes the layers first when nothing is published yet; goes on with a load that was interrupted. */
export const demo = (terminal: Terminal): Promise<Outcome> => withDeployment(terminal, async ({ config, engine }) => {
  const folder = await sampleFolder(config)
  if (folder === undefined) throw new Error('None of the layers brings sample data: see TESSERA_LAYERS')
  const administrator = await firstPublish(engine, config)
  const { loaded, report, users, seconds } = await loadDemo(engine, { folder, onProgress: progressBar(terminal.stderr) })
  const accounts = [...(administrator === null ? [] : [{ ...administrator, role: 'admin' }]), ...users]
  const shown = accounts.map(({ email, role, password }) => `  ${role.padEnd(8)} ${email}  ${password === null ? '(keeps the password)' : `password, shown once: ${password}`}`)
  const heading = loaded ? `Sample data loaded in ${seconds.toFixed(0)} s.` : 'The sample data is there already.'
  return {
    code: exitCodes.done,
    value: { loaded, seconds, report: { ...report }, users: accounts.map((account) => ({ ...account })) },
    text: [heading, demoSummary(report), 'Sign in as:', ...shown].join('\n'),
  }
})
