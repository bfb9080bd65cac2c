/** Text that was typed and is no value. */
import { t } from '../client/i18n.js'
import type { FieldView } from './contract.js'

/** Why not, in the reader's language. @param text as it stands in the input */
export const unreadMessage = ({ unread = 'check.unread' }: FieldView, text: string): string => t(unread, { text })

/** Marks the input, for whoever saves what stands in several places and keeps no state of each. */
export const markUnread = (field: Element, isUnread: boolean): unknown => field.toggleAttribute('data-unread', isUnread)

/** The first input in a place whose text is no value; null when all can be read. */
export const firstUnread = (place: ParentNode | null): HTMLElement | null => place?.querySelector<HTMLElement>('[data-unread]') ?? null
