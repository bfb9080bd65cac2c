/** A line that says that work goes on, and how far it is. */
import './going-note.css'
import '@vaadin/progress-bar'

import { html, type TemplateResult } from 'lit'

import { icon } from './icon.js'

/** @param share of the work that is done, from 0 to 1 @param address where the work is shown */
export function goingNote(words: string, share: number, address?: string): TemplateResult {
  const inside = html`${icon('hourglass')}<span>${words}</span><vaadin-progress-bar .value=${Math.min(1, share)} aria-hidden="true"></vaadin-progress-bar>`
  return address === undefined ? html`<p class="going-note" role="status">${inside}</p>` : html`<a class="going-note" href=${address} role="status">${inside}</a>`
}
