/** Why a workflow ran or did not run for a record: what begins it, compared with the record as it is now. */
import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { JsonObject } from '../../../metadata/contract/json.js'
import { instant, language, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { toastProblem } from '../../ui/toast.js'
import type { Desk } from '../desk.js'
import { entry, shownField } from '../entry.js'
import { beginsOf, subjectOf, type Begin } from '../workflows/begin.js'
import { listRuns } from './runs.js'
import { segmentDocument } from '../segments/segments.js'
import { Titles } from '../words.js'
import { conditionWords } from '../workflows/sentences.js'
import { wordingFor, type WorkflowSummary } from '../workflows/workflows.js'

interface Reason {
  /** Null: neither for nor against. */
  readonly holds: boolean | null
  readonly text: string
}

/** `<why-not .desk .workflow>`; fires `record` (`member/7`) when one is chosen. */
@customElement('why-not')
export class WhyNot extends LightElement {
  static override properties = { desk: { attribute: false }, workflow: { attribute: false }, record: { state: true }, reasons: { state: true } }
  declare desk: Desk | undefined
  declare workflow: WorkflowSummary | undefined
  declare record: number | null
  declare reasons: readonly Reason[] | null

  constructor() {
    super()
    this.record = null
    this.reasons = null
    new Watch(this, language)
  }

  override render(): TemplateResult | typeof nothing {
    const { desk, workflow } = this
    if (desk === undefined || workflow === undefined) return nothing
    const entity = subjectOf(workflow.workflow)
    if (entity === '' || desk.model.entities[entity] === undefined) return nothing
    return html`<details class="why-not"><summary>${t('process.why')}</summary>
      ${entry(desk.surroundings, { field: shownField('record', t('process.whyRecord', { entity: desk.model.entities[entity]?.title ?? '' }), 'reference', { to: entity }), value: this.record, change: (value) => void this.#ask(desk, workflow, entity, value) })}
      ${this.reasons === null ? nothing : html`<ul role="status">${this.reasons.map(({ holds, text }) => html`<li class=${holds === false ? 'wrong' : ''}>${icon(holds === null ? 'help' : holds ? 'check' : 'close')}<span>${text}</span></li>`)}</ul>`}
    </details>`
  }

  async #ask(desk: Desk, workflow: WorkflowSummary, entity: string, value: unknown): Promise<void> {
    if (value === this.record) return
    this.record = typeof value === 'number' ? value : null
    this.reasons = null
    if (this.record === null) return
    const record = `${entity}/${String(this.record)}`
    this.dispatchEvent(new CustomEvent('record', { detail: record }))
    try {
      this.reasons = await reasonsFor(desk, workflow, entity, this.record)
    } catch (thrown) {
      toastProblem(thrown)
    }
  }
}

async function reasonsFor(desk: Desk, workflow: WorkflowSummary, entity: string, id: number): Promise<readonly Reason[]> {
  const { runs } = await listRuns(desk.client.api, { workflow: workflow.name, record: `${entity}/${String(id)}` })
  const ran: Reason = runs.length === 0 ? { holds: false, text: t('process.whyNever') } : { holds: true, text: t('process.whyRan', { count: runs.length, at: instant(runs[0]?.createdAt ?? '', desk.surroundings.timeZone) }) }
  if (workflow.isNew) return [ran, { holds: false, text: t('process.whyDraft') }]
  const parts = await Promise.all(beginsOf(workflow.workflow).map((begin) => beginReasons(desk, workflow, begin, id)))
  return [ran, ...parts.flat()]
}

async function beginReasons(desk: Desk, workflow: WorkflowSummary, begin: Begin, id: number): Promise<readonly Reason[]> {
  if (begin.kind === 'hand') return [{ holds: null, text: t('process.whyHand') }]
  if (begin.kind === 'segment') return segmentReasons(desk, workflow, begin, id)
  if (begin.kind !== 'record') return [{ holds: null, text: t('process.whyOther') }]
  const wording = wordingFor(desk.design, workflow, language.value)
  const entity = wording.entities.find(({ name }) => name === begin.entity)
  const happens: Reason = { holds: null, text: t('process.whyEvent', { verb: t(`process.verb.${begin.verb}`) }) }
  const watched: readonly Reason[] = begin.verb === 'changed' && begin.fields.length > 0 ? [{ holds: null, text: t('process.whyFields', { fields: begin.fields.map((key) => entity?.fields.find((field) => field.key === key)?.title ?? key).join(', ') }) }] : []
  // Each part by itself, so that it is seen which one stands in the way.
  const conditions = await Promise.all(Object.entries(begin.where ?? {}).map(async ([key, test]): Promise<Reason> => {
    const condition: JsonObject = { [key]: test }
    const { records } = await desk.client.records.list(begin.entity, { filter: { $and: [{ id }, condition] }, fields: 'id', limit: 1 })
    const words = conditionWords(wording, [], entity, condition)
    return { holds: records.length > 0, text: t(records.length > 0 ? 'process.whyMeets' : 'process.whyMeetsNot', { condition: words }) }
  }))
  return [happens, ...watched, ...conditions]
}

/** Whether it is in the segment now, and what else there is to know of those who came in. */
async function segmentReasons(desk: Desk, workflow: WorkflowSummary, { entity, segment, verb }: Extract<Begin, { kind: 'segment' }>, id: number): Promise<readonly Reason[]> {
  const { records } = await desk.client.records.list(entity, { filter: { $and: [{ id }, { id: { $segment: segment } }] }, fields: 'id', limit: 1 })
  const name = new Titles(wordingFor(desk.design, workflow, language.value).documents).document(segmentDocument(segment))
  const inside = records.length > 0
  const { body } = await desk.client.api.get<{ readonly segments?: Readonly<Record<string, string | null>> }>(`/api/workflows/${encodeURIComponent(workflow.name)}`)
  const asOf = body.segments?.[segment] ?? null
  return [{ holds: inside === (verb === 'entered'), text: t(inside ? 'segments.whyIn' : 'segments.whyOut', { segment: name }) }, { holds: null, text: asOf === null ? t('segments.whyNotYet') : t('segments.whyAsOf', { at: instant(asOf, desk.surroundings.timeZone) }) }, { holds: null, text: t(`segments.why.${verb}`) }]
}

declare global {
  interface HTMLElementTagNameMap {
    'why-not': WhyNot
  }
}
