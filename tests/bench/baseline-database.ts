/**
 * What the two hand-written servers share: their SQL, as somebody would write it who knows SQLite and this one
 * application. The settings are those of the product: WAL, and a commit is on the disk before it is answered.
 */
import sqlite3 from 'sqlite3'

type Row = Readonly<Record<string, unknown>>

/** One connection with its prepared statements. */
export interface Connection {
  all(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>
  run(sql: string, values?: readonly unknown[]): Promise<void>
  close(): Promise<void>
}

const settings = 'PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=5000; PRAGMA cache_size=-8192'

export async function openConnection(path: string): Promise<Connection> {
  const handle = await new Promise<sqlite3.Database>((resolve, reject) => {
    const opened: sqlite3.Database = new sqlite3.Database(path, (error) => (error === null ? resolve(opened) : reject(error)))
  })
  await new Promise<void>((resolve, reject) => handle.exec(settings, (error) => (error === null ? resolve() : reject(error))))
  const statements = new Map<string, sqlite3.Statement>()
  const prepared = (sql: string): sqlite3.Statement => {
    const known = statements.get(sql)
    if (known !== undefined) return known
    const made = handle.prepare(sql)
    statements.set(sql, made)
    return made
  }
  return {
    all: (sql, values = []) => new Promise((resolve, reject) => prepared(sql).all(values, (error: Error | null, rows: Row[]) => (error === null ? resolve(rows) : reject(error)))),
    run: (sql, values = []) => new Promise((resolve, reject) => prepared(sql).run(values, (error: Error | null) => (error === null ? resolve() : reject(error)))),
    close: () => {
      for (const statement of statements.values()) statement.finalize()
      return new Promise((resolve, reject) => handle.close((error) => (error === null ? resolve() : reject(error))))
    },
  }
}

const schema = [
  'CREATE TABLE store (id INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE, name TEXT NOT NULL, city TEXT, region TEXT, revenue INTEGER NOT NULL DEFAULT 0)',
  `CREATE TABLE member (id INTEGER PRIMARY KEY, version INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, name TEXT NOT NULL, phone TEXT UNIQUE,
    email TEXT, birthday TEXT, city TEXT, tier TEXT, income INTEGER, store INTEGER REFERENCES store (id), joined_on TEXT)`,
  'CREATE TABLE purchase (id INTEGER PRIMARY KEY, member INTEGER NOT NULL REFERENCES member (id), store INTEGER NOT NULL REFERENCES store (id), at INTEGER NOT NULL, cents INTEGER NOT NULL, channel TEXT, net INTEGER)',
  'CREATE INDEX member_list ON member (store, tier, name)',
  'CREATE INDEX member_income ON member (tier, income)',
  'CREATE INDEX purchase_member ON purchase (member, channel, at)',
  'CREATE INDEX purchase_sums ON purchase (store, channel, cents)',
  'CREATE TRIGGER purchase_new AFTER INSERT ON purchase BEGIN UPDATE store SET revenue = revenue + new.cents WHERE id = new.store; END',
  'CREATE TRIGGER purchase_changed AFTER UPDATE OF cents ON purchase BEGIN UPDATE store SET revenue = revenue + new.cents - old.cents WHERE id = new.store; END',
]

export async function createBaseline(connection: Connection): Promise<void> {
  for (const sql of schema) await connection.run(sql)
}

/** Several rows in one statement, so all or none of them. */
export function insertRows(connection: Connection, table: string, columns: readonly string[], rows: readonly (readonly unknown[])[]): Promise<readonly Row[]> {
  const tuple = `(${columns.map(() => '?').join(', ')})`
  return connection.all(`INSERT INTO ${table} (${columns.join(', ')}) VALUES ${rows.map(() => tuple).join(', ')} RETURNING id`, rows.flat())
}

const memberColumns = 'm.id, m.version, m.created_at, m.updated_at, m.name, m.phone, m.email, m.birthday, m.city, m.tier, m.joined_on, m.store'
const withStore = `SELECT ${memberColumns}, s.id AS s_id, s.number AS s_number, s.name AS s_name, s.city AS s_city, s.region AS s_region FROM member m LEFT JOIN store s ON s.id = m.store`

/** What the two servers can do; each method is one address. */
export interface Baseline {
  /** R1; null when there is none. */
  member(id: number): Promise<object | null>
  /** R2, and R3 with `count`. */
  members(tier: string, stores: readonly number[], count: boolean): Promise<object>
  /** R4: in the given stores, or everywhere. */
  search(text: string, stores: readonly number[] | null): Promise<object>
  /** A1: number and sum by store and channel. */
  summary(stores: readonly number[] | null): Promise<object>
  /** S1. */
  segment(since: number): Promise<object>
  /** W1. */
  create(body: MemberBody): Promise<object>
  /** W2; null when there is none. */
  setCity(id: number, city: string): Promise<object | null>
  /** W4: the store's revenue follows by a trigger. */
  sell(body: SaleBody): Promise<object>
  /** W5: the net amount is computed, the revenue follows; null when there is none. */
  setAmount(id: number, amount: number): Promise<object | null>
  /** W3. */
  bulk(bodies: readonly MemberBody[]): Promise<object>
}

export interface MemberBody {
  readonly name: string
  readonly phone: string
  readonly email: string
  readonly city: string
  readonly store: number
}

export interface SaleBody {
  readonly member: number
  readonly store: number
  readonly at: string
  readonly amount: number
  readonly channel: string
}

const pageSize = 50

/** One connection writes, four read. */
export async function openBaseline(path: string): Promise<Baseline> {
  const writer = await openConnection(path)
  const readers = await Promise.all(Array.from({ length: 4 }, () => openConnection(path)))
  let turn = 0
  const read = (sql: string, values: readonly unknown[]): Promise<readonly Row[]> => (readers[turn++ % readers.length] ?? writer).all(sql, values)
  const marks = (values: readonly unknown[]): string => values.map(() => '?').join(', ')
  const page = (rows: readonly Row[]): object => ({ records: rows.slice(0, pageSize).map(memberOf), next: rows.length > pageSize ? String(rows[pageSize - 1]?.['id']) : null })
  return {
    async member(id) {
      const [row] = await read(`${withStore} WHERE m.id = ?`, [id])
      return row === undefined ? null : memberOf(row)
    },
    async members(tier, stores, count) {
      const where = `WHERE m.store IN (${marks(stores)}) AND m.tier = ?`
      const rows = read(`${withStore} ${where} ORDER BY m.name, m.id LIMIT ${String(pageSize + 1)}`, [...stores, tier])
      if (!count) return page(await rows)
      const [total] = await read(`SELECT count(*) AS n FROM member m ${where}`, [...stores, tier])
      return { ...page(await rows), count: total?.['n'] }
    },
    async search(text, stores) {
      const within = stores === null ? '' : ` AND m.store IN (${marks(stores)})`
      return page(await read(`${withStore} WHERE m.name LIKE ?${within} ORDER BY m.id DESC LIMIT ${String(pageSize + 1)}`, [`%${text}%`, ...(stores ?? [])]))
    },
    async summary(stores) {
      const where = stores === null ? '' : ` WHERE store IN (${marks(stores)})`
      const rows = await read(`SELECT store, channel, count(*) AS n, sum(cents) AS cents FROM purchase${where} GROUP BY store, channel ORDER BY store, channel`, stores ?? [])
      return { groups: rows.map((row) => ({ store: row['store'], channel: row['channel'], n: row['n'], sum: Number(row['cents']) / 100 })) }
    },
    async segment(since) {
      const rows = await read(
        `SELECT count(*) AS n FROM member m WHERE m.tier = 'gold' AND m.income >= 3000 AND m.income <= 5000
         AND (SELECT count(*) FROM purchase p WHERE p.member = m.id AND p.channel = 'store' AND p.at >= ?) >= 3`,
        [since],
      )
      return { n: rows[0]?.['n'] }
    },
    async create(body) {
      const now = Date.now()
      const rows = await writer.all(
        'INSERT INTO member (version, created_at, updated_at, name, phone, email, city, tier, store) VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *',
        [now, now, body.name, body.phone, body.email, body.city, 'bronze', body.store],
      )
      return memberOf(rows[0] ?? {})
    },
    async setCity(id, city) {
      const [row] = await writer.all('UPDATE member SET city = ?, version = version + 1, updated_at = ? WHERE id = ? RETURNING *', [city, Date.now(), id])
      return row === undefined ? null : memberOf(row)
    },
    async sell({ member, store, at, amount, channel }) {
      const cents = Math.round(amount * 100)
      const [row] = await writer.all('INSERT INTO purchase (member, store, at, cents, channel, net) VALUES (?, ?, ?, ?, ?, ?) RETURNING *', [member, store, Date.parse(at), cents, channel, Math.round(cents / 1.13)])
      return saleOf(row ?? {})
    },
    async setAmount(id, amount) {
      const cents = Math.round(amount * 100)
      const [row] = await writer.all('UPDATE purchase SET cents = ?, net = ? WHERE id = ? RETURNING *', [cents, Math.round(cents / 1.13), id])
      return row === undefined ? null : saleOf(row)
    },
    async bulk(bodies) {
      const now = Date.now()
      const columns = ['version', 'created_at', 'updated_at', 'name', 'phone', 'email', 'city', 'tier', 'store']
      const rows = await insertRows(writer, 'member', columns, bodies.map((body) => [1, now, now, body.name, body.phone, body.email, body.city, 'bronze', body.store]))
      return { created: rows.length, records: rows.map((row) => ({ id: row['id'], version: 1 })) }
    },
  }
}

const saleOf = (row: Row): object => ({
  id: row['id'], member: row['member'], store: row['store'], at: new Date(Number(row['at'])).toISOString(), amount: Number(row['cents']) / 100, channel: row['channel'], net: Number(row['net']) / 100,
})

const memberOf = (row: Row): object => ({
  id: row['id'],
  version: row['version'],
  createdAt: new Date(Number(row['created_at'])).toISOString(),
  updatedAt: new Date(Number(row['updated_at'])).toISOString(),
  name: row['name'],
  phone: row['phone'],
  email: row['email'],
  birthday: row['birthday'],
  city: row['city'],
  tier: row['tier'],
  joinedOn: row['joined_on'],
  store: row['s_id'] === undefined ? row['store'] : { id: row['s_id'], number: row['s_number'], name: row['s_name'], city: row['s_city'], region: row['s_region'] },
})
