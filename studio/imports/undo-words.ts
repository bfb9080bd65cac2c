/** What undoing an import will do, and what it did: only what there is to say. */
import { t } from '../client/i18n.js'
import type { Counts, Imported } from './import-state.js'

/** Before it: of what the import did, as the question says it. */
export const undoText = ({ created, updated }: Pick<Counts, 'created' | 'updated'>): string =>
  [...(created > 0 ? [t('import.undoCreated', { count: created })] : []), ...(updated > 0 ? [t('import.undoUpdated', { count: updated })] : []), t('import.undoStays')].join(' ')

/** Afterwards. */
export const undoneText = ({ removed, restored, partly = 0, kept }: NonNullable<Imported['undone']>): string =>
  [...(removed > 0 || restored + partly === 0 ? [t('import.undoneRemoved', { count: removed })] : []), ...(restored > 0 ? [t('import.undoneRestored', { count: restored })] : []), ...(partly > 0 ? [t('import.undonePartly', { count: partly })] : []), ...(kept > 0 ? [t('import.undoneKept', { count: kept })] : [])].join(' ')
