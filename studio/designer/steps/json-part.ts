/** A member of a step as it is written. */
import './json-text.js'

import { html, type TemplateResult } from 'lit'

import type { Json } from '../../../metadata/contract/json.js'
import { objectOf } from '../draft/definitions.js'
import type { PanelContext } from './panel-context.js'

/** What no input fits is shown as it is written. */
export const jsonPart = ({ step, set, error }: PanelContext, label: string, member: readonly string[]): TemplateResult => {
  const value = member.reduce<Json | undefined>((part, key) => objectOf(part)[key], step.task)
  return html`<json-text .label=${label} .value=${value} .error=${error(`/${member.join('/')}`)} @value=${(event: CustomEvent<Json | undefined>) => set(member, event.detail)}></json-text>`
}
