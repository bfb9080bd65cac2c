/** All segments: what each is about, and how many records are in it now. */
import '../area.css'
import './segment-dialog.js'
import './segment-found.js'
import '@vaadin/button'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { language, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import { emptyState } from '../../shell/pages.js'
import { router } from '../../shell/router.js'
import { segmentDesignPath } from '../../shell/routes.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { addSegment } from '../commands/segments.js'
import type { Desk } from '../desk.js'
import { segmentsOf, type SegmentDraft } from './segments.js'

/** `<segments-page .desk>` */
@customElement('segments-page')
export class SegmentsPage extends LightElement {
  static override properties = { desk: { attribute: false } }
  declare desk: Desk | undefined

  constructor() {
    super()
    new Watch(this, language)
  }

  override render(): TemplateResult | typeof nothing {
    const { desk } = this
    if (desk === undefined) return nothing
    const segments = segmentsOf(desk.design.draft.documents, language.value)
    return html`
      <header class="studio-head">
        <div><h1>${t('segments.area')}</h1><p class="quiet">${t('segments.lead')}</p></div>
        <span class="grow"></span>
        <vaadin-button theme="primary" class="add" aria-label=${t('segments.new')} @click=${() => void this.#add(desk, segments)}>${icon('plus', 'prefix')}<span class="wide">${t('segments.new')}</span></vaadin-button>
      </header>
      <div class="area-body">
        ${segments.length === 0 ? emptyState({ icon: 'filter', title: t('segments.none'), text: t('segments.noneText') }) : html`<ul class="area-list">${segments.map((segment) => row(desk, segment))}</ul>`}
      </div>
    `
  }

  async #add(desk: Desk, segments: readonly SegmentDraft[]): Promise<void> {
    const dialog = document.createElement('segment-dialog')
    Object.assign(dialog, { surroundings: desk.surroundings, model: desk.drafted, taken: segments.map(({ name }) => name) })
    const made = await dialog.open()
    if (made === null) return
    desk.perform((documents) => addSegment(documents, made))
    await router.go(segmentDesignPath(made.name))
  }
}

function row({ client, drafted, design }: Desk, { name, path, title, description, entity, where }: SegmentDraft): TemplateResult {
  const of = drafted.entities[entity]
  const problems = design.problems.filter((problem) => problem.path.startsWith(`${path}#`)).length
  return html`<li><a class="area-row" href=${segmentDesignPath(name)}>
    <span class="tile">${icon(of?.icon ?? 'filter')}</span>
    <span class="area-main"><strong>${title}</strong>${description === '' ? nothing : html`<small>${description}</small>`}<small>${of?.plural ?? entity}</small></span>
    <span class="area-marks">
      ${problems > 0 ? html`<span class="badge" data-color="red">${t('designer.problemCount', { count: problems })}</span>` : of === undefined ? nothing : html`<segment-found .client=${client} .entity=${of} .condition=${where}></segment-found>`}
    </span></a></li>`
}

declare global {
  interface HTMLElementTagNameMap {
    'segments-page': SegmentsPage
  }
}
