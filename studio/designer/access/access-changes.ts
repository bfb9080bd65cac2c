/** Who gains or loses access by a publish, in sentences: a part of the plan. */
import { html, nothing, type TemplateResult } from 'lit'

import type { AccessChange } from '../../../metadata/contract/plan.js'
import { listed, number, t } from '../../client/i18n.js'
import { icon } from '../../ui/icon.js'
import type { Titles } from '../words.js'
import { actionIcons, actionTitle } from './strip.js'

const order = ['none', 'some', 'all'] as const

/** More, less, or other records and fields than before. */
function direction({ before, after, gained, lost, masked, records }: AccessChange): 'more' | 'less' | 'other' {
  const steps = Math.sign(order.indexOf(after) - order.indexOf(before))
  const rows = records === undefined ? 0 : Math.sign(records.after - records.before)
  const signs = new Set([steps, rows, gained.length > 0 && before !== 'none' ? 1 : 0, lost.length + masked.length > 0 && after !== 'none' ? -1 : 0].filter((sign) => sign !== 0))
  return signs.size !== 1 ? 'other' : signs.has(1) ? 'more' : 'less'
}

/** True when somebody can do less afterwards. */
export const losesAccess = (changes: readonly AccessChange[]): boolean => changes.some((change) => direction(change) !== 'more')

const colors = { more: 'green', less: 'amber', other: 'blue' } as const

export function accessChanges(changes: readonly AccessChange[], titles: Titles): TemplateResult | typeof nothing {
  if (changes.length === 0) return nothing
  return html`
    <section class="plan-access" aria-label=${t('access.changes')}>
      <h3>${t('access.changes')}</h3>
      <ul>${changes.map((change) => html`
        <li><span class="badge" data-color=${colors[direction(change)]}>${t(`access.change.${direction(change)}`)}</span>
          <div><p>${icon(actionIcons[change.action])}<strong>${actionTitle(change.action)} · ${titles.entity(change.entity)}</strong> <span class="quiet">${t(`access.reach.${change.before}`)} → ${t(`access.reach.${change.after}`)}</span></p>
            <p class="quiet">${details(change, titles)}</p></div></li>`)}
      </ul>
    </section>
  `
}

function details({ entity, people, roles, gained, lost, masked, records, before, after }: AccessChange, titles: Titles): string {
  const names = people.samples.map(({ id, name }) => name ?? `#${String(id)}`)
  const more = people.count - names.length
  const who = more > 0 ? t('access.andMore', { people: names.join(', '), count: more }) : listed(names)
  const fields = (keys: readonly string[]): string => listed(keys.map((key) => titles.field(entity, key)))
  const [first = ''] = names
  return [
    t('access.who', { roles: listed(roles.map((role) => titles.document(`roles/${role}.json`))), people: who }),
    records === undefined ? '' : t('access.reads', { person: first, before: counted(records.before, records.capped), after: counted(records.after, records.capped) }),
    gained.length === 0 || before === 'none' ? '' : t('access.gained', { fields: fields(gained) }),
    lost.length === 0 || after === 'none' ? '' : t('access.lost', { fields: fields(lost) }),
    masked.length === 0 ? '' : t('access.maskedNow', { fields: fields(masked) }),
  ].filter((sentence) => sentence !== '').join(' ')
}

const counted = (count: number, cap: number): string => (count >= cap ? `${number(cap)}+` : number(count))
