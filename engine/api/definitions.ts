/** `/api/definitions`: the published definitions, the caller's draft, check, plan, publish, history. For callers who may design. */
import { isObject, type Json, type JsonObject } from '../../metadata/contract/json.js'
import { mergeLayers } from '../definitions/layers.js'
import { Problem } from '../errors.js'
import { fieldTypes } from '../fields/index.js'
import { inferredLines, withInferredLines } from '../model/inferred.js'
import type { Documents } from '../model/model.js'
import { typeNames } from '../model/type-names.js'
import { pluginFunctions, workflowFunctions } from '../model/workflows/functions.js'
import { mayBeAsked } from '../model/workflows/asked-form.js'
import type { Call } from '../operations/call.js'
import { checkDraft, draftModel } from '../operations/definitions/check.js'
import { computedLanguage, tryComputed } from '../operations/definitions/computed.js'
import { compare, documentHistory } from '../operations/definitions/compare.js'
import { changeDraft, designer, discardDraft, draftLayer, preference, readDraft, rebaseDraft, replaceDraft, type Draft } from '../operations/definitions/draft.js'
import { planDraft, planRestore, publishDraft } from '../operations/definitions/draft-plan.js'
import { health } from '../operations/definitions/health.js'
import { textsBehind } from '../operations/definitions/texts-behind.js'
import { planUpgrade, publishUpgrade, type Decision, type UpgradeCommand } from '../operations/definitions/upgrade.js'
import { usesOfDefinition } from '../operations/definitions/uses.js'
import type { Publication } from '../operations/definitions/publish.js'
import { belowStudio, layersInForce } from '../operations/definitions/published.js'
import { listVersions, readVersion, restoreVersion, versionModel } from '../operations/definitions/versions.js'
import { onlyMembers } from './body.js'
import type { ApiRequest, ApiResponse, Route } from './handler.js'
import { localeOf, onlyParameters, wholeNumber } from './query.js'

/** Of a whole layer: one definition may have a megabyte. */
const layerMax = 20_000_000
const layerKeysMax = 500_000

/** The routes of `/api/definitions`. */
export const definitionRoutes: readonly Route[] = [
  { method: 'GET', path: '/api/definitions', handle: async ({ call }) => ok(await published(call)) },
  { method: 'GET', path: '/api/definitions/draft', handle: async ({ call }) => draftAnswer(call, await readDraft(call)) },
  {
    method: 'PATCH', path: '/api/definitions/draft',
    async handle({ call, body, headers }) {
      const { draft, touched } = await changeDraft(call, body, baseOf(headers['if-match']))
      return { status: 200, headers: { ETag: `"${draft.base}"` }, body: { ...headOf(call, draft), documents: touched, ...beside(draft.documents, Object.keys(touched)) } }
    },
  },
  {
    method: 'DELETE', path: '/api/definitions/draft',
    async handle({ call }) {
      await discardDraft(call)
      return { status: 204 }
    },
  },
  { method: 'GET', path: '/api/definitions/draft/model', handle: async ({ call, query }) => ok((await draftModel(call, localeOf(query.get('locale'), call.actor.locale))) as unknown as Json) },
  {
    method: 'PUT', path: '/api/definitions/draft/layer', bodyMax: layerMax, keysMax: layerKeysMax,
    async handle({ call, body, headers }) {
      designer(call) // who may not design learns nothing of what is wrong with the body
      const { documents } = onlyMembers(body, 'documents')
      if (!isObject(documents)) throw new Problem('request.invalid', { reason: 'documents must be an object: path of a file → what stands in it' })
      return draftAnswer(call, await replaceDraft(call, documents, baseOf(headers['if-match'])))
    },
  },
  { method: 'POST', path: '/api/definitions/draft/rebase', handle: async ({ call, body }) => draftAnswer(call, await rebaseDraft(call, preference(onlyMembers(body, 'prefer')))) },
  {
    method: 'GET', path: '/api/definitions/compare',
    async handle({ call, query }) {
      onlyParameters(query, new Set(['from', 'to']))
      return ok({ changes: (await compare(call, query.get('from') ?? 'published', query.get('to') ?? 'draft')) as unknown as Json })
    },
  },
  {
    method: 'GET', path: '/api/definitions/history',
    async handle({ call, query }) {
      onlyParameters(query, new Set(['path', 'before']))
      const before = query.get('before')
      return ok((await documentHistory(call, query.get('path') ?? '', before === null ? undefined : wholeNumber(before, 'before', 1, Number.MAX_SAFE_INTEGER))) as unknown as Json)
    },
  },
  {
    method: 'GET', path: '/api/definitions/uses',
    async handle({ call, query }) {
      onlyParameters(query, new Set(['path', 'field']))
      return ok((await usesOfDefinition(call, query.get('path') ?? '', query.get('field') ?? undefined)) as unknown as Json)
    },
  },
  { method: 'GET', path: '/api/definitions/texts', handle: async ({ call }) => ok({ behind: (await textsBehind(call)) as unknown as Json }) },
  { method: 'GET', path: '/api/definitions/health', handle: async ({ call }) => ok((await health(call)) as unknown as Json) },
  {
    method: 'POST', path: '/api/definitions/check',
    async handle({ call, body }) {
      onlyMembers(body)
      return ok({ ...(await checkDraft(call)) } as unknown as Json)
    },
  },
  {
    method: 'POST', path: '/api/definitions/plan',
    async handle({ call, body }) {
      const { restore: version } = onlyMembers(body, 'restore')
      return ok((version === undefined ? await planDraft(call) : await planRestore(call, versionNumber(version))) as unknown as Json)
    },
  },
  {
    method: 'POST', path: '/api/definitions/computed',
    async handle({ call, body }) {
      const { entity, key, property } = onlyMembers(body, 'entity', 'key', 'property')
      if (typeof entity !== 'string' || typeof key !== 'string' || !isObject(property)) throw new Problem('request.invalid', { reason: 'entity and key must be names, property a definition' })
      return ok((await tryComputed(call, { entity, key, property })) as unknown as Json)
    },
  },
  { method: 'POST', path: '/api/definitions/publish', handle: async ({ call, body }) => publication(await publishDraft(call, agreed(body))) },
  { method: 'POST', path: '/api/definitions/upgrade', bodyMax: layerMax, keysMax: layerKeysMax, handle: async ({ call, body }) => ok((await planUpgrade(call, upgradeOf(call, onlyMembers(body, 'layer', 'documents', 'decisions')))) as unknown as Json) },
  {
    method: 'POST', path: '/api/definitions/upgrade/publish', bodyMax: layerMax, keysMax: layerKeysMax,
    async handle({ call, body }) {
      const { layer = null, documents = null, decisions = [], ...rest } = onlyMembers(body, 'layer', 'documents', 'decisions', 'consent', 'message', 'base')
      return publication(await publishUpgrade(call, upgradeOf(call, { layer, documents, decisions }), agreed(rest)))
    },
  },
  { method: 'GET', path: '/api/definitions/versions', handle: async ({ call }) => ok({ versions: (await listVersions(call)) as unknown as Json }) },
  { method: 'GET', path: '/api/definitions/versions/:n', handle: async ({ call, params }) => ok((await readVersion(call, versionNumber(params['n']))) as unknown as Json) },
  { method: 'GET', path: '/api/definitions/versions/:n/model', handle: async ({ call, params, query }) => ok((await versionModel(call, versionNumber(params['n']), localeOf(query.get('locale'), call.actor.locale))) as unknown as Json) },
  {
    method: 'POST', path: '/api/definitions/versions/:n/restore',
    handle: async ({ call, params, body }: ApiRequest) => publication(await restoreVersion(call, versionNumber(params['n']), agreed(body))),
  },
]

const ok = (body: Json): ApiResponse => ({ status: 200, body })

async function published(call: Call): Promise<Json> {
  designer(call)
  const { version, layers } = await layersInForce(call.engine.database, call.model)
  const { documents, provenance } = mergeLayers(layers)
  return {
    version, layers: layers.map((layer) => layer.name), documents, provenance, below: belowStudio(layers),
    fieldTypes: fieldTypes.map((type) => {
      const { name, options, operators, measures, formula, examples } = type
      return { name, options, operators, measures, formula, examples: examples as unknown as Json, ...(mayBeAsked(type) ? { asked: true } : {}) }
    }),
    ...computedLanguage(),
    workflowFunctions: [
      ...Object.entries(workflowFunctions).map(([name, { description, with: given }]) => ({ name, description, with: given as unknown as Json })),
      ...[...pluginFunctions].map(([name, { title, description, with: given, texts = {} }]) => ({ name, title, description, with: given, texts })),
    ],
  }
}

const headOf = (call: Call, draft: Draft): JsonObject => ({ base: draft.base, version: call.model.version, stale: draft.base !== call.model.version, changed: draft.changed })

const draftAnswer = (call: Call, draft: Draft): ApiResponse =>
  ({ status: 200, headers: { ETag: `"${draft.base}"` }, body: { ...headOf(call, draft), documents: draft.documents, ...beside(draft.documents, Object.keys(draft.documents)), layer: draftLayer(draft) as JsonObject } })

/** What tools that show documents need to know besides: entities that are made of lists of objects, and the types of these documents' properties. */
function beside(documents: Documents, paths: readonly string[]): JsonObject {
  const inferred = inferredLines(documents)
  const whole = withInferredLines(documents)
  const shown = [...paths, ...Object.keys(inferred)].flatMap((path) => (isObject(whole[path]) ? [[path, whole[path]] as const] : []))
  return { types: typeNames(Object.fromEntries(shown)), inferred: inferred as unknown as Json }
}

const publication = ({ version, changed, steps }: Publication): ApiResponse => ({ status: changed ? 201 : 200, body: { version, steps: steps as unknown as Json } })

/** `If-Match: "12"` → 12; absent or `*`: whatever the base is. */
function baseOf(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === '*') return undefined
  const text = /^(?:W\/)?"?(\d{1,9})"?$/.exec(header.trim())?.[1]
  if (text === undefined) throw new Problem('request.invalid', { reason: 'If-Match must be the base version of the draft, as in its ETag' })
  return Number(text)
}

function versionNumber(value: Json | undefined): number {
  const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 1) throw new Problem('definitions.version')
  return number
}

const longestMessage = 2_000

function upgradeOf(call: Call, { layer, documents, decisions = [] }: Readonly<Record<string, Json | undefined>>): UpgradeCommand {
  designer(call) // who may not design learns nothing of what is wrong with the body
  if (typeof layer !== 'string' || !isObject(documents)) throw new Problem('request.invalid', { reason: 'layer must be the name of a layer, documents an object: path of a file → what stands in it' })
  if (!Array.isArray(decisions)) throw new Problem('request.invalid', { reason: 'decisions must be a list' })
  return { layer, documents, decisions: (decisions as readonly Json[]).map(decisionOf) }
}

function decisionOf(one: Json): Decision {
  const { layer, path, take } = isObject(one) ? one : {}
  if (typeof layer !== 'string' || typeof path !== 'string' || (take !== 'mine' && take !== 'theirs')) throw new Problem('request.invalid', { reason: 'a decision names the layer, the path, and whose value to take: mine or theirs' })
  return { layer, path, take }
}

function agreed(body: Json | undefined): { consent: readonly string[]; message: string; base?: number } {
  const { consent = [], message = '', base } = onlyMembers(body, 'consent', 'message', 'base')
  if (!Array.isArray(consent) || !consent.every((key): key is string => typeof key === 'string')) throw new Problem('request.invalid', { reason: 'consent must be a list of step keys' })
  if (typeof message !== 'string' || message.length > longestMessage) throw new Problem('request.invalid', { reason: `message must be text of at most ${longestMessage} characters` })
  if (base !== undefined && !Number.isSafeInteger(base)) throw new Problem('request.invalid', { reason: 'base must be a version number' })
  return { consent, message, ...(typeof base === 'number' ? { base } : {}) }
}
