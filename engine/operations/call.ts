/** What every operation is handed: who asks, with which rights, against which model, on which database. */
import type { Json } from '../../metadata/contract/json.js'
import type { OidcConfig } from '../config.js'
import type { Finding } from '../errors.js'
import type { CurrentModel } from '../model/current.js'
import type { Model } from '../model/model.js'
import { accessFor } from '../permissions/compile.js'
import type { Access } from '../permissions/access.js'
import { publicAccess } from '../permissions/public-form.js'
import type { Actor } from '../permissions/actor.js'
import type { Bindings, Database } from '../storage/contract.js'
import type { OutboundSettings } from './outbound/addresses.js'
import type { MailSettings } from './outbound/mail.js'
import type { SlowQuestions } from './records/slow.js'
import type { Vault } from './secrets/vault.js'
import type { FileStore } from '../storage/files/contract.js'

/** Structured log, the shape of pino's. Never given values of records. */
export interface Log {
  info(fields: Readonly<Record<string, unknown>>, message: string): void
  warn(fields: Readonly<Record<string, unknown>>, message: string): void
  error(fields: Readonly<Record<string, unknown>>, message: string): void
}

/** What stays the same from start to stop; made once by `compose.ts`. */
export interface Engine {
  readonly database: Database
  readonly current: CurrentModel
  /** Reads the published version and, when it is newer, compiles it and puts it in force. Gives the model in force. */
  refresh(): Promise<Model>
  readonly files: FileStore
  /** Bytes of the largest file that is accepted. */
  readonly fileMax: number
  readonly log: Log
  readonly work: WorkFolder
  /** Where requests to the outside may go. */
  readonly outbound: OutboundSettings
  /** What both sides know, by name, as the operator set it. Told nowhere; `secrets/secrets.ts` knows those of the studio, too. */
  readonly secrets: ReadonlyMap<string, string>
  /** What secrets in the database are sealed with. */
  readonly vault: Vault
  /** Where people sign in beside their password here; null: nowhere. */
  readonly oidc: OidcConfig | null
  /** The tests of workflows that fail, of those that differ from what is in force. The engine of workflows stands above operations and brings this. */
  proveWorkflows(model: Model, before: Model | null): Promise<readonly Finding[]>
  /** Settings of plugins by the operator: `SMS_URL`. */
  readonly plugins: ReadonlyMap<string, string>
  readonly slow: SlowQuestions
  /** Through whom mail goes out; null: none does. */
  readonly mail: MailSettings | null
}

/** Where files lie while something is done with them. */
export interface WorkFolder {
  readonly folder: string
  /** Name of the folder itself: processes that share it call it alike. */
  readonly place: string
  /** Largest file that an import takes. */
  readonly importMaxBytes: number
}

/** One request to the engine. The model is read once and stays the same to its end. */
export interface Call {
  readonly engine: Engine
  readonly actor: Actor
  readonly model: Model
  readonly access: Access
  readonly at: Date
  /** What placeholders in rules and conditions mean for this actor now. */
  readonly bindings: Bindings
}

/** A call of `actor` against `model` (the model in force, unless a caller already read it). */
export function callOf(engine: Engine, actor: Actor, model: Model = engine.current.get(), at: Date = new Date()): Call {
  return { engine, actor, model, access: actor.form === undefined ? accessFor(model, actor.roles, engine.log) : publicAccess(model, actor.form), at, bindings: bindingsOf(actor, at) }
}

/** `$user.*`, now and the zone of an actor. A list attribute is a list operand. */
export function bindingsOf(actor: Actor, at: Date): Bindings {
  return {
    user: (attribute): Json | undefined => actor.attributes.get(attribute) ?? undefined,
    now: at,
    timeZone: actor.timeZone,
  }
}

/** The operator itself: first start, sample data, command line. Reads and writes everything (`operations/records/load.ts`). */
export const systemActor: Actor = { id: null, name: 'system', email: '', roles: [], locale: 'en', timeZone: 'UTC', attributes: new Map() }
