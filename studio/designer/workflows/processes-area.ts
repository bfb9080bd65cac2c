/** The area "Processes": workflows, their runs, and lifecycles. Which page an address is. */
import '../lifecycles/lifecycle-page.js'
import './process-list.js'
import '../runs/run-list.js'
import '../runs/run-page.js'
import '../runs/try-page.js'
import './workflow-page.js'

import { html, type TemplateResult } from 'lit'
import { keyed } from 'lit/directives/keyed.js'

import type { Desk } from '../desk.js'

export function processes(desk: Desk, rest: readonly string[]): TemplateResult | null {
  const [part, name, tab = ''] = rest
  if (part === undefined) return html`<process-list .desk=${desk}></process-list>`
  if (part === 'workflows' && name !== undefined && tab === '') return html`${keyed(name, html`<workflow-page .desk=${desk} .name=${name}></workflow-page>`)}`
  if (part === 'workflows' && name !== undefined && tab === 'try') return html`${keyed(name, html`<try-page .desk=${desk} .name=${name}></try-page>`)}`
  if (part === 'lifecycles' && name !== undefined && tab === '') return html`${keyed(name, html`<lifecycle-page .desk=${desk} .entity=${name}></lifecycle-page>`)}`
  if (part === 'runs' && name === undefined) return html`<run-list .desk=${desk}></run-list>`
  if (part === 'runs' && name !== undefined && tab === '') return html`${keyed(name, html`<run-page .desk=${desk} .run=${name}></run-page>`)}`
  return null
}
