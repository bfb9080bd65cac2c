/** How each person likes the screens: one small document per user. */
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import type { Executor } from '../contract.js'

/** Empty when the person never chose anything. */
export async function preferencesOf(x: Executor, user: number): Promise<JsonObject> {
  const [row] = await x.all('SELECT document FROM tessera_preferences WHERE user_id = ?', [user])
  const document = row === undefined ? {} : (JSON.parse(String(row['document'])) as Json)
  return isObject(document) ? document : {}
}

export async function keepPreferences(tx: Executor, user: number, document: JsonObject): Promise<void> {
  await tx.run('INSERT INTO tessera_preferences (user_id, document) VALUES (?, ?) ON CONFLICT (user_id) DO UPDATE SET document = excluded.document', [user, JSON.stringify(document)])
}
