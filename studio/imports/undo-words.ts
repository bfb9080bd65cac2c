/** What undoing an import will do, and what it did: only what there is to say. */
import { t } from '../client/i18n.js'
import type { Counts, Imported } from './import-state.js'

/** Before it: of what the import did, as the question says it. */
export const undoText = ({ created, updated }: Pick<Counts, 'created' | 'updated'>): string =>
  [...(created > 0 ? [t('import.undoCreated', { count: created })] : []), ...(updated > 0 ? [t('import.undoUpdated', { count: updated })] : []), t('import.undoStays')].join(' ')

/** Afterwards: sentences, each with the records that it is about as far as they are named. */
export function undoneWords({ removed, restored, partly = 0, partlyIds = [], kept, keptIds }: NonNullable<Imported['undone']>): readonly { readonly text: string; readonly ids: readonly number[] }[] {
  const whole = [...(removed > 0 || restored + partly === 0 ? [t('import.undoneRemoved', { count: removed })] : []), ...(restored > 0 ? [t('import.undoneRestored', { count: restored })] : [])]
  return [
    ...(whole.length === 0 ? [] : [{ text: whole.join(' '), ids: [] }]),
    ...(partly === 0 ? [] : [{ text: t('import.undonePartly', { count: partly }), ids: partlyIds }]),
    ...(kept === 0 ? [] : [{ text: t('import.undoneKept', { count: kept }), ids: keptIds }]),
  ]
}
