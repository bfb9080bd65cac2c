/** Tells on a list that an import into it is going on, and leads to it. */
import { nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import type { UiEntity } from '../../metadata/contract/ui-model.js'
import { Again } from '../client/again.js'
import type { Client } from '../client/client.js'
import { language, t } from '../client/i18n.js'
import { Watch } from '../client/store.js'
import { importPath } from '../shell/routes.js'
import { goingNote } from '../ui/going-note.js'
import { LightElement } from '../ui/light-element.js'
import { importRequests } from './import-client.js'
import { isGoingOn, type Imported, type Job } from './import-state.js'

const lookMs = 2_000

/** `<import-going .client .entity>`; draws nothing while nothing goes on, says `done` when it is over. */
@customElement('import-going')
export class ImportGoing extends LightElement {
  static override properties = { client: { attribute: false }, entity: { attribute: false }, going: { state: true } }
  declare client: Client | undefined
  declare entity: UiEntity | undefined
  declare going: Imported | null

  constructor() {
    super()
    this.going = null
    new Watch(this, language)
    new Again(this, () => this.#look(), lookMs)
  }

  /** True while an import goes on. */
  async #look(): Promise<boolean> {
    const { client, entity } = this
    if (client === undefined || entity === undefined || !(entity.may.create || entity.may.update)) return false
    try {
      const found = await importRequests(client).list(entity.name)
      const before = this.going
      this.going = found.find((one) => isGoingOn(one.job) || isGoingOn(one.undo)) ?? null
      if (before !== null && this.going === null) this.dispatchEvent(new CustomEvent('done'))
    } catch {
      return false // the list itself tells what is wrong
    }
    return this.going !== null
  }

  override render(): TemplateResult | typeof nothing {
    const { going, entity } = this
    if (going === null || entity === undefined) return nothing
    const job: Job | null = isGoingOn(going.undo) ? going.undo : going.job
    const share = job?.total ? job.done / job.total : 0
    return goingNote(t('import.going', { file: going.fileName, percent: Math.round(share * 100) }), share, importPath(entity.name, going.id))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'import-going': ImportGoing
  }
}
