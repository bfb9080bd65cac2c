/** How each kind of computed field looks: its icon, and the text that tells where its values come from. */
import type { IconName } from '../ui/icon.js'

const icons: Readonly<Record<string, IconName>> = { formula: 'spark', lookup: 'link', rollup: 'chart' }

/** The icon of a kind of computed field; undefined for fields that people fill. */
export const computedIcon = (kind: string): IconName | undefined => (Object.hasOwn(icons, kind) ? icons[kind] : undefined)
