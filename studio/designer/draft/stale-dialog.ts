/** Somebody else published while this draft changed the same places: whose changes stay there is chosen here. */
import '@vaadin/button'

import { html, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { Json } from '../../../metadata/contract/json.js'
import { t } from '../../client/i18n.js'
import type { DraftConflict } from './draft-store.js'
import { Modal } from '../../ui/modal.js'
import { changeText, type DefinitionChange, type Titles } from '../words.js'

@customElement('stale-dialog')
export class StaleDialog extends Modal<'mine' | 'theirs'> {
  static override properties = { conflicts: { attribute: false }, titles: { attribute: false } }
  declare conflicts: readonly DraftConflict[]
  declare titles: Titles

  protected override get label(): string {
    return t('designer.staleTitle')
  }

  protected override content(): TemplateResult {
    return html`
      <header class="dialog-head"><h2>${this.label}</h2></header>
      <div class="dialog-body">
        <p class="quiet">${t('designer.staleText')}</p>
        <ul class="conflict-places">${this.conflicts.map((conflict) => html`
          <li><strong>${changeText(asChange(conflict), this.titles)}</strong>
            <dl><div><dt>${t('conflict.mine')}</dt><dd><code>${shown(conflict.mine)}</code></dd></div><div><dt>${t('conflict.theirs')}</dt><dd><code>${shown(conflict.theirs)}</code></dd></div></dl></li>`)}
        </ul>
      </div>
      <footer class="dialog-foot">
        <vaadin-button theme="tertiary" @click=${() => this.close('theirs')}>${t('designer.takeTheirs')}</vaadin-button>
        <vaadin-button theme="primary" autofocus @click=${() => this.close('mine')}>${t('designer.keepMine')}</vaadin-button>
      </footer>
    `
  }
}

const asChange = ({ path, base, mine }: DraftConflict): DefinitionChange => ({ path, ...(base === undefined ? {} : { before: base }), ...(mine === undefined ? {} : { after: mine }) })
const shown = (value: Json | undefined): string => (value === undefined ? t('designer.removed') : typeof value === 'string' ? value : JSON.stringify(value, null, 1))

declare global {
  interface HTMLElementTagNameMap {
    'stale-dialog': StaleDialog
  }
}
