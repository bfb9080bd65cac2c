/** Short messages in the corner that has the fewest buttons (on a telephone at the upper edge, as the lower one saves), read out by screen readers, with at most one thing to do. */
import '@vaadin/notification/lit.js'
import { Notification } from '@vaadin/notification'
import { html, nothing } from 'lit'

import { isObject } from '../../metadata/contract/json.js'
import { hasText, language, t } from '../client/i18n.js'
import { asProblem, type ApiProblem } from '../client/problem.js'
import { icon } from './icon.js'
import { isTyping } from './typing.js'

export interface ToastAction {
  readonly label: string
  readonly run: () => void
  /** As `aria-keyshortcuts` has it. */
  readonly keys?: string
}

const signs = { success: 'check', note: 'message', error: 'warning' } as const
const shownMs = 5_000
const shownWithActionMs = 10_000

/** The last notice of something done that cannot be undone from it: the next one takes its place. On a telephone each does, as there is room for one over the bar at the top. */
let last: Notification | undefined

/** What can be taken back while its notice is there; the last of them by Ctrl+Z. */
const undos = new Set<() => void>()

document.addEventListener('keydown', (event) => {
  const undo = [...undos].at(-1)
  if (undo === undefined || event.defaultPrevented || isTyping(event) || event.key.toLowerCase() !== 'z' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return
  event.preventDefault()
  undo()
})

function show(kind: 'success' | 'note' | 'error', message: string, detail: string, action?: ToastAction): void {
  const act = (): void => {
    shown.close()
    action?.run()
  }
  const content = html`
    <div class="toast">
      <span class="toast-icon">${icon(signs[kind])}</span>
      <span class="toast-text"><strong>${message}</strong>${detail === '' ? nothing : html`<small>${detail}</small>`}</span>
      ${action === undefined ? nothing : html`<button type="button" class="plain" aria-keyshortcuts=${action.keys ?? nothing} @click=${act}>${action.label}</button>`}
      <button type="button" class="plain icon-only" aria-label=${t('close')} @click=${() => shown.close()}>${icon('close')}</button>
    </div>
  `
  const onPhone = window.innerWidth < 720
  if (kind !== 'error' || onPhone) last?.close()
  const shown = Notification.show(content, {
    position: onPhone ? 'top-stretch' : 'bottom-start',
    duration: kind === 'error' || action !== undefined ? shownWithActionMs : shownMs,
    theme: kind === 'note' ? '' : kind,
    assertive: kind === 'error',
  })
  if (action?.keys !== undefined) {
    undos.add(act)
    shown.addEventListener('opened-changed', () => shown.opened || undos.delete(act))
  }
  if (onPhone) last = shown
  else if (kind !== 'error') last = action === undefined ? shown : undefined
}

/** Says that something was done. */
export const toast = (message: string, action?: ToastAction): void => show('success', message, '', action)

/** Says that something was done that can be taken back, here and by Ctrl+Z. */
export const toastUndo = (message: string, run: () => void): void => show('success', message, '', { label: t('undo'), run, keys: 'Control+Z Meta+Z' })

/** Says how things are, where nothing was done and nothing is wrong. */
export const toastNote = (message: string): void => show('note', message, '')

/** Says that something was not done, and what to do next. */
export function toastProblem(thrown: unknown, action?: ToastAction): void {
  show('error', describeProblem(thrown), advice(asProblem(thrown)), action)
}

/** What to do next. The engine's advice is English; the texts of other languages say themselves what helps. */
const advice = ({ code, detail }: ApiProblem): string => (hasText(`problem.${code}`) && language.value !== 'en' ? '' : detail)

/** What is wrong and what to do next, for places that have room for both. */
export function explainProblem(thrown: unknown): string {
  const [title, next] = [describeProblem(thrown), advice(asProblem(thrown))]
  return next === '' ? title : `${/[.!?。！？]$/.test(title) ? title : `${title}.`} ${next}`
}

/** The title of a problem: in the reader's language where it is a known one, else in the engine's words. */
export function describeProblem(thrown: unknown): string {
  const problem = asProblem(thrown)
  const key = `problem.${problem.code}`
  if (hasText(key)) return t(key, { seconds: problem.retryAfter ?? 60, message: problem.message, reason: reasonOf(problem) })
  return problem.message === '' ? t('problem.unknown') : problem.message
}

/** Some problems have one of several reasons, told by a code with what it speaks of. */
function reasonOf({ body: { reason }, message }: ApiProblem): string {
  if (!isObject(reason) || typeof reason['code'] !== 'string') return message
  const key = `reason.${reason['code']}`
  const params = isObject(reason['params']) ? (reason['params'] as Readonly<Record<string, string | number>>) : {} // texts and numbers, as the engine's reasons have them
  return hasText(key) ? t(key, { ...params, message }) : message
}
