/** One segment: what it is called, who is in it by which condition, how many that are now, and what uses it. */
import '../../lists/filter/filter-bar.js'
import '../../lists/filter/filter-builder.js'
import '../area.css'
import '../home/used-by.js'
import './segment-found.js'
import './segments.css'
import '@vaadin/button'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { JsonObject } from '../../../metadata/contract/json.js'
import type { UiEntity } from '../../../metadata/contract/ui-model.js'
import { language, languageTitle, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import { emptyState } from '../../shell/pages.js'
import { router } from '../../shell/router.js'
import { textPath } from '../../shell/routes.js'
import { ask } from '../../ui/dialogs.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { setTranslation } from '../commands/set-field.js'
import { removeSegment, setSegment } from '../commands/segments.js'
import type { Desk } from '../desk.js'
import { textLanguages, textOf, translated } from '../draft/definitions.js'
import { entry, shownField } from '../entry.js'
import { problemText } from '../words.js'
import { segmentsOf, segmentsPath, type SegmentDraft } from './segments.js'

const samples = 12

/** `<segment-page .desk .name>` */
@customElement('segment-page')
export class SegmentPage extends LightElement {
  static override properties = { desk: { attribute: false }, name: {} }
  declare desk: Desk | undefined
  declare name: string

  constructor() {
    super()
    this.name = ''
    new Watch(this, language)
  }

  override render(): TemplateResult | typeof nothing {
    const { desk } = this
    if (desk === undefined) return nothing
    const segment = segmentsOf(desk.design.draft.documents, language.value).find(({ name }) => name === this.name)
    if (segment === undefined) return html`<div class="page-center">${emptyState({ icon: 'filter', title: t('segments.gone'), text: t('segments.goneText'), action: html`<a class="button primary" href=${segmentsPath}>${t('segments.toAll')}</a>` })}</div>`
    const entity = desk.drafted.entities[segment.entity]
    const problems = desk.design.problems.filter(({ path }) => path.startsWith(`${segment.path}#`))
    return html`
      <header class="studio-head">
        <a class="plain icon-only" href=${segmentsPath} aria-label=${t('segments.toAll')}>${icon('arrowLeft')}</a>
        <span class="tile large">${icon(entity?.icon ?? 'filter')}</span>
        <div class="entity-title"><h1>${segment.title}</h1><code>${segment.name}</code></div>
        <span class="grow"></span>
        <a class="plain" href=${textPath(segment.path)} aria-label=${t('text.title')}>${icon('braces')}<span>${t('text.title')}</span></a>
      </header>
      <div class="area-body segment-body">
        <section class="area-part panel-fields" aria-label=${t('segments.condition')}>
          ${problems.map((problem) => html`<p class="panel-error" role="alert">${icon('warning')}${problemText(problem)}</p>`)}
          ${entity === undefined ? nothing : this.#condition(desk, segment, entity)}
          ${texts(desk, segment)}
          <used-by .client=${desk.client} .design=${desk.design} .path=${segment.path}></used-by>
          <div class="panel-end"><vaadin-button theme="tertiary error" @click=${() => void this.#remove(desk, segment)}>${icon('trash', 'prefix')}${t('segments.remove')}</vaadin-button></div>
        </section>
        <section class="area-part" aria-label=${t('segments.now')}>
          <h2>${t('segments.now')}</h2>
          ${entity === undefined || problems.length > 0 ? html`<p class="quiet">${t('segments.unknown')}</p>` : html`<segment-found .client=${desk.client} .entity=${entity} .condition=${segment.where} .samples=${samples}></segment-found>`}
        </section>
      </div>
    `
  }

  #condition(desk: Desk, { name, where }: SegmentDraft, entity: UiEntity): TemplateResult {
    const condition = Object.keys(where).length === 0 ? undefined : where
    const set = (next: JsonObject | undefined): void => desk.perform((documents) => setSegment(documents, name, 'where', next ?? {}))
    const build = async (): Promise<void> => {
      const builder = document.createElement('filter-builder')
      builder.context = { records: desk.client.records, model: desk.drafted, entity, surroundings: desk.surroundings, q: '', condition, title: t('segments.condition'), place: `segment ${name}` }
      const done = await builder.open()
      if (done !== null) set(done.condition)
    }
    return html`<fieldset class="row-group"><legend>${t('segments.conditionOf', { entity: entity.plural })}</legend>
      ${condition === undefined ? html`<p class="quiet">${t('segments.everybody', { entity: entity.plural })}</p>` : nothing}
      <filter-bar buildable .model=${desk.drafted} .entity=${{ ...entity, searchable: false }} .condition=${condition} .surroundings=${desk.surroundings}
        @build=${() => void build()} @condition=${(event: CustomEvent<JsonObject | undefined>) => set(event.detail ?? undefined)}></filter-bar></fieldset>`
  }

  async #remove(desk: Desk, { name, title }: SegmentDraft): Promise<void> {
    if (!(await ask({ title: t('segments.removeTitle', { name: title }), text: t('segments.removeText'), yes: t('segments.remove'), no: t('cancel') }))) return
    desk.perform((documents) => removeSegment(documents, name))
    router.replace(segmentsPath)
  }
}

/** Title and description in every language. */
function texts({ surroundings, design: { draft: { documents } }, perform }: Desk, { name, path }: SegmentDraft): TemplateResult {
  const own = (member: 'title' | 'description', label: string, type: 'text' | 'longText'): TemplateResult => html`
    ${entry(surroundings, {
      field: shownField(`segment-${member}`, label, type, {}, member === 'title'), value: textOf(documents[path]?.[member]) || null,
      change: (text) => (member === 'title' && (typeof text !== 'string' || text === '') ? undefined : perform((now) => setSegment(now, name, member, typeof text === 'string' && text !== '' ? text : undefined), `${path}/${member}`)),
    })}
    ${textLanguages(documents).map((tag) => entry(surroundings, {
      field: shownField(`segment-${member}-${tag}`, `${label} · ${languageTitle(tag)}`, type), value: translated(documents, tag, path, `/${member}`) || null,
      change: (text) => perform((now) => setTranslation(now, tag, path, `/${member}`, typeof text === 'string' ? text : ''), `${tag}${path}/${member}`),
    }))}`
  return html`${own('title', t('segments.title'), 'text')}${own('description', t('segments.description'), 'longText')}`
}

declare global {
  interface HTMLElementTagNameMap {
    'segment-page': SegmentPage
  }
}
