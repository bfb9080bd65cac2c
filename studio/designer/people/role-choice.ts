/** Which roles somebody holds, by their titles. */
import { html, type TemplateResult } from 'lit'

import { t } from '../../client/i18n.js'
import type { OfferedRole } from '../../../metadata/contract/account.js'

/** Roles that are held and not offered stay: they cannot be given or taken here. */
export function roleChoice(offered: readonly OfferedRole[], held: readonly string[], change: (roles: readonly string[]) => void): TemplateResult {
  const others = held.filter((role) => !offered.some(({ name }) => name === role)).map((name): OfferedRole => ({ name, title: name, description: t('people.roleUnknown'), asks: [] }))
  const toggle = (name: string, on: boolean): void => change(on ? [...held, name] : held.filter((role) => role !== name))
  return html`<fieldset class="marks role-choice"><legend>${t('people.roles')}</legend>
    ${[...offered, ...others].map(({ name, title, description }) => html`<label class="tick"><input type="checkbox" .checked=${held.includes(name)} ?disabled=${others.some((one) => one.name === name)}
      @change=${(event: Event) => toggle(name, event.target instanceof HTMLInputElement && event.target.checked)} /><span>${title}<small>${description}</small></span></label>`)}
  </fieldset>`
}
