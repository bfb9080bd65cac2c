/** The area "Processes": workflows, their runs, and lifecycles. Which page an address is. */
import './process-list.js'
import './run-list.js'
import './run-page.js'
import './workflow-page.js'

import { html, type TemplateResult } from 'lit'
import { keyed } from 'lit/directives/keyed.js'

import type { Desk } from '../desk.js'

export function processes(desk: Desk, rest: readonly string[]): TemplateResult | null {
  const [part, name, tab = ''] = rest
  if (part === undefined) return html`<process-list .desk=${desk}></process-list>`
  if (part === 'workflows' && name !== undefined && tab === '') return html`${keyed(name, html`<workflow-page .desk=${desk} .name=${name}></workflow-page>`)}`
  if (part === 'runs' && name === undefined) return html`<run-list .desk=${desk}></run-list>`
  if (part === 'runs' && name !== undefined && tab === '') return html`${keyed(name, html`<run-page .desk=${desk} .run=${name}></run-page>`)}`
  return null
}
