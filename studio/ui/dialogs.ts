/** Questions that need an answer before going on. */
import '@vaadin/confirm-dialog'
import type { ConfirmDialog } from '@vaadin/confirm-dialog'

import { t } from '../client/i18n.js'

export interface Question {
  readonly title: string
  readonly text: string
  readonly yes: string
  /** Left out where there is one answer only. */
  readonly no?: string
  /** Red button: something is lost or hard to take back. */
  readonly danger?: boolean
}

/** Says something that has to be read; nothing is to be decided. */
export async function tell({ title, text }: Pick<Question, 'title' | 'text'>): Promise<void> {
  await ask({ title, text, yes: t('close') })
}

/** Asks; true when the person agreed. Escape and a click outside mean no. Over an open dialog it is asked `within` that. */
export function ask(question: Question, within: HTMLElement = document.body): Promise<boolean> {
  return new Promise((resolve) => {
    const dialog: ConfirmDialog = document.createElement('vaadin-confirm-dialog')
    dialog.width = 'min(440px, calc(100vw - 32px))'
    dialog.header = question.title
    dialog.message = question.text
    dialog.confirmText = question.yes
    dialog.cancelText = question.no ?? ''
    dialog.cancelButtonVisible = question.no !== undefined
    dialog.confirmTheme = question.danger === true ? 'primary error' : 'primary'
    dialog.cancelTheme = 'tertiary'
    dialog.addEventListener('confirm', () => resolve(true))
    dialog.addEventListener('cancel', () => resolve(false))
    dialog.addEventListener('closed', () => dialog.remove())
    within.append(dialog)
    // Where something would be lost, the key that is pressed without looking loses nothing. The component itself focuses "yes".
    if (question.danger === true) dialog.shadowRoot?.addEventListener('vaadin-overlay-open', () => dialog.querySelector<HTMLElement>('[slot=cancel-button]')?.focus())
    dialog.opened = true
  })
}
