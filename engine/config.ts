/** Environment → one frozen, validated object. Nothing else reads the environment. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

export interface Config {
  /** TCP port; 0 takes a free one. */
  readonly port: number
  readonly host: string
  /** `sqlite:PATH` or `postgres://…`. */
  readonly databaseUrl: string
  /** Layer folders, lowest first. */
  readonly layers: readonly string[]
  /** First start only; without a password a random one is printed once. */
  readonly adminEmail: string
  readonly adminPassword: string | null
  /** Load the sample data into an empty database. */
  readonly demo: boolean
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'
  /** Addresses whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed. */
  readonly trustedProxies: readonly string[]
  /** Where contents of files are kept: a folder, or a bucket that speaks S3. */
  readonly files: { readonly folder: string } | S3Config
  /** Bytes of the largest file that is accepted. */
  readonly fileMax: number
  /** Bearer token for `/metrics` from elsewhere than this machine; null: only from this machine. */
  readonly metricsToken: string | null
  /** Folder for files that something is done with, such as imports. Several processes may share one. */
  readonly workFolder: string
  /** Largest file that an import takes, in bytes. */
  readonly importMaxBytes: number
  /** Networks beside the public ones that workflows may call, such as `10.1.0.0/16` or `127.0.0.1:9000`. */
  readonly outboundAllow: readonly string[]
  /** What `crm.webhook` signs with, by name: of TESSERA_SECRET_SHOP it is SHOP. */
  readonly secrets: ReadonlyMap<string, string>
  /** Settings of plugins: of TESSERA_PLUGIN_SMS_URL it is SMS_URL. */
  readonly plugins: ReadonlyMap<string, string>
  /** What secrets in the database are sealed with, the present one first; empty: a key of its own in the working folder. */
  readonly vaultKeys: readonly { readonly id: string; readonly key: Uint8Array }[]
  /** Provider of identities (OpenID Connect); null: people sign in with a password only. */
  readonly oidc: OidcConfig | null
  /** Through whom mail goes out, and who sends it; null: none does. */
  readonly mail: { readonly server: string; readonly from: string } | null
  /** From how long on a question is slow: the studio then tells which index would help. */
  readonly slowMilliseconds: number
  /** How long runs of workflows that ended are kept, in milliseconds, and how many of them at most. */
  readonly runs: { readonly keptMilliseconds: number; readonly keptMost: number }
}

/** Where people sign in beside their password here. */
export interface OidcConfig {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** Address of this deployment as browsers know it, without a path. */
  readonly home: string
  /** What the button says beside “Sign in with”. */
  readonly title: string
  /** Domains of addresses that may come in; empty: all. */
  readonly domains: readonly string[]
  /** The claim that names groups, and the role that each of them gives; without roles nobody's change. */
  readonly groupsClaim: string
  readonly roles: ReadonlyMap<string, string>
  /** Make users who are not there. */
  readonly create: boolean
  /** The provider says nothing of whether it checked addresses, and is believed. */
  readonly emailTrusted: boolean
}

/** Address `https://host/bucket`, region and keys. */
export interface S3Config {
  readonly address: string
  readonly region: string
  readonly key: string
  readonly secret: string
}

const logLevels: readonly Config['logLevel'][] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

/**
 * Reads the settings of the API page. On a terminal requests are not logged unless asked for: the first start's password
 * must stay in sight. Throws an Error that names the setting when one is wrong.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>, terminal = false): Config {
  const value = (name: string, fallback: string): string => environment[name]?.trim() || fallback
  return Object.freeze({
    port: port(value('PORT', '4000')),
    host: value('HOST', '127.0.0.1'),
    databaseUrl: databaseUrl(value('DATABASE_URL', 'sqlite:data/tessera.db')),
    layers: list(value('TESSERA_LAYERS', 'metadata/core,metadata/retail')),
    adminEmail: value('TESSERA_ADMIN_EMAIL', 'admin@example.com').toLowerCase(),
    adminPassword: environment['TESSERA_ADMIN_PASSWORD'] || null,
    demo: value('TESSERA_DEMO', '1') !== '0',
    logLevel: logLevel(value('LOG_LEVEL', terminal ? 'warn' : 'info')),
    trustedProxies: list(environment['TESSERA_TRUSTED_PROXIES'] ?? ''),
    files: files(value('TESSERA_FILES', ''), value('DATABASE_URL', 'sqlite:data/tessera.db'), environment),
    fileMax: megabytes('TESSERA_FILE_MAX_MB', value('TESSERA_FILE_MAX_MB', '50')),
    metricsToken: environment['TESSERA_METRICS_TOKEN'] || null,
    workFolder: value('TESSERA_WORK', workBeside(value('DATABASE_URL', 'sqlite:data/tessera.db'))),
    importMaxBytes: megabytes('TESSERA_IMPORT_MAX_MB', value('TESSERA_IMPORT_MAX_MB', '1000')),
    outboundAllow: list(environment['TESSERA_OUTBOUND_ALLOW'] ?? ''),
    secrets: secrets(environment),
    plugins: new Map(Object.entries(environment).flatMap(([name, text = '']) => (/^TESSERA_PLUGIN_[A-Z0-9_]+$/.test(name) && text.trim() !== '' ? [[name.slice('TESSERA_PLUGIN_'.length), text.trim()]] : []))),
    vaultKeys: list(environment['TESSERA_VAULT_KEYS'] ?? '').map(vaultKey),
    oidc: oidc(value),
    mail: mail(value('TESSERA_SMTP_URL', ''), value('TESSERA_MAIL_FROM', '')),
    slowMilliseconds: atLeastOne('TESSERA_SLOW_MS', value('TESSERA_SLOW_MS', '250')),
    runs: { keptMilliseconds: atLeastOne('TESSERA_RUNS_DAYS', value('TESSERA_RUNS_DAYS', '90')) * 86_400_000, keptMost: atLeastOne('TESSERA_RUNS_MOST', value('TESSERA_RUNS_MOST', '1000000')) },
  })
}

function atLeastOne(name: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Error(`${name} must be a whole number from 1 to 999999999`)
  return Number(text)
}

function secrets(environment: Readonly<Record<string, string | undefined>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(environment).flatMap(([name, secret = '']) => {
    const [, own] = /^TESSERA_SECRET_([A-Z][A-Z0-9_]*)$/.exec(name) ?? []
    if (own === undefined) return []
    if (secret.length < 16) throw new Error(`${name} must have at least 16 characters`)
    return [[own, secret]]
  }))
}

/** `2026:base64 of 32 bytes`. The key itself is told nowhere, not in an error either. */
function vaultKey(text: string): Config['vaultKeys'][number] {
  const [, id = '', encoded = ''] = /^([A-Za-z0-9_-]{1,40}):([A-Za-z0-9+/_-]+=*)$/.exec(text) ?? []
  const key = Buffer.from(encoded, 'base64')
  if (id === '' || key.length !== 32) throw new Error('TESSERA_VAULT_KEYS must be keys such as 2026:<32 bytes in base64>, separated by commas (openssl rand -base64 32)')
  return { id, key }
}

function oidc(value: (name: string, fallback: string) => string): OidcConfig | null {
  const issuer = value('TESSERA_OIDC_ISSUER', '')
  if (issuer === '') return null
  const needed = (name: string): string => {
    const text = value(name, '')
    if (text === '') throw new Error(`TESSERA_OIDC_ISSUER names a provider: ${name} is needed, too`)
    return text
  }
  const home = needed('TESSERA_URL').replace(/\/$/, '')
  for (const [name, text] of [['TESSERA_OIDC_ISSUER', issuer], ['TESSERA_URL', home]] as const) if (!URL.canParse(text) || !/^https?:/.test(text)) throw new Error(`${name} must be an address such as https://crm.example.com`)
  const roles = list(value('TESSERA_OIDC_ROLES', '')).map((pair): [string, string] => {
    const [, group = '', role = ''] = /^(.+)=([\w-]+)$/.exec(pair) ?? []
    if (role === '') throw new Error('TESSERA_OIDC_ROLES must be pairs such as crm-admins=admin,shop-staff=clerk')
    return [group, role]
  })
  return {
    issuer, clientId: needed('TESSERA_OIDC_CLIENT_ID'), clientSecret: needed('TESSERA_OIDC_CLIENT_SECRET'), home, title: value('TESSERA_OIDC_TITLE', ''),
    domains: list(value('TESSERA_OIDC_DOMAINS', '')).map((domain) => domain.toLowerCase()), groupsClaim: value('TESSERA_OIDC_GROUPS', 'groups'), roles: new Map(roles),
    create: value('TESSERA_OIDC_CREATE', '0') === '1', emailTrusted: value('TESSERA_OIDC_EMAIL_TRUSTED', '0') === '1',
  }
}

function mail(server: string, from: string): Config['mail'] {
  if (server === '') return null
  if (!URL.canParse(server) || !['smtp:', 'smtps:'].includes(new URL(server).protocol)) throw new Error('TESSERA_SMTP_URL must be an address such as smtp://user:password@mail.example.com:587')
  if (!/^[^\s@]+@[^\s@]+$|^[^<>\r\n]+<[^\s@]+@[^\s@]+>$/.test(from)) throw new Error('TESSERA_MAIL_FROM must be the address that mails come from, such as crm@example.com')
  return { server, from }
}

/** The product's own folder, with `package.json`, `metadata` and `dist`, wherever below it this code lies: sources, built or bundled. */
export const packageFolder: string = folderAbove(import.meta.dirname)

function folderAbove(folder: string): string {
  return existsSync(join(folder, 'package.json')) || dirname(folder) === folder ? folder : folderAbove(dirname(folder))
}

const list = (text: string): readonly string[] => text.split(',').map((part) => part.trim()).filter((part) => part !== '')

/** A folder, by default beside the SQLite file; or `s3:https://host/bucket` with keys. */
function files(text: string, database: string, environment: Readonly<Record<string, string | undefined>>): Config['files'] {
  if (text === '') return { folder: join(database.startsWith('sqlite:') ? dirname(database.slice('sqlite:'.length)) : 'data', 'files') }
  const address = /^s3:(https?:\/\/.+\/.+)$/.exec(text)?.[1]
  if (address === undefined && text.startsWith('s3:')) throw new Error('TESSERA_FILES must be a folder or s3:https://host/bucket')
  if (address === undefined) return { folder: text.replace(/^folder:/, '') }
  const [key, secret] = [environment['TESSERA_FILES_KEY'], environment['TESSERA_FILES_SECRET']]
  if (!key || !secret) throw new Error('TESSERA_FILES names a bucket: TESSERA_FILES_KEY and TESSERA_FILES_SECRET are needed, too')
  return { address, region: environment['TESSERA_FILES_REGION']?.trim() || 'us-east-1', key, secret }
}

/** Beside an SQLite file, otherwise under `data`. */
const workBeside = (url: string): string => (url.startsWith('sqlite:') ? join(dirname(url.slice('sqlite:'.length)), 'work') : join('data', 'work'))

function megabytes(name: string, text: string): number {
  const number = Number(text)
  if (!(number > 0 && number <= 10_000)) throw new Error(`${name} must be a number from 1 to 10000, not "${text}"`)
  return Math.round(number * 1_000_000)
}

function port(text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 0 || number > 65_535) throw new Error(`PORT must be a number from 0 to 65535, not "${text}"`)
  return number
}

function databaseUrl(text: string): string {
  if (!/^(sqlite:.+|postgres(ql)?:\/\/.+)$/.test(text)) throw new Error('DATABASE_URL must be sqlite:PATH or postgres://…')
  return text
}

function logLevel(text: string): Config['logLevel'] {
  const level = logLevels.find((known) => known === text)
  if (level === undefined) throw new Error(`LOG_LEVEL must be one of ${logLevels.join(', ')}, not "${text}"`)
  return level
}
