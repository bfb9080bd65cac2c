/** The screens that are about no single entity: dashboards, and the side bar. */
import '../area.css'
import './navigation-page.js'
import './dashboard-designer.js'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { keyed } from 'lit/directives/keyed.js'

import { language, t } from '../../client/i18n.js'
import { Watch } from '../../client/store.js'
import { emptyState } from '../../shell/pages.js'
import { router } from '../../shell/router.js'
import { dashboardDesignPath } from '../../shell/routes.js'
import { icon } from '../../ui/icon.js'
import { LightElement } from '../../ui/light-element.js'
import { rolesOf } from '../access/grants.js'
import { addDashboard, dashboardDocument, dashboardsOf, tilesOf, type DashboardDraft } from '../commands/dashboards.js'
import { readNavigation } from '../commands/navigation.js'
import { setValue } from '../commands/set-value.js'
import type { Desk } from '../desk.js'
import { listOf, suggestName, textOf } from '../draft/definitions.js'
import { navigationPath } from './places.js'

/** The page of an address within the area; null for one that is none of its own. */
export function screens(desk: Desk, [kind, name, ...rest]: readonly string[]): TemplateResult | null {
  if (kind === undefined) return html`<screens-page .desk=${desk}></screens-page>`
  if (kind === 'navigation' && name === undefined) return html`<navigation-page .desk=${desk}></navigation-page>`
  return kind === 'dashboards' && name !== undefined && rest.length === 0 ? html`${keyed(name, html`<dashboard-designer .desk=${desk} .name=${name}></dashboard-designer>`)}` : null
}

/** `<screens-page .desk>` */
@customElement('screens-page')
export class ScreensPage extends LightElement {
  static override properties = { desk: { attribute: false } }
  declare desk: Desk | undefined

  constructor() {
    super()
    new Watch(this, language)
  }

  override render(): TemplateResult | typeof nothing {
    const { desk } = this
    if (desk === undefined) return nothing
    const { documents } = desk.design.draft
    const dashboards = dashboardsOf(documents, language.value)
    const groups = readNavigation(documents)
    return html`
      <header class="studio-head">
        <div><h1>${t('screens.title')}</h1><p class="quiet">${t('screens.lead')}</p></div>
        <span class="grow"></span>
        <vaadin-button theme="primary" class="add" aria-label=${t('screens.newDashboard')} @click=${() => void this.#add(desk)}>${icon('plus', 'prefix')}<span class="wide">${t('screens.newDashboard')}</span></vaadin-button>
      </header>
      <div class="area-body">
      <section class="area-part" aria-label=${t('screens.dashboards')}><h2>${t('screens.dashboards')}</h2>
        ${dashboards.length === 0 ? emptyState({ icon: 'chart', title: t('screens.noDashboard'), text: t('screens.noDashboardText') }) : html`<ul class="area-list">${dashboards.map((one, index) => this.#row(desk, one, index, dashboards))}</ul>`}
      </section>
      <section class="area-part" aria-label=${t('bar.title')}><h2>${t('bar.title')}</h2>
        <ul class="area-list"><li><a class="area-row" href=${navigationPath}><span class="tile">${icon('menu')}</span><span class="area-main"><strong>${t('bar.title')}</strong><small>${groups.map(({ title, titles }) => titles[language.value] ?? title).join(' · ') || t('bar.none')}</small></span></a></li></ul>
      </section>
      </div>`
  }

  #row(desk: Desk, { name, title, document }: DashboardDraft, index: number, all: readonly DashboardDraft[]): TemplateResult {
    const roles = rolesOf(desk.design.draft.documents, language.value)
    const whose = listOf(document['roles']).map((role) => roles.find((one) => one.name === role)?.title ?? textOf(role))
    const move = (by: number): void => {
      const order = all.map((one) => one.name).toSpliced(index, 1).toSpliced(index + by, 0, name)
      desk.perform((documents) => order.flatMap((one, at) => setValue(documents, [dashboardDocument(one), 'position'], at + 1)))
    }
    return html`<li>
      <a class="area-row" href=${dashboardDesignPath(name)}><span class="tile">${icon('chart')}</span><span class="area-main"><strong>${title}</strong><small>${t('screens.tiles', { count: tilesOf(document).length })} · ${whose.length === 0 ? t('screens.everybody') : whose.join(', ')}</small></span></a>
      <button type="button" class="plain icon-only" ?disabled=${index === 0} aria-label=${t('designer.choiceUp', { choice: title })} @click=${() => move(-1)}>${icon('arrowUp')}</button>
      <button type="button" class="plain icon-only" ?disabled=${index === all.length - 1} aria-label=${t('designer.choiceDown', { choice: title })} @click=${() => move(1)}>${icon('arrowDown')}</button>
    </li>`
  }

  /** It begins with its first tile: a dashboard has one at least. */
  async #add(desk: Desk): Promise<void> {
    const gallery = document.createElement('tile-gallery')
    gallery.surroundings = desk.surroundings
    gallery.model = desk.drafted
    const tile = await gallery.open()
    if (tile === null) return
    const name = suggestName(t('screens.newDashboard'), 'dashboard', dashboardsOf(desk.design.draft.documents, 'en').map((one) => one.name))
    desk.perform((documents) => addDashboard(documents, name, t('screens.newDashboard'), tile))
    await router.go(dashboardDesignPath(name))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'screens-page': ScreensPage
  }
}
