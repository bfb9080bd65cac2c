/** What a workflow says: that every task is one that is offered, leads somewhere that exists, and names what there is. */
import type { WorkflowDefinition, WorkflowTask, WorkflowTasks } from '../../metadata/contract/definitions.gen.js'
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import type { Finding } from '../errors.js'
import { dataExpressionProblem } from '../formulas/data.js'
import { finding } from '../model/findings.js'
import { pointer } from '../model/paths.js'
import { givenTo, pluginFunctions, workflowFunctions } from '../model/workflows/functions.js'
import { shapeFindings } from './shape.js'

/** Members of which a task has exactly one; `do` alone, or the list of `for`. */
const kinds = ['call', 'emit', 'for', 'fork', 'listen', 'raise', 'run', 'set', 'switch', 'try', 'wait', 'do'] as const

/** Members that mean something beside one kind only. */
const belonging: Readonly<Record<string, (typeof kinds)[number]>> = { with: 'call', while: 'for', foreach: 'listen', catch: 'try' }

const directives: ReadonlySet<string> = new Set(['continue', 'exit', 'end'])

/** Of the specification, and not offered here: what is said about it. */
const refusedCalls: Readonly<Record<string, string>> = { asyncapi: 'AsyncAPI', grpc: 'gRPC', a2a: 'A2A', mcp: 'MCP' }
const refusedRuns = { container: 'Containers', script: 'Scripts', shell: 'Shell commands' } as const

/** Ways to say who calls, and what each needs. */
const givenSchemes: Readonly<Record<string, readonly string[]>> = { basic: ['username', 'password'], bearer: ['token'] }

/** A secret that an expression could read would stand in what is kept of runs. */
const noSecrets = 'Workflows do not read secrets: crm.webhook signs with one by its name, and a plugin can call another system with one'
const isExpression = /^\s*\$\{/
const secretsNamed = /\$secrets\b|(?<![.\w$"'])secrets\s*[.[]/

/** More tasks are not read. */
const tasksMost = 10_000

/** Everything that is wrong with a document that came from anywhere: its shape, then what it says. */
export function workflowProblems(path: string, document: JsonObject): readonly Finding[] {
  const shape = shapeFindings(path, 'workflow', document)
  return shape.length > 0 ? shape : workflowFindings(path, document)
}

/** What is wrong with a document that has the right shape. */
export function workflowFindings(path: string, document: JsonObject): readonly Finding[] {
  const definition = document as unknown as WorkflowDefinition
  const check = new Check(path, definition)
  check.whole()
  return check.found
}

class Check {
  readonly found: Finding[] = []
  private tasks = 0

  constructor(
    private readonly path: string,
    private readonly definition: WorkflowDefinition,
  ) {}

  whole(): void {
    const { use = {}, timeout, schedule } = this.definition
    if ((use.extensions ?? []).length > 0) this.tell('/use/extensions', 'Extensions are not offered. Write their tasks where they are needed')
    if (Object.keys(use.catalogs ?? {}).length > 0) this.tell('/use/catalogs', 'Catalogues are not offered. Define the functions under use.functions')
    if ((use.secrets ?? []).length > 0) this.tell('/use/secrets', noSecrets)
    for (const [name, policy] of Object.entries(use.authentications ?? {})) this.authentication(policy as unknown as Json, `/use/authentications${pointer(name)}`)
    for (const [name, task] of Object.entries(use.functions ?? {})) this.task(name, task, `/use/functions${pointer(name)}`, [])
    this.named(timeout, use.timeouts, '/timeout', 'timeout')
    this.list(this.definition.do, '/do')
    if (schedule?.on?.all !== undefined || typeof schedule?.on?.until === 'object') this.tell('/schedule/on', 'A workflow begins with one event: use one or any')
    if (this.tasks > tasksMost) this.tell('/do', `There are more than ${String(tasksMost)} tasks`)
    this.secrets(this.definition as unknown as JsonObject, '')
  }

  /** Expressions that ask for secrets, wherever they stand. */
  private secrets(value: Json, at: string): void {
    if (typeof value === 'string' && isExpression.test(value) && secretsNamed.test(value)) return this.tell(at, noSecrets)
    if (Array.isArray(value)) return (value as readonly Json[]).forEach((one, index) => this.secrets(one, `${at}${pointer(index)}`))
    if (isObject(value)) for (const [key, one] of Object.entries(value)) this.secrets(one, `${at}${pointer(key)}`)
  }

  private tell(place: string, problem: string): void {
    if (this.found.length < 50) this.found.push(finding(`${this.path}#${place}`, 'workflow.task', { problem }))
  }

  private list(tasks: WorkflowTasks, place: string): void {
    const names = tasks.map((entry) => Object.keys(entry)[0] ?? '')
    tasks.forEach((entry, index) => {
      const [name = ''] = Object.keys(entry)
      const at = `${place}${pointer(index, name)}`
      if (names.indexOf(name) !== index) this.tell(at, `There are two tasks called “${name}” in this list`)
      const task = entry[name]
      if (task !== undefined) this.task(name, task, at, names)
    })
  }

  private task(_name: string, task: WorkflowTask, at: string, beside: readonly string[]): void {
    this.tasks += 1
    const own = kinds.filter((kind) => Object.hasOwn(task, kind) && !(kind === 'do' && Object.hasOwn(task, 'for')))
    const [kind] = own
    if (own.length !== 1 || kind === undefined) {
      this.tell(at, own.length === 0 ? `A task must say what it does: one of ${kinds.join(', ')}` : `A task does one thing, not ${own.join(' and ')}`)
      return
    }
    for (const [member, owner] of Object.entries(belonging)) if (Object.hasOwn(task, member) && kind !== owner) this.tell(`${at}/${member}`, `“${member}” belongs to “${owner}”, which this task does not have`)
    this.directive(task.then, `${at}/then`, beside)
    this.named(task.timeout, this.definition.use?.timeouts, `${at}/timeout`, 'timeout')
    this.expression(task.if, `${at}/if`)
    this.expression(task.while, `${at}/while`)
    this.parts(task, at, beside)
  }

  /** What the kinds of tasks need, each for itself. */
  private parts(task: WorkflowTask, at: string, beside: readonly string[]): void {
    if (task.call !== undefined) this.call(task.call, task.with ?? {}, at)
    if (task.for !== undefined) {
      this.expression(task.for.in, `${at}/for/in`)
      if (task.do === undefined) this.tell(at, 'A loop needs a list of tasks under do')
    }
    if (task.do !== undefined) this.list(task.do, `${at}/do`)
    if (task.fork !== undefined) this.list(task.fork.branches, `${at}/fork/branches`)
    if (task.foreach !== undefined) this.tell(`${at}/foreach`, 'Tasks for each event are not offered: go through the events with for after listening')
    if (typeof task.raise?.error === 'string' && !hasOwn(this.definition.use?.errors, task.raise.error)) this.tell(`${at}/raise/error`, `There is no error called “${task.raise.error}” under use.errors`)
    if (task.run !== undefined) this.run(task.run as unknown as JsonObject, `${at}/run`)
    this.cases(task, at, beside)
    if (task.try !== undefined) this.attempt(task, at)
  }

  private cases({ switch: cases = [] }: WorkflowTask, at: string, beside: readonly string[]): void {
    let others = 0
    cases.forEach((entry, index) => {
      for (const [name, one] of Object.entries(entry)) {
        const place = `${at}/switch${pointer(index, name)}`
        this.directive(one.then, `${place}/then`, beside)
        this.expression(one.when, `${place}/when`)
        if (one.when === undefined) others += 1
      }
    })
    if (others > 1) this.tell(`${at}/switch`, 'Only one case may be without a condition')
  }

  private attempt(task: WorkflowTask, at: string): void {
    this.list(task.try ?? [], `${at}/try`)
    if (task.catch === undefined) return this.tell(at, 'What is tried needs a catch')
    this.named(task.catch.retry, this.definition.use?.retries, `${at}/catch/retry`, 'retry')
    this.expression(task.catch.when, `${at}/catch/when`)
    this.expression(task.catch.exceptWhen, `${at}/catch/exceptWhen`)
    if (task.catch.do !== undefined) this.list(task.catch.do, `${at}/catch/do`)
  }

  private call(name: string, given: JsonObject, at: string): void {
    const refused = refusedCalls[name]
    if (hasOwn(this.definition.use?.functions, name)) return
    if (refused !== undefined) return this.tell(`${at}/call`, `Calls by ${refused} are not offered: use http or openapi`)
    if (name === 'http') return this.http(given, at)
    if (name === 'openapi') return this.openApi(given, at)
    const schema = givenTo(name)
    if (schema === undefined) return this.tell(`${at}/call`, `There is no function “${name}”. There are http, openapi, ${[...Object.keys(workflowFunctions), ...pluginFunctions.keys()].join(', ')}, and those under use.functions`)
    const { required = [], anyOf = [], properties = {} } = schema as { readonly required?: readonly string[]; readonly anyOf?: readonly { readonly required: readonly string[] }[]; readonly properties?: JsonObject }
    this.needs(given, required, at)
    if (anyOf.length > 0 && !anyOf.some((one) => one.required.every((key) => isSaid(given[key])))) this.tell(`${at}/with`, `It must say one of ${anyOf.map((one) => `“${one.required.join('” and “')}”`).join(', ')}`)
    for (const key of Object.keys(given)) if (!Object.hasOwn(properties, key)) this.tell(`${at}/with${pointer(key)}`, `${name} does not know “${key}”`)
  }

  private http(given: JsonObject, at: string): void {
    this.needs(given, ['method', 'endpoint'], at)
    if (isObject(given.endpoint) && given.endpoint.authentication !== undefined) this.authentication(given.endpoint.authentication, `${at}/with/endpoint/authentication`)
  }

  private openApi(given: JsonObject, at: string): void {
    this.needs(given, ['document', 'operationId'], at)
    if (given.authentication !== undefined) this.authentication(given.authentication, `${at}/with/authentication`)
  }

  private needs(given: JsonObject, required: readonly string[], at: string): void {
    for (const key of required) if (!isSaid(given[key])) this.tell(`${at}/with${Object.hasOwn(given, key) ? pointer(key) : ''}`, `“${key}” is missing`)
  }

  private run(run: JsonObject, at: string): void {
    for (const [member, what] of Object.entries(refusedRuns)) if (run[member] !== undefined) this.tell(`${at}/${member}`, `${what} are not run here: call http, or a function of the product`)
    if (run.workflow === undefined && Object.keys(refusedRuns).every((member) => run[member] === undefined)) this.tell(at, 'It must name a workflow')
  }

  private authentication(policy: Json, at: string): void {
    const name = typeof policy === 'string' ? policy : isObject(policy) ? policy.use : undefined
    if (typeof name === 'string' && !hasOwn(this.definition.use?.authentications, name)) this.tell(at, `There is no authentication called “${name}” under use.authentications`)
    for (const [scheme, needed] of Object.entries(givenSchemes)) if (isObject(policy) && isObject(policy[scheme])) this.credentials(policy[scheme], needed, `${at}/${scheme}`)
    for (const scheme of ['certificate', 'digest', 'oauth2', 'oidc']) if (isObject(policy) && policy[scheme] !== undefined) this.tell(`${at}/${scheme}`, `Authentication by ${scheme} is not offered: use basic or bearer`)
  }

  private credentials(given: JsonObject, needed: readonly string[], at: string): void {
    if (given.use !== undefined) return this.tell(`${at}/use`, noSecrets)
    for (const key of needed) if (!isSaid(given[key])) this.tell(`${at}/${key}`, `“${key}” is missing`)
  }

  private named(name: unknown, known: Readonly<Record<string, unknown>> | undefined, at: string, what: string): void {
    if (typeof name === 'string' && !hasOwn(known, name)) this.tell(at, `There is no ${what} called “${name}” under use`)
  }

  private directive(then: string | undefined, at: string, beside: readonly string[]): void {
    if (then !== undefined && !directives.has(then) && !beside.includes(then)) this.tell(at, `There is no task “${then}” beside this one to go on with`)
  }

  /** CEL is read here; jq is read when it is computed. */
  private expression(source: string | undefined, at: string): void {
    if (source === undefined || this.definition.evaluate?.language !== 'cel') return
    const problem = dataExpressionProblem(/^\s*\$\{([\s\S]*)\}\s*$/.exec(source)?.[1] ?? source)
    if (problem !== undefined && this.found.length < 50) this.found.push(finding(`${this.path}#${at}`, 'workflow.expression', { reason: problem }))
  }
}

/** An empty text says nothing. */
const isSaid = (value: Json | undefined): boolean => value !== undefined && value !== ''

const hasOwn = (known: object | undefined, name: string): boolean => known !== undefined && Object.hasOwn(known, name)
