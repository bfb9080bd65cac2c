/** Published versions of the definitions, which one is in force, and everyone's draft. */
import { createHash } from 'node:crypto'
import type { JsonObject } from '../../../metadata/contract/json.js'
import type { PlanStep } from '../../../metadata/contract/plan.js'
import { Problem } from '../../errors.js'
import type { Executor, Row } from '../contract.js'
import { appendEvents } from '../audit/events.js'
import { codec } from '../dialect.js'

/** One layer of definitions as it was published: path → document, null where the layer removes one. */
export interface StoredLayer {
  readonly name: string
  readonly documents: Readonly<Record<string, JsonObject | null>>
}

export interface VersionSummary {
  readonly version: number
  /** RFC 3339. */
  readonly at: string
  /** User id; null for the operator. */
  readonly by: number | null
  readonly message: string
  /** What the publish did. */
  readonly steps: readonly PlanStep[]
}

export interface StoredVersion extends VersionSummary {
  /** Lowest first. */
  readonly layers: readonly StoredLayer[]
}

/** A version to be put in force. */
export interface NewVersion {
  readonly version: number
  readonly at: Date
  readonly by: number | null
  readonly message: string
  readonly layers: readonly StoredLayer[]
  readonly steps: readonly PlanStep[]
}

const versionInCommit = new WeakMap<object, number>()

/** The version in force; 0 before the first publish. Inside a unit it stays in force until the unit ends. */
export async function currentVersion(x: Executor): Promise<number> {
  const known = x.commit === undefined ? undefined : versionInCommit.get(x.commit)
  if (known !== undefined) return known
  // On SQLite a unit excludes every other one, so there is nothing to lock.
  const lock = x.writing && x.dialect === 'postgres' ? ' FOR SHARE' : ''
  const [row] = await x.all(`SELECT version FROM tessera_current${lock}`, [])
  const version = Number(row?.['version'] ?? 0)
  if (x.commit !== undefined) versionInCommit.set(x.commit, version)
  return version
}

/**
 * Puts a version in force in the unit of a publish. Call it first: on PostgreSQL it makes new writing units wait.
 * @throws Problem definitions.stale when another version than `base` is in force
 */
export async function insertVersion(tx: Executor, base: number, next: NewVersion): Promise<void> {
  if (tx.commit !== undefined) versionInCommit.delete(tx.commit)
  if ((await tx.run('UPDATE tessera_current SET version = ? WHERE version = ?', [next.version, base])) === 0) {
    const [row] = await tx.all('SELECT version FROM tessera_current', [])
    throw new Problem('definitions.stale', {}, { extra: { base, version: Number(row?.['version'] ?? 0) } })
  }
  const layers = JSON.stringify(next.layers)
  await tx.run('INSERT INTO tessera_version (version, at, "by", message, layers, steps) VALUES (?, ?, ?, ?, ?, ?)', [
    next.version, instantOf(tx, next.at), next.by, next.message, layers, JSON.stringify(next.steps),
  ])
  // The definitions hold the rights: with their fingerprint in the audit log they cannot be exchanged unseen.
  await appendEvents(tx, [{ action: 'published', by: next.by, at: next.at, detail: { version: next.version, fingerprint: fingerprint(layers) } }])
}

const fingerprint = (layers: string): string => createHash('sha256').update(layers).digest('hex')

/** Published versions whose layers are not those that the audit log tells of. */
export async function exchangedVersions(x: Executor): Promise<readonly number[]> {
  const noted = await x.all("SELECT detail FROM tessera_event WHERE action = 'published'", [])
  const wrong: number[] = []
  for (const { detail } of noted) {
    const { version, fingerprint: expected } = JSON.parse(String(detail)) as { readonly version: number; readonly fingerprint: string } // written above
    const [row] = await x.all('SELECT layers FROM tessera_version WHERE version = ?', [version])
    if (row === undefined || fingerprint(String(row['layers'])) !== expected) wrong.push(version)
  }
  return wrong
}

const summary = 'version, at, "by", message, steps'

/** One version with its layers; null when there is none. */
export async function loadVersion(x: Executor, version: number): Promise<StoredVersion | null> {
  const [row] = await x.all(`SELECT ${summary}, layers FROM tessera_version WHERE version = ?`, [version])
  return row === undefined ? null : { ...summaryOf(x, row), layers: JSON.parse(String(row['layers'])) as readonly StoredLayer[] }
}

/** All versions, newest first. */
export async function listVersions(x: Executor): Promise<readonly VersionSummary[]> {
  return (await x.all(`SELECT ${summary} FROM tessera_version ORDER BY version DESC`, [])).map((row) => summaryOf(x, row))
}

function summaryOf(x: Executor, row: Row): VersionSummary {
  return {
    version: Number(row['version']),
    at: codec(x.dialect, { kind: 'instant' }).decode(row['at']) as string,
    by: row['by'] === null ? null : Number(row['by']),
    message: String(row['message']),
    steps: JSON.parse(String(row['steps'])) as readonly PlanStep[],
  }
}

// ── drafts ──

export interface StoredDraft {
  /** Version that it was started from. */
  readonly base: number
  /** Documents of the top layer. */
  readonly documents: Readonly<Record<string, JsonObject | null>>
}

/** A user's draft, or null. */
export async function readDraft(x: Executor, userId: number): Promise<StoredDraft | null> {
  const [row] = await x.all('SELECT base, documents FROM tessera_draft WHERE user_id = ?', [userId])
  return row === undefined ? null : { base: Number(row['base']), documents: JSON.parse(String(row['documents'])) as StoredDraft['documents'] }
}

export async function writeDraft(tx: Executor, userId: number, draft: StoredDraft & { readonly at: Date }): Promise<void> {
  await tx.run(
    'INSERT INTO tessera_draft (user_id, base, documents, updated_at) VALUES (?, ?, ?, ?) ON CONFLICT (user_id) DO UPDATE SET base = excluded.base, documents = excluded.documents, updated_at = excluded.updated_at',
    [userId, draft.base, JSON.stringify(draft.documents), instantOf(tx, draft.at)],
  )
}

export async function deleteDraft(tx: Executor, userId: number): Promise<void> {
  await tx.run('DELETE FROM tessera_draft WHERE user_id = ?', [userId])
}

const instantOf = (x: Executor, at: Date): unknown => codec(x.dialect, { kind: 'instant' }).encode(at.toISOString())
