/** The error catalogue: code → status, what happened, what to do next. Nothing else in the engine makes up an error. */
import type { Json } from '../metadata/contract/json.js'

interface CatalogueEntry {
  readonly status: number
  readonly title: string
  readonly fix: string
}

/** `{name}` in a title or fix is filled from the problem's params. Codes are never reused. */
export const catalogue = {
  'request.invalid': { status: 400, title: 'The request could not be understood: {reason}', fix: 'Correct the named part and send it again.' },
  'request.tooLarge': { status: 413, title: 'The request is larger than {limit}', fix: 'Send less at once, or use an import.' },
  'request.path': { status: 404, title: 'There is nothing at this address', fix: 'Check the address against the API description at /api/openapi.json.' },
  'request.method': { status: 405, title: 'This address does not answer {method}', fix: 'Use one of: {allowed}.' },
  'request.type': { status: 415, title: 'The body is not JSON', fix: 'Send application/json in UTF-8.' },
  'request.origin': { status: 403, title: 'The request came from another site', fix: 'Open the product at its own address and try again.' },
  'session.required': { status: 401, title: 'You are not signed in', fix: 'Sign in and try again.' },
  'session.refused': { status: 401, title: 'The e-mail address or the password is wrong', fix: 'Try again, or ask an administrator to reset your password.' },
  'session.throttled': { status: 429, title: 'Too many attempts', fix: 'Wait {seconds} seconds and try again.' },
  'oidc.failed': { status: 502, title: 'Signing in at the provider did not work', fix: 'Try again, or sign in with a password.' },
  'oidc.refused': { status: 403, title: 'There is no account for you here', fix: 'Ask an administrator to make one, or to let you in.' },
  'access.denied': { status: 403, title: 'You may not do this', fix: 'Ask an administrator for the right.' },
  'access.field': { status: 403, title: 'There is no field {field} that you may use here', fix: 'Check the spelling, or ask an administrator for the right.' },
  'preview.readOnly': { status: 403, title: 'A preview changes nothing', fix: 'Leave the preview, and do it as yourself.' },
  'preview.ended': { status: 403, title: 'The preview has ended', fix: 'Begin it again.' },
  'preview.wider': { status: 403, title: 'They may see what you may not', fix: 'A preview shows nothing beyond your own rights. Choose another role or person.' },
  'people.last': { status: 409, title: 'Then nobody could change the system any more', fix: 'First give somebody else who signs in a role that may do so.' },
  'invitation.unavailable': { status: 404, title: 'This link is not good any more', fix: 'It can be used once, and for some days only. Ask for a new one.' },
  'record.unavailable': { status: 404, title: 'There is no such record for you', fix: 'It may not exist, be archived, or not be yours to see.' },
  'record.stale': { status: 412, title: 'Someone saved this record first', fix: 'Compare both versions, then save again.' },
  'record.invalid': { status: 422, title: 'Some values are not accepted', fix: 'Correct the named fields and save again.' },
  'record.conflict': { status: 409, title: 'A value that must be unique is already taken', fix: 'Choose another value for the named fields.' },
  'record.inUse': { status: 409, title: 'Other records still refer to this one', fix: 'Change or archive those first.' },
  'record.outOfReach': { status: 403, title: 'After this change the record would be out of your reach', fix: 'Choose values that you are allowed to work with.' },
  'form.unavailable': { status: 404, title: 'There is no such form', fix: 'It may have been taken back. Ask whoever gave you the address.' },
  'form.taken': { status: 409, title: 'We have something of what you entered already', fix: 'You may be with us already: ask us, or correct what you entered.' },
  'merge.refused': { status: 422, title: 'People are not merged', fix: 'Two accounts stay two: archive the one that is not used.' },
  'merge.tooMany': { status: 422, title: 'More than {limit} records refer to what is merged', fix: 'Move some of them first.' },
  'field.readOnly': { status: 400, title: 'The field {field} cannot be set', fix: 'Leave it out: the system fills it.' },
  'field.unknown': { status: 400, title: 'There is no field {field} that you may set', fix: 'Check the spelling, or ask an administrator for the right.' },
  'field.lifecycle': { status: 400, title: 'The field {field} changes by transitions only', fix: 'Leave it out, and use one of the transitions of the record.' },
  'transition.unavailable': { status: 404, title: 'There is no such transition for you', fix: 'Look at the transitions of the record.' },
  'transition.state': { status: 409, title: 'From its present state the record cannot be moved on like this', fix: 'Look at the record again: somebody may have moved it on.' },
  'transition.refused': { status: 422, title: 'The record cannot be moved on yet', fix: 'Correct the named fields and try again.' },
  'query.invalid': { status: 400, title: 'The query could not be understood: {reason}', fix: 'Correct the named part and send it again.' },
  'query.cursor': { status: 400, title: 'This page marker is not valid here', fix: 'Start again from the first page.' },
  'query.timeout': { status: 503, title: 'The query took too long', fix: 'Narrow the filter, or ask an administrator to add an index.' },
  'idempotency.mismatch': { status: 422, title: 'This idempotency key was used for another request', fix: 'Use a new key for a new request.' },
  'idempotency.inProgress': { status: 409, title: 'The first request with this idempotency key is still running', fix: 'Wait for it to finish, then ask again.' },
  'workflow.test': { status: 422, title: 'The test “{test}” fails at “{step}”: expected {expected}, found {found}', fix: 'Correct the workflow, or keep the simulation as a test anew.' },
  'definitions.invalid': { status: 422, title: 'The definitions have problems', fix: 'Correct every named place and check again.' },
  'definitions.stale': { status: 409, title: 'Someone published first', fix: 'Compare with the newest version, then publish again.' },
  'definitions.blocked': { status: 409, title: 'Some records stand in the way', fix: 'Correct the records that the blocked steps of the plan name, then publish again.' },
  'definitions.consent': { status: 409, title: 'Some steps would change or lose data', fix: 'Read the plan and agree to each named step.' },
  'definitions.conflicts': { status: 409, title: 'The new layer meets what was changed above it', fix: 'Decide for each named place whose value it gets.' },
  'definitions.folder': { status: 500, title: 'The folder {folder} of TESSERA_LAYERS cannot be read: {reason}', fix: 'Correct TESSERA_LAYERS, the folders of the layers separated by commas, or bring the folder there; a path without / in front begins in the working folder.' },
  'definitions.version': { status: 404, title: 'There is no such version', fix: 'Choose one from the list of versions.' },
  'import.unavailable': { status: 404, title: 'There is no such import for you', fix: 'Look at the list of your imports.' },
  'import.unreadable': { status: 422, title: 'The file cannot be read: {reason}', fix: 'Correct the file and send it again.' },
  'import.incomplete': { status: 422, title: 'The import cannot begin: {reason}', fix: 'Change the columns or the way of importing.' },
  'import.again': { status: 409, title: 'This file was imported in this way before', fix: 'Look at that import; undo it first if the file is to be imported again.' },
  'import.begun': { status: 409, title: 'This import has begun', fix: 'Look at how far it is; send the file again for another one.' },
  'import.rejected': { status: 422, title: 'More than {limit} rows were not accepted', fix: 'Download the rejected rows, look for what they have in common, and undo what was imported.' },
  'import.fileGone': { status: 410, title: 'The file of this import is no longer there', fix: 'Send it again.' },
  'job.unavailable': { status: 404, title: 'There is no such job for you', fix: 'Look at the list of your jobs.' },
  'job.owner': { status: 403, title: 'The user for whom this was done is no longer there', fix: 'Begin it again as somebody else.' },
  'job.stuck': { status: 500, title: 'The work broke off several times at the same place', fix: 'Let it go on once the reason is found; an administrator finds it in the log.' },
  'file.tooLarge': { status: 413, title: 'The file is larger than {limit}', fix: 'Choose a smaller one, or ask an administrator to raise the limit.' },
  'file.refused': { status: 422, title: 'This file is not accepted: {reason}', fix: 'Choose another file.' },
  'file.missing': { status: 404, title: 'There is no such file for you', fix: 'The link may be too old: open the record again. Or the file was removed.' },
  'file.range': { status: 416, title: 'The file has no such part', fix: 'Ask for bytes inside of the file, or for all of it.' },
  'view.unavailable': { status: 404, title: 'There is no such view for you', fix: 'It may have been deleted, or is not shared with you any more.' },
  'view.stale': { status: 412, title: 'Someone changed this view first', fix: 'Look at it as it is now, then save again.' },
  'view.invalid': { status: 422, title: 'This view cannot be saved', fix: 'Correct the named parts and save again.' },
  'view.roles': { status: 403, title: 'You may not share a view with {role}', fix: 'Choose among your own roles, or ask an administrator.' },
  'view.tooMany': { status: 422, title: 'You have {limit} views already', fix: 'Delete some that you do not need.' },
  'workflow.unavailable': { status: 404, title: 'There is no such workflow for you', fix: 'Look at the list of those that you may start.' },
  'run.unavailable': { status: 404, title: 'There is no such run for you', fix: 'Look at the list of your runs.' },
  'run.state': { status: 409, title: 'A run that is {status} cannot be changed so ({repair})', fix: 'Look at how it stands now.' },
  'approval.unavailable': { status: 404, title: 'There is no such approval for you', fix: 'Look at the list of what you are asked to decide.' },
  'approval.closed': { status: 409, title: 'This is decided already', fix: 'Look at what was decided.' },
  'outbound.refused': { status: 403, title: '{host} may not be called: {reason}', fix: 'Use a public address of http or https, or ask the operator to open that network.' },
  'outbound.failed': { status: 502, title: '{host} did not answer: {reason}', fix: 'Check the address and whether the other side is there, then try again.' },
  'secret.unavailable': { status: 409, title: 'There is no secret called {name}', fix: 'Set it in the studio, or ask the operator to set TESSERA_SECRET_{name}.' },
  'secret.sealed': { status: 409, title: 'A secret cannot be read: it was sealed with the key {key}', fix: 'Ask the operator to name that key in TESSERA_VAULT_KEYS, or set the secret anew.' },
  'webhook.unavailable': { status: 404, title: 'There is no such webhook for you', fix: 'Look at the list of webhooks.' },
  'webhook.tooMany': { status: 422, title: 'There are {limit} webhooks already', fix: 'Remove some that nobody needs.' },
  'hook.refused': { status: 401, title: 'This is not accepted here', fix: 'Check the address, the secret and the clock of the sender; what was taken once is not taken again.' },
  'webhook.refused': { status: 409, title: 'The other system answered {status}', fix: 'Look at what it expects, then try the step again.' },
  'plugin.unset': { status: 409, title: 'Something is not set up: {reason}', fix: 'Ask the operator to set it.' },
  'plugin.refused': { status: 409, title: 'It was not taken: {reason}', fix: 'Look at what the other side expects, then try the step again; nothing was done.' },
  'plugin.unknown': { status: 409, title: 'It is not known whether it was done: {reason}', fix: 'Ask the other side before you try again.' },
  'mail.unset': { status: 409, title: 'No mail server is set up', fix: 'Ask the operator to name one in TESSERA_SMTP_URL.' },
  'mail.refused': { status: 422, title: 'The mail server refused the mail: {reason}', fix: 'Check the addresses; nothing was sent.' },
  'mail.failed': { status: 409, title: 'The mail server cannot be reached', fix: 'Try again later; nothing was sent.' },
  'mail.unknown': { status: 409, title: 'It is not known whether the mail was sent', fix: 'The connection was lost in the middle: ask who should have got it before you send it again.' },
  'limit.rate': { status: 429, title: 'Too many requests', fix: 'Wait {seconds} seconds and try again.' },
  'storage.busy': { status: 503, title: 'The database is busy', fix: 'Try again in a moment.' },
  'storage.full': { status: 507, title: 'There is no space left to save this', fix: 'Ask the operator to free space; nothing was changed.' },
  'server.failed': { status: 500, title: 'Something went wrong on our side', fix: 'Try again; if it happens again, give the request id to an administrator.' },
  'server.stopping': { status: 503, title: 'The server is stopping', fix: 'Try again in a moment.' },
} as const satisfies Record<string, CatalogueEntry>

export type ProblemCode = keyof typeof catalogue

/** One thing that is wrong, at one place. `path` is a JSON Pointer into what was sent (or `file#/pointer` for definitions). */
export interface Finding {
  readonly path: string
  readonly code: string
  readonly message: string
}

/** Thrown anywhere below the API; the API turns it into `application/problem+json`. Only `detail`s that are safe to show. */
export class Problem extends Error {
  readonly code: ProblemCode
  private readonly params: Readonly<Record<string, string | number>>
  readonly status: number
  readonly fix: string
  readonly problems: readonly Finding[]
  /** Further members of the answer, e.g. `theirs` and `original` of a stale record. */
  readonly extra: Readonly<Record<string, Json>>

  constructor(code: ProblemCode, params: Readonly<Record<string, string | number>> = {}, more: { problems?: readonly Finding[]; extra?: Readonly<Record<string, Json>>; cause?: unknown } = {}) {
    super(fill(catalogue[code].title, params), more.cause === undefined ? undefined : { cause: more.cause })
    this.name = 'Problem'
    this.code = code
    this.params = params
    this.status = catalogue[code].status
    this.fix = fill(catalogue[code].fix, params)
    this.problems = more.problems ?? []
    this.extra = more.extra ?? {}
  }

  /** The same problem with other findings, for one that sums up several. */
  withFindings(problems: readonly Finding[]): Problem {
    return new Problem(this.code, this.params, { problems, extra: this.extra, cause: this.cause })
  }
}

const fill = (template: string, params: Readonly<Record<string, string | number>>): string =>
  template.replace(/\{(\w+)\}/g, (whole, name: string) => (name in params ? String(params[name]) : whole))
