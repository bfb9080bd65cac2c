/** Every guard that an attack meets: where it stands, how it is taken away, and which test turns red without it. */

export interface Guard {
  readonly ids: string
  readonly file: string
  readonly what: string
  /** Text that stands in the file exactly once → what stands there without the guard. */
  readonly swaps: readonly (readonly [found: string, instead: string])[]
  /** Test file and the beginning of a test's name. */
  readonly red: readonly [file: string, name: string]
}

const attacks = (file: string): string => `tests/attacks/${file}.test.ts`
const guard = (ids: string, file: string, what: string, swaps: Guard['swaps'], red: Guard['red']): Guard => ({ ids, file, what, swaps, red })

const hiddenLeaf: Guard['swaps'] = [["const how = place === undefined ? undefined : entity.field(place.key)\n    if (place === undefined || how?.how !== 'full') throw", "const how = place === undefined ? seen : (entity.field(place.key) ?? seen)\n    if (place === undefined) throw"]]
/** Of sorting, grouping and measuring. */
const hiddenValue: Guard['swaps'] = [["if (place === undefined || how === undefined || how.how === 'masked') throw", 'if (place === undefined) throw'], ['return { field: place.field, how }', "return { field: place.field, how: how ?? { how: 'full' } }"]]

const reading: readonly Guard[] = [
  guard('A-002', 'engine/model/conditions/resolve.ts', 'a hop asks the lens of its own entity', hiddenLeaf, [attacks('hidden-fields'), 'A-002 filter through a relation']),
  guard('A-002', 'engine/operations/rights/selection.ts', 'a selected field must be readable', [['if (field === undefined || access === undefined) throw', 'if (field === undefined) throw'], ['return { field, access }', "return { field, access: access ?? { how: 'full' } }"]], [attacks('hidden-fields'), 'A-002 fields through a relation']),
  guard('A-002', 'engine/operations/records/read.ts', 'placeholders of the caller stand for known attributes only', [['  assertOwnAttributes(call, filter)\n', '']], [attacks('hidden-fields'), 'A-002 the own user record']),
  guard('A-003', 'engine/model/conditions/resolve.ts', 'only readable keys of the model name a field', hiddenLeaf, [attacks('hidden-fields'), 'A-003 filter']),
  guard('A-003', 'engine/operations/rights/rights.ts', 'sort keys must be readable', hiddenValue, [attacks('hidden-fields'), 'A-003 sort']),
  guard('A-004', 'engine/model/conditions/resolve.ts', 'every leaf is looked at, however deep', hiddenLeaf, [attacks('hidden-fields'), 'A-004 filter, five']),
  guard('A-004', 'engine/model/conditions/resolve.ts', 'the same inside a relation', hiddenLeaf, [attacks('hidden-fields'), 'A-004 filter inside some']),
  guard('A-006', 'engine/operations/rights/rights.ts', 'measured fields must be readable in full', hiddenValue, [attacks('hidden-fields'), 'A-006 distinct count']),
  guard('A-007', 'engine/operations/rights/rights.ts', 'grouped fields must be readable in full', hiddenValue, [attacks('hidden-fields'), 'A-007 groups']),
  guard('A-007', 'engine/operations/rights/rights.ts', 'each hop of a path is looked at with the rights of its entity', [["const end = comparableAt(call, target, rest.join('.'), asked)", "const end = { via: [], how: { how: 'full' as const }, field: placeOf(target.entity, rest.join('.'))?.field ?? field }"]], [attacks('hidden-fields'), 'A-007 groups through a relation']),
  guard('A-010', 'engine/permissions/computed.ts', 'what is computed from hidden values or records follows them', [['source.system || (ofRecord', 'source.key !== \'\' || source.system || (ofRecord']], [attacks('hidden-fields'), 'A-003 filter']),
  guard('A-010', 'engine/forms/dashboards.ts', 'a tile by what its reader may not ask is left out', [['(isObject(tile.filter) && !mayFilter(access, entity, tile.filter))', '(isObject(tile.filter) && name === \'\')']], [attacks('hidden-fields'), 'A-010 what is built']),
  guard('A-010', 'engine/forms/describe.ts', 'a segment by what its reader may not ask does not exist', [['segment.entity !== entity || !mayAskFor(access, name)', "segment.entity !== entity || name === ''"]], [attacks('hidden-fields'), 'A-010 what is built']),
  guard('A-008', 'engine/model/conditions/resolve.ts', 'only fields that are readable in full are searched', [["return how?.how === 'full' ? [{ field, ...visibleOf(how) }] : []", 'return field.search ? [{ field, ...visibleOf(how ?? seen) }] : []']], [attacks('hidden-fields'), 'A-008']),
  guard('A-010', 'engine/forms/describe.ts', 'a list with a hidden filter is withheld', [['if (isObject(view.filter) && !mayFilter(access, entity, view.filter)) return []', '']], [attacks('hidden-fields'), 'A-010']),
  guard('A-010', 'engine/permissions/compile.ts', '"all fields" are not computed fields from hidden ones', [['!isNamed(named, field.key) && !follows(field, named) ? false : granted', '!isNamed(named, field.key) && !follows(field, named) ? granted : granted']], ['tests/http/computed.test.ts', 'A-010']),
  guard('A-010', 'engine/operations/views/seen.ts', 'a part of a saved filter that its reader may not ask is left out', [['if (mayUse(call, entity, condition)) return', 'if (mayUse(call, entity, condition) || entity !== \'\') return']], ['tests/http/views.test.ts', 'A-010']),
  guard('A-011', 'engine/operations/records/search.ts', 'a hidden title is the id', [['...(access.field(entity.display) === undefined ? [] : [entity.display])', 'entity.display']], [attacks('hidden-fields'), 'A-011']),
  guard('A-012', 'engine/api/cursor.ts', 'a marker is bound to user, question and version', [['const binding = (scope: CursorScope): Buffer => createHash', 'const binding = (_: CursorScope): Buffer => ((scope) => createHash'], ['scope.roles])).digest()', "scope.roles])).digest())({ userId: 0, question: '', metadataVersion: 0, roles: '' })"]], ['tests/http/records.test.ts', 'A-012']),
  guard('A-012', 'engine/api/cursor.ts', 'a marker is authenticated', [['.setAAD(binding(scope))\n        decrypt.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))', '.setAAD(binding(scope))'], [', decrypt.final()]', ']']], [attacks('hidden-fields'), 'A-012']),
  guard('A-022', 'engine/operations/records/read.ts', 'the row rule is part of every reading statement', [['(archived ? all(access.rows, granted(access.archive)) : access.rows)', '(archived ? granted(access.archive) : everything)']], [attacks('hidden-records'), 'A-022']),
  guard('A-022 A-032', 'engine/operations/rights/rights.ts', 'the row rule is part of every writing statement', [['live: all(access.rows, archivedIs(access.entity, false))', 'live: archivedIs(access.entity, false)']], [attacks('hidden-records'), 'A-022']),
  guard('A-023', 'engine/operations/rights/selection.ts', 'an expansion carries the rule of its target', [['field,\n    target: target.entity,\n    rows: target.rows,', 'field,\n    target: target.entity,\n    rows: everything,'], ['relation,\n    target: target.entity,\n    rows: target.rows,', 'relation,\n    target: target.entity,\n    rows: everything,']], [attacks('hidden-records'), 'A-023']),
  guard('A-024', 'engine/model/conditions/resolve.ts', 'a to-one hop carries the rule of its target', [['of: all(target.rows, of) })', 'of })']], [attacks('hidden-records'), 'A-023']),
  guard('A-024', 'engine/model/conditions/resolve.ts', 'a to-many test carries the rule of its target', [['rows: all(target.rows, back ?? everything, notArchived', 'rows: all(back ?? everything, notArchived']], [attacks('hidden-records'), 'A-023']),
  guard('A-026', 'engine/permissions/compile.ts', 'a rule that cannot be resolved grants nothing', [['fault(cause)\n    return nothing', 'fault(cause)\n    return { kind: \'all\', of: [] }']], [attacks('hidden-records'), 'A-026']),
  guard('A-026', 'engine/definitions/check-roles.ts', 'a publish that breaks a row rule is refused', [['if (reason !== undefined) return', "if (reason === '') return"]], [attacks('hidden-records'), 'A-026']),
  guard('A-027', 'engine/model/conditions/resolve.ts', 'what may not be asked is refused, not dropped', [['return this.#along(tree, tree.path, entity, tree.negated !== isMissingTest(tree), (last, key) => this.#value(tree, last, key))', 'try { return this.#along(tree, tree.path, entity, tree.negated !== isMissingTest(tree), (last, key) => this.#value(tree, last, key)) } catch { return everything }']], [attacks('hidden-records'), 'A-027']),
  guard('A-028', 'engine/storage/records.ts', 'a page says that there are more', [['next: more && last !== null ?', 'next: more && last === null ?']], [attacks('hidden-records'), 'A-028']),
  guard('A-030', 'engine/operations/rights/links.ts', 'a link needs a target that the caller reads', [['links.filter(({ to, id }) => readable.get(to)?.has(id) !== true)', 'links.filter(({ to, id }) => id < 0 && readable.get(to)?.has(id) !== true)']], [attacks('hidden-records'), 'A-030']),
  guard('A-031', 'engine/permissions/compile.ts', 'a field is seen where some rule with it covers the row', [['if (full.length === read.length) return fullyVisible', 'if (full.length > 0) return fullyVisible']], [attacks('hidden-records'), 'A-031']),
  guard('A-034', 'engine/operations/records/bulk.ts', 'a key of an upsert must be readable', [["if (field === undefined || access.field(field.key)?.how !== 'full') throw", 'if (field === undefined) throw']], [attacks('hidden-fields'), 'A-034']),
  guard('A-035', 'engine/compose.ts', 'no address without a decision', [['    ...healthRoutes(', "    { method: 'GET', path: '/api/forgotten', handle: () => ({ status: 200, body: {} }) },\n    ...healthRoutes("]], [attacks('hidden-records'), 'A-035 every address']),
  guard('A-035', 'engine/operations/duplicates/find.ts', 'only readable records are candidates', [['rows: access.rows', 'rows: everything'], ["import type { DuplicateRule", "import { everything } from '../../model/predicate.js'\nimport type { DuplicateRule"]], ['tests/http/duplicates.test.ts', 'A-035']),
  guard('A-035', 'engine/operations/duplicates/pairs.ts', 'only readable records are told as pairs', [['rows: all(access.rows, idIn(access.entity, ids))', 'rows: idIn(access.entity, ids)']], ['tests/http/duplicates.test.ts', 'A-035']),
  guard('A-035', 'engine/operations/imports/plan.ts', 'a column goes to a field that its importer may set', [['if (field === undefined || !(settable || (', 'if (field === undefined || !(settable || access.field(name) === undefined || (']], ['tests/http/imports.test.ts', 'A-035']),
  guard('A-036', 'engine/operations/rights/files.ts', 'a file is held by who may use it', [['known.get(id), stays({ field, id }) || usable.has(id))', 'known.get(id), stays({ field, id }) || usable.size >= 0)']], ['tests/http/files.test.ts', 'A-036']),
]

const surfaces = attacks('surfaces')
const transitions = 'tests/http/transitions.test.ts'
const writing: readonly Guard[] = [
  guard('A-032', 'engine/operations/definitions/draft.ts', 'only who may design reaches definitions', [['!call.access.design || ', '']], [attacks('hidden-records'), 'A-032']),
  guard('A-032', 'engine/operations/records/remove.ts', 'only who may erase erases', [['const rows = granted(access.purge)', 'const rows = access.purge === false ? access.rows : granted(access.purge)']], ['tests/http/access.test.ts', 'A-032']),
  guard('A-032', 'engine/operations/rights/reach.ts', 'a change that leads out of reach is taken back', [["    if (holds.length > 0 && lacking.length === 0) continue\n", '    if (holds.length > 0 || lacking.length > 0) continue\n']], [attacks('writes'), 'A-032']),
  guard('A-032 A-035', 'engine/operations/duplicates/merge.ts', 'values come from the records that are merged', [['if (!others.includes(id)) throw', 'if (id < 0) throw']], ['tests/http/merge.test.ts', 'A-032 A-035']),
  guard('A-044', 'engine/permissions/fields.ts', 'keys that no grant names are refused', [['if (first === undefined) return\n', 'if (first !== null) return\n']], [attacks('writes'), 'A-044 create']),
  guard('A-046', 'engine/operations/people/users.ts', 'nobody gives a role that they do not hold', [['if (refused.length > 0) throw', 'if (refused.length > 99) throw']], [attacks('writes'), 'A-046']),
  guard('A-047', 'engine/api/body.ts', 'unknown members are refused', [['if (unknown !== undefined) throw', "if (unknown === '') throw"]], [attacks('writes'), 'A-047 an unknown key']),
  guard('A-047', 'engine/api/json-body.ts', 'a key twice is refused', [['if (found !== keys) throw', 'if (found > keys) throw']], [attacks('writes'), 'A-047 A-052']),
  guard('A-052', 'engine/api/json-body.ts', 'dangerous keys are refused', [['if (forbidden.has(key)) throw', 'if (forbidden.size === 0) throw']], [attacks('writes'), 'A-047 A-052']),
  guard('A-022 A-040', 'engine/permissions/transitions.ts', 'a transition of other roles is not there', [['roles === null || roles.some((role) => held.has(role))', 'roles === null || held.size >= 0 || roles.length > 0']], [transitions, 'A-040']),
  guard('A-022 A-040', 'engine/operations/workflows/begin.ts', 'a run acts on a record that its starter reads', [['if (claimed !== undefined) throw', "if (claimed === undefined && recordKeys.length === 0) throw"]], [surfaces, 'A-022 A-040']),
  guard('A-022 A-040', 'engine/operations/workflows/begin.ts', 'a run acts on a record of the kind that it is for', [['if (on !== undefined && subject !== null && on !== subject) throw', "if (on === '' && subject !== null) throw"]], [surfaces, 'A-022 A-040']),
  guard('A-044', 'engine/operations/records/transition.ts', 'a transition takes only what it asks for', [['if (stray !== undefined) throw', "if (stray === '') throw"]], [transitions, 'A-044 the state itself']),
  guard('A-048', 'engine/operations/records/states.ts', 'records begin in their initial state', [['if (state !== lifecycle.initial && ', 'if (state === undefined && ']], [transitions, 'A-048 begins']),
  guard('A-048', 'engine/operations/records/states.ts', 'no writer changes a state by hand', [['if (lifecycle !== null && row.transition === undefined && ', "if (lifecycle?.field === '' && "]], [transitions, 'a change says where']),
  guard('A-160', 'engine/operations/records/transition.ts', 'a transition rides on the version', [["command.ifVersion !== undefined && before['version'] !== command.ifVersion", 'command.ifVersion !== undefined && command.ifVersion < 0']], [transitions, 'A-160']),
  guard('A-048', 'engine/permissions/compile.ts', 'what the system fills is set by nobody', [['=> !field.system && !field.readOnly', '=> !field.system'], ], ['tests/http/computed.test.ts', 'A-048']),
]

const injecting: readonly Guard[] = [
  guard('A-050', 'engine/model/names.ts', 'one grammar of names', [['export const identifier = /^[A-Za-z][A-Za-z0-9_]{0,62}$/', 'export const identifier = /^[\\s\\S]*$/']], [attacks('definitions'), 'A-050 A-051']),
  guard('A-051', 'engine/model/names.ts', 'names of the language are reserved', [['=> taken.has(key.toLowerCase())', "=> taken.has('') && key === ''"]], [attacks('definitions'), 'A-050 A-051']),
  guard('A-054', 'engine/storage/queries/statement.ts', 'values are bound', [['    this.binders.push(() => value)\n    return \'?\'', "    if (typeof value === 'string') return `'${value}'`\n    this.binders.push(() => value)\n    return '?'"]], [attacks('values'), 'A-054 what is stored']),
  guard('A-055', 'engine/definitions/check-screens.ts', 'a stored condition is checked when it is saved', [["return `${error.problems[0]?.message ?? error.message}.`.replace(/\\.\\.$/, '.')", 'return undefined']], [attacks('definitions'), 'A-055']),
  guard('A-055', 'metadata/contract/condition-tree.ts', 'an unknown operator is refused when it is run', [['if (measure === undefined) throw new ConditionError(here, `${key} is not an operator`)', "if (measure === undefined) return { kind: 'all', of: [] }"]], [attacks('definitions'), 'A-055']),
  guard('A-056 A-060', 'engine/fields/types/autonumber.ts', 'the template has its own grammar', [["pattern: '^([^{}]|\\\\{(yyyy|yy|MM|dd)\\\\})*\\\\{0{1,15}\\\\}([^{}]|\\\\{(yyyy|yy|MM|dd)\\\\})*$'", "pattern: '^.*$'"]], [attacks('definitions'), 'A-056']),
  guard('A-058', 'engine/operations/definitions/publish.ts', 'nothing is published without the check', [["if (prepared.candidate === undefined) throw new Problem('definitions.invalid', {}, { problems: prepared.findings })", 'if (prepared.candidate === undefined) return []']], ['tests/http/definitions.test.ts', 'A-058']),
  guard('A-059', 'engine/formulas/check.ts', 'an expression looks nothing up by a name', [["new Set(['.', '.?'])", 'new Set()']], [attacks('definitions'), 'A-059']),
  guard('A-068', 'engine/fields/types/url.ts', 'only web and mail addresses are links', [["const pattern = ownPattern('", "const pattern = ownPattern('^.*$|"]], [attacks('values'), 'A-068']),
  guard('A-070', 'engine/api/files.ts', 'only pictures and PDF are shown, anything else is saved', [["=> isPicture(type) || type === 'application/pdf'", '=> isPicture(type) || type !== \'\'']], ['tests/http/files.test.ts', 'A-070']),
  guard('A-072', 'studio/fields/markdown.ts', 'HTML in Markdown stays text', [['html: false', 'html: true']], ['tests/studio/rich-text.test.ts', 'A-072']),
  guard('A-072', 'studio/fields/markdown.ts', 'links go to the web and to mail only', [['markdown.validateLink = isFollowed', 'markdown.validateLink = (address) => isFollowed(address) || address !== \'\'']], ['tests/studio/rich-text.test.ts', 'A-072']),
  guard('A-098', 'engine/operations/files/names.ts', 'a name is the last part of a path', [["sent.normalize('NFC').split(/[/\\\\]/).at(-1) ?? ''", "sent.normalize('NFC')"], [String.raw`[\p{Cc}\p{Cs}\p{Zl}\p{Zp}<>:"|?*]`, String.raw`[<>:"|?*]`]], ['tests/http/files.test.ts', 'A-098']),
]

const spending: readonly Guard[] = [
  guard('A-106', 'engine/formulas/functions.ts', 'a text is counted before it is built', [['if (length > longest) throw', 'if (length < 0) throw']], ['tests/model/formulas.test.ts', 'A-106 a text']),
  guard('A-132', 'engine/operations/records/row.ts', 'ids are whole numbers', [["Number.isSafeInteger(value) && Number(value) > 0", "typeof value === 'number'"]], [surfaces, 'A-132 A-146']),
  guard('A-062 A-108', 'engine/api/query.ts', 'no NUL in an address', [["if (value.includes('\\u0000')) throw", "if (value === known.toString()) throw"]], [surfaces, 'A-062 A-108']),
  guard('A-132', 'engine/operations/people/session.ts', 'a language that is none is not used', [["remembered(isLanguage, 'en')", "remembered((tag) => tag !== '' || isLanguage(tag), 'en')"]], [surfaces, 'A-132 a language']),
  guard('A-102', 'engine/operations/imports/files/xlsx.ts', 'what an archive unpacks to is counted before', [['if (expanded > zipLimits.expandedMax || (expanded > zipLimits.ratioFrom && expanded > packed * zipLimits.ratioMax)) throw', 'if (expanded < packed - packed) throw']], [attacks('bad-files'), 'A-102 a bomb']),
  guard('A-102', 'engine/operations/imports/files/xlsx.ts', 'no macros', [['if ([...entries.keys()].some(', 'if ([...entries.keys()].every(']], [attacks('bad-files'), 'A-102 a workbook with macros']),
  guard('A-103', 'engine/operations/files/images.ts', 'a picture has a largest number of pixels', [['const pixelsMax = 60_000_000', 'const pixelsMax = 600_000_000']], ['tests/http/files.test.ts', 'A-103']),
  guard('A-103', 'engine/operations/files/images.ts', 'nothing but the picture is kept', [['picture.rotate().toFormat(format', 'picture.rotate().keepMetadata().toFormat(format']], ['tests/http/files.test.ts', 'A-103']),
  guard('A-104', 'engine/api/body.ts', 'a body has a largest size', [['if (Number(length ?? 0) > max) throw', 'if (Number(length ?? 0) < 0) throw'], ['if (size > max) {', 'if (size < 0) {']], ['tests/http/records.test.ts', 'A-104 ten megabytes']),
  guard('A-104', 'engine/api/json-body.ts', 'keys, values and depth are counted before anything is built', [['if (++depth > jsonLimits.depthMax)', 'if (++depth > 1e9)'], ['if (++elements > jsonLimits.elementsMax)', 'if (++elements > 1e9)']], [attacks('limits'), 'A-104']),
  guard('A-106', 'engine/model/validation.ts', 'patterns must run in linear time', [["    return error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : 'it cannot be read'", '    return undefined']], [attacks('definitions'), 'A-106']),
  guard('A-107', 'engine/model/limits.ts', 'definitions have limits', [['entities: 500,', 'entities: 5e9,'], ['fieldsPerEntity: 500,', 'fieldsPerEntity: 5e9,'], ['optionsPerField: 2000,', 'optionsPerField: 5e9,'], ['nesting: 40,', 'nesting: 5e9,']], [attacks('definitions'), 'A-107']),
  guard('A-108', 'engine/api/query.ts', 'numbers have bounds', [['if (!(value >= min && value <= max)) throw', 'if (value < 0) throw']], [attacks('limits'), 'A-108']),
  guard('A-110', 'engine/storage/records.ts', 'related records are counted over the whole answer', [['const relatedMax = 50_000', 'const relatedMax = 50_000_000']], [attacks('limits'), 'A-110 what an answer']),
  guard('A-110', 'metadata/contract/condition-tree.ts', 'a condition has a largest size', [['depth: 8, leaves: 200, list: 1000', 'depth: 800, leaves: 20000, list: 100000']], [attacks('limits'), 'A-110 the cost']),
  guard('A-114', 'engine/operations/imports/files/csv.ts', 'a row has a longest length', [['max_record_size: sourceLimits.rowCharactersMax', 'max_record_size: 0']], [attacks('bad-files'), 'A-114 one line that never ends']),
  guard('A-114', 'engine/operations/imports/plan.ts', 'a character that cannot be stored rejects its row', [["if (text.includes('\\0')) read", "if (text === '\\0') read"]], [attacks('bad-files'), 'A-114 characters']),
  guard('A-130', 'studio/client/zone.ts', 'a time that the clock shows twice is the first', [['const [first] = instantsOf(wanted, timeZone)', 'const first = instantsOf(wanted, timeZone).at(-1)']], ['tests/studio/form-logic.test.ts', 'A-130']),
  guard('A-131', 'engine/storage/queries/aggregate.ts', 'sums are sums of exact numbers', [['inner: `sum(${value()}) AS ${as}`, outer: `CAST(${as} AS TEXT)', 'inner: `sum(${value()} / 3.0) * 3.0 AS ${as}`, outer: `CAST(${as} AS TEXT)']], [attacks('values'), 'A-131 money']),
]

const session = 'tests/http/session.test.ts'
const meeting: readonly Guard[] = [
  guard('A-076', 'engine/storage/own/accounts.ts', 'a token ends', [['(t.expires_at IS NULL OR t.expires_at > ?)', "(t.expires_at IS NULL OR coalesce(?, '') IS NOT NULL)"]], [session, 'A-076']),
  guard('A-046', 'engine/operations/people/administration.ts', 'nobody sees to the account of who holds more', [[".length === 0 ? [{ ...user", ".length >= 0 ? [{ ...user"]], ['tests/http/people.test.ts', 'A-046']),
  guard('A-046', 'engine/operations/people/preview.ts', 'a preview shows nothing beyond the own rights', [['(!isCovered(engine, model, own, seen)) throw', '(seen.id !== actor.id) throw']], ['tests/http/previews.test.ts', 'A-046']),
  guard('A-078', 'engine/operations/people/session.ts', 'attempts are counted', [['if (seconds > 0) throw', 'if (seconds < 0) throw']], [session, 'A-078']),
  guard('A-079', 'engine/storage/own/accounts.ts', 'who is archived or not active is nobody', [['`u.archived_at IS NULL${', '`1 = 1${true ? \'\' : ']], [session, 'A-079 disabling']),
  guard('A-079', 'engine/operations/people/session.ts', 'a changed password ends the other sessions', [['    await endSessionsOf(tx, id, change.session)\n', '']], [session, 'A-079 a changed']),
  guard('A-080', 'engine/operations/people/session.ts', 'signing out ends the session', [['=> engine.database.write((tx) => endSession(tx, session))', '=> engine.database.write(async (tx) => void (session === \'\' && (await endSession(tx, session))))']], [session, 'A-080']),
  guard('A-082', 'engine/api/address.ts', 'another origin does not write', [['if (origin !== undefined) return hostOf(origin) !== headers.host?.toLowerCase()', 'if (origin !== undefined) return hostOf(origin) === \'\'']], ['tests/http/server.test.ts', 'A-082']),
  guard('A-083', 'engine/api/headers.ts', 'no origin is allowed', [["  'X-Frame-Options': 'DENY',", "  'Access-Control-Allow-Origin': '*',"]], ['tests/http/server.test.ts', 'A-083']),
  guard('A-135', 'engine/storage/tables/apply.ts', 'the version and the tables change in one unit', [['    await insertVersion(tx, before.version, record)\n    const counts', '    await insertVersion(tx, before.version, record)\n  })\n  await db.change(async (tx) => {\n    const counts']], ['tests/storage/crash.test.ts', '']),
  guard('A-136', 'engine/storage/drivers/group-commit.ts', 'cascades rest while a table is made anew', [["if (off) await this.connection.exec('PRAGMA foreign_keys=OFF; PRAGMA legacy_alter_table=ON')", "if (off) await this.connection.exec('PRAGMA legacy_alter_table=ON')"]], ['tests/storage/publish.test.ts', 'A-136']),
  guard('A-138', 'engine/operations/definitions/publish.ts', 'the same again is nothing', [['if (prepared.same) return', 'if (prepared.same && base.version < 0) return']], ['tests/http/definitions.test.ts', 'A-138']),
  guard('A-139', 'engine/storage/own/versions.ts', 'a publish needs the base that is in force', [['[next.version, base])) === 0)', '[next.version, base])) < 0)']], ['tests/storage/publish.test.ts', 'A-139']),
  guard('A-140', 'engine/operations/unit.ts', 'a write is checked against the version in force', [['!== model.version) throw new ModelMoved', '< 0) throw new ModelMoved']], ['tests/attacks/nodes.test.ts', 'A-140']),
  guard('A-142', 'engine/operations/definitions/publish.ts', 'what records forbid is not agreed to', [['if (blocked.length > 0) throw', 'if (blocked.length < 0) throw']], ['tests/http/definitions.test.ts', 'records that block']),
  guard('A-142', 'engine/operations/definitions/publish.ts', 'lossy steps need consent', [['if (missing.length > 0) {', 'if (missing.length < 0) {']], ['tests/http/definitions.test.ts', 'a step that loses data']),
  guard('A-150', 'engine/operations/jobs/runner.ts', 'the checkpoint is written with the work', [['            const after = await chunk(tx)\n            await jobs.noteJob(tx, job.id, after)\n            return after\n          })', '            return chunk(tx)\n          })\n          await database.write((tx) => jobs.noteJob(tx, job.id, progress))']], ['tests/storage/import-crash.test.ts', 'A-150']),
  guard('A-151', 'engine/operations/imports/imports.ts', 'one import of a file runs', [['if (holder !== id) throw', 'if (holder < 0) throw']], ['tests/http/imports.test.ts', 'A-151']),
  guard('A-164', 'engine/storage/audit/chain.ts', 'the seal is over the content', [['\\n${String(number)}\\n${content}`).digest', '\\n${String(number)}${content.slice(0, 0)}`).digest']], ['tests/http/audit.test.ts', 'A-164']),
  guard('A-164', 'engine/storage/audit/chain.ts', 'each seal holds the one before', [['update(`${before}\\n', 'update(`${before.slice(0, 0)}\\n']], ['tests/http/audit.test.ts', 'A-164']),
]

const simulated = 'tests/workflows/simulate.test.ts'
const runs = 'tests/workflows/runs.test.ts'
const webhooks = 'tests/http/webhooks.test.ts'
const acting: readonly Guard[] = [
  guard('A-090', 'engine/operations/outbound/addresses.ts', 'only public networks are called', [["if (address.range() !== 'unicast') return", "if (address.range() === '') return"]], [simulated, 'A-090 A-095 http://127.0.0.1/']),
  guard('A-090', 'engine/operations/outbound/addresses.ts', 'an opened network is open at its port only', [["one.port === port || one.port === '*'", "one.port !== null || one.port === '*'"]], [simulated, 'A-090 a network that']),
  guard('A-090 A-095', 'engine/operations/outbound/request.ts', 'webhooks go through the same check', [['if (reason !== undefined) throw', "if (reason === '') throw"]], [webhooks, 'A-090 A-091 A-095']),
  guard('A-091', 'engine/operations/outbound/request.ts', 'a redirect is not followed', [["request.on('response', resolve)", "request.on('response', (answer) => (answer.headers.location === undefined ? resolve(answer) : ask(new URL(answer.headers.location, url), address, { method, headers, url: '' }, signal).then(resolve, reject)))"]], [simulated, 'A-091']),
  guard('A-092', 'engine/operations/outbound/request.ts', 'the connection goes to the address that was checked', [['host: address, port', 'host: url.hostname, port']], ['tests/workflows/resolver.test.ts', 'A-092 a name that means']),
  guard('A-092', 'engine/operations/outbound/request.ts', 'every address of a name is checked', [['for (const address of found)', 'for (const address of found.slice(0, 1))']], ['tests/workflows/resolver.test.ts', 'A-092 a name with one']),
  guard('A-094', 'engine/operations/outbound/webhook.ts', 'there is one client', [["await sendOutbound(settings, { method: 'POST', url, headers, body })", "await fetch(url, { method: 'POST', headers, body })"]], ['tests/quality/outbound.test.ts', 'A-094']),
  guard('A-095', 'engine/operations/outbound/request.ts', 'only protocols of the web', [["if (url.protocol !== 'http:' && url.protocol !== 'https:') throw", "if (url.protocol === '') throw"]], [simulated, 'A-090 A-095 file:']),
  guard('A-095', 'engine/operations/outbound/addresses.ts', 'only ports of the web', [['return usualPorts.has(port) ? undefined :', 'return port > 0 ? undefined :']], [simulated, 'A-090 A-095 http://1.1.1.1:22/']),
  guard('A-063', 'engine/operations/outbound/request.ts', 'a header has no second line, and is looked at before anything is sent', [['if (!isHeader(name, value)) throw', "if (name === '\\0' && !isHeader(name, value)) throw"]], ['tests/workflows/resolver.test.ts', 'A-063 headers of a call that goes out: a second line in a value']),
  guard('A-063', 'engine/operations/outbound/request.ts', 'a method is one of those there are', [['if (!methods.has(method)) throw', "if (method === '') throw"]], ['tests/workflows/resolver.test.ts', 'A-063 a second line in an address']),
  guard('A-075', 'studio/shell/app-shell.ts', 'nothing in the page is looked up by a name', [["document.querySelector<HTMLElement>('#content')?.focus()", "document.getElementById('content')?.focus()"]], ['tests/quality/page-names.test.ts', 'A-075']),
  guard('A-084', 'engine/storage/own/people.ts', 'an invitation is good once', [["'DELETE FROM tessera_invitation WHERE token_hash = ? AND expires_at > ? RETURNING user_id'", "'SELECT user_id FROM tessera_invitation WHERE token_hash = ? AND expires_at > ?'"]], ['tests/http/people.test.ts', 'A-084 somebody is made']),
  guard('A-084', 'engine/operations/people/administration.ts', 'an invitation that was taken back is none', [['async (tx) => void (await endInvitation(tx, id)))', 'async () => {})']], ['tests/http/people.test.ts', 'A-084 an invitation that was taken back']),
  guard('A-147', 'engine/operations/definitions/published.ts', 'what is stored is compiled leniently: a damaged definition is left out alone', [['compile(documents, version, undefined, true)', 'compile(documents, version, undefined, false)']], [attacks('hidden-records'), 'A-147']),
  guard('A-096', 'engine/operations/outbound/request.ts', 'an answer is counted while it comes, unpacked', [['answerBytes: 2_000_000', 'answerBytes: 2_000_000_000']], [simulated, 'A-096']),
  guard('A-118', 'engine/workflows/durable/together.ts', 'an effect and where its run stands are one unit', [['    await keep(tx, mover, standings)\n    return standings\n  })', '    return standings\n  })\n  await engine.database.write((tx) => keep(tx, mover, kept))']], ['tests/workflows/crash.test.ts', 'A-118']),
  guard('A-118', 'engine/workflows/durable/together.ts', 'that a call goes out is kept before it does', [['course: noted(course, next.command.seq), calls', 'calls']], ['tests/workflows/crash.test.ts', 'A-118']),
  guard('A-119', 'engine/operations/workflows/changes.ts', 'who comes next goes on from where the last one was', [['storedAt: at.getTime(), looked: stored, model }\n', "storedAt: at.getTime(), looked: await latestPosition(database.read), model }\n"]], [runs, 'A-119']),
  guard('A-122', 'engine/storage/own/runs.ts', 'who moves a run still holds it', [['WHERE runner = ? AND status IN ${active} AND (id, revision) IN (SELECT ${cells.join(\', \')} FROM ${from})${locked}', "WHERE coalesce(?, '') <> '' AND id IN (SELECT ${cells[0] ?? ''} FROM ${from})${locked}"]], [runs, 'A-122']),
  guard('A-124', 'engine/workflows/runner.ts', 'a run keeps to its version', [['definitionAt(this.engine, run.definitions, run.workflow)', 'definitionAt(this.engine, this.engine.current.get().version, run.workflow)']], [runs, 'A-124']),
  guard('A-127', 'engine/operations/outbound/hook-signatures.ts', 'an old message is refused', [['Math.abs(at.getTime() - signed.at) <= toleranceMilliseconds', 'signed.at > 0']], [webhooks, 'A-127']),
  guard('A-127', 'engine/operations/workflows/hook.ts', 'a message is taken once', [['if (!(await takeMark(', 'if (mark === \'\' && !(await takeMark(']], [webhooks, 'A-127']),
  guard('A-127', 'engine/operations/outbound/hook-signatures.ts', 'the signature is over what was sent', [["const given = text(headers, 'webhook-signature').split(' ').some((one) => same(one, expected))", "const given = text(headers, 'webhook-signature') !== ''"]], [webhooks, 'A-127']),
  guard('A-079', 'engine/operations/webhooks/follow.ts', 'an owner who is blocked is told nothing', [["actor.attributes.get('active') === false", "actor.attributes.get('active') === ''"]], [webhooks, 'a right that was taken away']),
  guard('A-022', 'engine/operations/webhooks/follow.ts', 'a webhook tells of records that its owner reads', [['rows: all(access.rows, where), ids', 'rows: where, ids']], [webhooks, 'changes are told once']),
  guard('A-022', 'engine/operations/webhooks/message.ts', 'what its owner may not read any more is not sent', [['if (!(await records.existing(', 'if (version < 0 && !(await records.existing(']], [webhooks, 'a right that was taken away']),
  guard('A-044', 'engine/operations/webhooks/events.ts', 'a webhook watches fields that its owner reads', [["if (how?.how !== 'full' || how.visible !== undefined) throw", "if (key === '') throw"]], [webhooks, 'a condition and watched fields']),
  guard('A-046', 'engine/operations/webhooks/webhooks.ts', 'a webhook gives nobody more than its maker holds', [['if (owner !== call.actor.id && !covers(', "if (call.actor.id === null && !covers("]], [webhooks, 'nobody gives more']),
]

/** All of them, in the order of their areas. */
export const guards: readonly Guard[] = [...reading, ...writing, ...injecting, ...spending, ...meeting, ...acting]
