/** Where an invitation leads: the person chooses a password and is in. The token stands behind `#`, so that no server on the way logs it. */
import '../shell/sign-in.css'
import '@vaadin/button'
import '@vaadin/password-field'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { passwordRules } from '../../metadata/contract/account.js'
import type { Client } from '../client/client.js'
import { language, t } from '../client/i18n.js'
import { asProblem } from '../client/problem.js'
import { Watch } from '../client/store.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { describeProblem } from '../ui/toast.js'

/** `<welcome-page .client>` */
@customElement('welcome-page')
export class WelcomePage extends LightElement {
  static override properties = { client: { attribute: false }, working: { state: true }, error: { state: true } }
  declare client: Client | undefined
  declare working: boolean
  declare error: string

  constructor() {
    super()
    this.working = false
    this.error = ''
    new Watch(this, language)
  }

  override firstUpdated(): void {
    this.querySelector<HTMLElement>('vaadin-password-field')?.focus()
  }

  override render(): TemplateResult {
    return html`
      <div class="sign-in-page">
        <div class="sign-in-art" aria-hidden="true"><div class="tiles">${Array.from({ length: 48 }, () => html`<i></i>`)}</div><p>${t('session.slogan')}</p></div>
        <main class="sign-in-panel"><div class="sign-in-card">
          <img src="/logo.svg" alt="" width="44" height="44" />
          <h1>${t('session.welcomeTitle')}</h1>
          <p class="quiet">${t('session.welcomeLead')}</p>
          <form method="post" novalidate @submit=${(event: SubmitEvent) => void this.#submit(event)}>
            <div class="form-error" role="alert">${this.error === '' ? nothing : html`${icon('warning')}<span>${this.error}</span>`}</div>
            <vaadin-password-field name="password" autocomplete="new-password" .label=${t('session.newPassword')} .helperText=${t('session.tooShort', { shortest: passwordRules.shortest })} .manualValidation=${true} .i18n=${{ reveal: t('field.showPassword') }}
              @keydown=${(event: KeyboardEvent) => event.key === 'Enter' && !event.isComposing && this.querySelector('form')?.requestSubmit()}></vaadin-password-field>
            <vaadin-button theme="primary" ?disabled=${this.working} @click=${() => this.querySelector('form')?.requestSubmit()}>${this.working ? t('session.working') : t('session.choose')}</vaadin-button>
          </form>
        </div></main>
      </div>
    `
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    const { client } = this
    const password = this.querySelector<HTMLElement & { value: string }>('vaadin-password-field')?.value ?? ''
    if (client === undefined || this.working) return
    this.error = [...password].length < passwordRules.shortest ? t('session.tooShort', { shortest: passwordRules.shortest }) : ''
    if (this.error !== '') return
    this.working = true
    try {
      await client.api.post('/api/session/invitation', { token: location.hash.slice(1), password })
      location.replace('/')
    } catch (thrown) {
      const problem = asProblem(thrown)
      this.error = problem.problems[0]?.message ?? describeProblem(problem)
      this.working = false
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'welcome-page': WelcomePage
  }
}
