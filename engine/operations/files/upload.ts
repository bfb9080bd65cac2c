/** A file comes in. It belongs to who sent it until a record holds it; what no record holds is gone after a day. */
import { Problem } from '../../errors.js'
import type { FileFacts } from '../../fields/contract.js'
import type { Field } from '../../model/model.js'
import { insertFile, waitingOf } from '../../storage/own/files.js'
import type { Call } from '../call.js'
import { accessTo } from '../rights/rights.js'
import { cleanPicture, isPicture } from './images.js'
import { measured, receive, withWorkingFile, type Received } from './incoming.js'
import { safeName } from './names.js'

/** What one person may have lying around that no record holds. */
const waitingMax = { files: 500, bytes: 2_000_000_000 } as const

export interface UploadCommand {
  readonly name: string
  readonly content: AsyncIterable<Uint8Array>
  /** The field that it is meant for: what the field does not take is refused at once. */
  readonly target?: { readonly entity: string; readonly field: string }
}

/**
 * Keeps the content and gives what is known of it, as it stands in a record.
 * @throws Problem access.denied (nobody), access.field, file.tooLarge, file.refused, limit.rate, storage.full, request.invalid
 */
export async function upload(call: Call, command: UploadCommand): Promise<FileFacts> {
  const owner = call.actor.id
  if (owner === null) throw new Problem('access.denied')
  const field = command.target === undefined ? undefined : settableField(call, command.target)
  const waiting = await waitingOf(call.engine.database.read, owner)
  if (waiting.files >= waitingMax.files || waiting.bytes >= waitingMax.bytes) throw new Problem('limit.rate', { seconds: 3600 })
  return withWorkingFile((incoming) => withWorkingFile(async (cleaned) => {
    const received = await receive(command.content, incoming, call.engine.fileMax)
    assertWanted(field, { id: 0, name: command.name, size: received.size, type: received.type })
    const picture = isPicture(received.type)
    if (picture) await cleanPicture(incoming, cleaned, received.type)
    const path = picture ? cleaned : incoming
    const facts: Received = picture ? { ...(await measured(cleaned)), type: received.type } : received
    return keep(call, owner, path, { ...facts, name: safeName(command.name) })
  }))
}

async function keep(call: Call, owner: number, path: string, file: Received & { readonly name: string }): Promise<FileFacts> {
  const { database, files } = call.engine
  await files.put(file.hash, path)
  const id = await database.write((tx) => insertFile(tx, { ...file, owner }, call.at))
  // Somebody may have cleared an equal content away between the two.
  await files.put(file.hash, path)
  return { id, name: file.name, size: file.size, type: file.type }
}

/** @throws Problem access.field for what holds no files or may not be set */
function settableField(call: Call, { entity, field: key }: { readonly entity: string; readonly field: string }): Field {
  const access = accessTo(call, entity)
  const field = access.entity.fields.get(key)
  const settable = [...access.create, ...access.update].some((grant) => grant.fields.has(key))
  if (field?.type.files === undefined || !settable) throw new Problem('access.field', { field: key })
  return field
}

function assertWanted(field: Field | undefined, file: FileFacts): void {
  const reason = field?.type.files?.refusal(file, field.options)
  if (reason !== undefined) throw new Problem('file.refused', { reason: `it ${reason}` })
}
