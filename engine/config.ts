/** Environment → one frozen, validated object. Nothing else reads the environment. */

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
  /** Bearer token for `/metrics` from elsewhere than this machine; null: only from this machine. */
  readonly metricsToken: string | null
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
    metricsToken: environment['TESSERA_METRICS_TOKEN'] || null,
  })
}

const list = (text: string): readonly string[] => text.split(',').map((part) => part.trim()).filter((part) => part !== '')

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
