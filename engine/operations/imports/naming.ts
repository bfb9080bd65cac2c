/** By what a column of numbers names other records: by their ids, or by what people number them by. */
import type { EntityAccess } from '../../permissions/access.js'
import type { Call } from '../call.js'
import type { SourceRow } from './files/reading.js'
import { byName, seen } from './find.js'
import type { ColumnSetting } from './settings.js'

/** Columns that were taken for ids: where all of their cells find records by a unique field or the display field, it is these that they name. */
export const withNaming = (call: Call, access: EntityAccess, columns: readonly ColumnSetting[], rows: readonly SourceRow[]): Promise<readonly ColumnSetting[]> =>
  Promise.all(columns.map(async (setting) => {
    const field = access.entity.fields.get(setting.field)
    const target = call.access.entity((field?.link ?? field?.links)?.to ?? '')
    if (setting.by !== 'id' || target === undefined) return setting
    const texts = [...new Set(rows.map(({ cells }) => (cells[setting.column] ?? '').trim()).filter((cell) => cell !== ''))]
    if (texts.some((text) => !/^[1-9]\d*$/.test(text))) return { ...setting, by: '' }
    const { entity } = target
    const fields = [...new Set([...[...entity.fields.values()].filter(({ unique }) => unique).map(({ key }) => key), entity.display])].flatMap((key) => (key === 'id' ? [] : (seen(target, key) ?? [])))
    if (texts.length === 0 || fields.length === 0) return setting
    const found = await byName(call.engine.database.read, call, target, fields, texts)
    return texts.every((text) => typeof found.get(text) === 'number') ? { ...setting, by: '' } : setting
  }))
