/** Short messages at the upper edge of the screen, where they cover no button that saves, read out by screen readers, with at most one thing to do. */
import '@vaadin/notification/lit.js'
import { Notification } from '@vaadin/notification'
import { html, nothing } from 'lit'

import { hasText, language, t } from '../client/i18n.js'
import { asProblem } from '../client/problem.js'
import { icon } from './icon.js'

export interface ToastAction {
  readonly label: string
  readonly run: () => void
}

const shownMs = 5_000
const shownWithActionMs = 10_000

function show(kind: 'success' | 'error', message: string, detail: string, action?: ToastAction): void {
  const act = (): void => {
    shown.close()
    action?.run()
  }
  const content = html`
    <div class="toast">
      <span class="toast-icon">${icon(kind === 'error' ? 'warning' : 'check')}</span>
      <span class="toast-text"><strong>${message}</strong>${detail === '' ? nothing : html`<small>${detail}</small>`}</span>
      ${action === undefined ? nothing : html`<button type="button" class="plain" @click=${act}>${action.label}</button>`}
      <button type="button" class="plain icon-only" aria-label=${t('close')} @click=${() => shown.close()}>${icon('close')}</button>
    </div>
  `
  const shown = Notification.show(content, {
    position: window.innerWidth < 720 ? 'top-stretch' : 'top-center',
    duration: kind === 'error' || action !== undefined ? shownWithActionMs : shownMs,
    theme: kind,
    assertive: kind === 'error',
  })
}

/** Says that something was done. */
export const toast = (message: string, action?: ToastAction): void => show('success', message, '', action)

/** Says that something was not done, and what to do next. */
export function toastProblem(thrown: unknown): void {
  const problem = asProblem(thrown)
  // The engine's advice is English; the texts of other languages say themselves what helps.
  const ours = hasText(`problem.${problem.code}`) && language.value !== 'en'
  show('error', describeProblem(problem), ours ? '' : problem.detail)
}

/** The title of a problem: in the reader's language where it is a known one, else in the engine's words. */
export function describeProblem(thrown: unknown): string {
  const problem = asProblem(thrown)
  const key = `problem.${problem.code}`
  if (hasText(key)) return t(key, { seconds: problem.retryAfter ?? 60, message: problem.message })
  return problem.message === '' ? t('problem.unknown') : problem.message
}
