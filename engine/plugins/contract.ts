/**
 * What a plugin may add to the engine. A plugin is a folder under `plugins/` and a line in `plugins/index.ts`; it knows this file and
 * `metadata/contract`, and nothing else of the engine: what it needs is handed to it.
 */
import type { Json, JsonObject, JsonSchema } from '../../metadata/contract/json.js'

export interface Plugin {
  /** Name of its folder: its functions and its settings begin with it. Letters and digits, the first a small letter. */
  readonly name: string
  /** Functions that workflows call, by their full names: of the plugin `sms` for example `sms.send`. */
  readonly functions: Readonly<Record<string, PluginFunction>>
}

/**
 * Something that a workflow does outside of the system. It is called outside of any unit, once for a step; when the engine died while it was under way
 * nobody knows whether it was done, and the run says so (unless it is `repeatable`: then it is called again with the same key).
 */
export interface PluginFunction {
  readonly title: string
  readonly description: string
  /** Schema of `with`, an object; the studio draws the panel from it, with the same `format`s as for functions of the product. */
  readonly with: JsonSchema
  /** Language → JSON Pointer into this function (`/title`, `/with/properties/to/title`) → text. */
  readonly texts?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** The other side takes it once however often it is sent with the same key. */
  readonly repeatable?: true
  /** `crm.send` with this channel calls the function with `to` (one receiver) and `text`, once it has chosen the language and asked for the consent. */
  readonly channel?: string
  /** @throws what `context.problem` makes; anything else counts as a fault of the plugin, and the step is tried again later */
  run(given: JsonObject, context: PluginContext): Promise<Json>
}

/** What a function of a plugin may use. */
export interface PluginContext {
  /** The same for the same step of the same run, and for no other. */
  readonly key: string
  readonly at: Date
  /** A setting of the operator, `URL` of the plugin `sms`: TESSERA_PLUGIN_SMS_URL; undefined: it is not set. */
  setting(name: string): string | undefined
  /** A secret of the operator or the studio. @throws where there is none of that name */
  secret(name: string): Promise<string>
  /** The one guarded way out: private networks are refused unless the operator opened them, redirects are answers. @throws where it may not be called, or did not answer */
  request(request: { readonly method: string; readonly url: string; readonly headers: Readonly<Record<string, string>>; readonly body?: string }): Promise<PluginAnswer>
  /**
   * What is wrong. `unset`: the operator has to set something. `invalid`: what was given cannot be used. `refused`: the other side did not take it, and nothing
   * was done; a workflow may try again. `unknown`: it may have been done, so nobody tries again by themselves.
   */
  problem(kind: 'unset' | 'invalid' | 'refused' | 'unknown', reason: string): Error
}

export interface PluginAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}
