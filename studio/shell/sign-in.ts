/** Sign in: a page of its own, or a dialog over the page whose session has ended. */
import './sign-in.css'
import '@vaadin/button'
import '@vaadin/email-field'
import '@vaadin/password-field'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'

import { language, languageFor, languages, languageTitle, speak, t, type Language } from '../client/i18n.js'
import { asksForLanguage, chooseLanguage } from '../client/preferences.js'
import { asProblem } from '../client/problem.js'
import type { Session } from '../client/session.js'
import { Watch } from '../client/store.js'
import { icon } from '../ui/icon.js'
import { LightElement } from '../ui/light-element.js'
import { describeProblem } from '../ui/toast.js'

/** `<sign-in .session>`; with `over` it is a dialog, and `email` names whose session ended. */
@customElement('sign-in')
export class SignIn extends LightElement {
  static override properties = {
    session: { attribute: false },
    email: {},
    over: { type: Boolean },
    working: { state: true },
    error: { state: true },
    missing: { state: true },
    otherWay: { state: true },
  }
  declare session: Session | undefined
  declare email: string
  declare over: boolean
  declare working: boolean
  declare error: string
  declare missing: readonly string[]
  /** Name of a provider of identities; null for none. */
  declare otherWay: string | null
  readonly #focused = (): void => void this.session?.again()

  constructor() {
    super()
    this.email = ''
    this.over = false
    this.working = false
    this.error = ''
    this.missing = []
    this.otherWay = null
    new Watch(this, language)
  }

  override connectedCallback(): void {
    super.connectedCallback()
    const reason = new URLSearchParams(location.search).get('signIn')
    if (reason === 'failed' || reason === 'refused') this.error = t(`session.other.${reason}`)
    // Whoever signs in at the provider does so in another tab when this one holds something unsaved.
    if (this.over) window.addEventListener('focus', this.#focused)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    window.removeEventListener('focus', this.#focused)
  }

  override firstUpdated(): void {
    void this.#ways()
    if (this.over) this.querySelector('dialog')?.showModal()
    const first = this.email === '' ? 'vaadin-email-field' : 'vaadin-password-field'
    this.querySelector<HTMLElement>(first)?.focus()
  }

  /** What this deployment offers; without an answer there is the password, in the language that is shown. */
  async #ways(): Promise<void> {
    try {
      const ways = await this.session?.ways()
      if (ways === undefined) return
      this.otherWay = ways.other
      if (!this.over && !asksForLanguage()) await speak(languageFor(ways.language))
    } catch {
      // Signing in says by itself when there is no connection.
    }
  }

  override render(): TemplateResult {
    if (this.over) {
      return html`
        <dialog class="sign-in-dialog" aria-labelledby="sign-in-again" @cancel=${(event: Event) => event.preventDefault()}>
          <h2 id="sign-in-again">${t('session.expiredTitle')}</h2>
          <p class="quiet">${t('session.expiredLead')}</p>
          ${this.#form()}
        </dialog>
      `
    }
    return html`
      <div class="sign-in-page">
        <div class="sign-in-art" aria-hidden="true"><div class="tiles">${Array.from({ length: 48 }, () => html`<i></i>`)}</div><p>${t('session.slogan')}</p></div>
        <main class="sign-in-panel">
          <div class="sign-in-card">
            <img src="/logo.svg" alt="" width="44" height="44" />
            <h1>${t('session.title')}</h1>
            <p class="quiet">${t('session.lead')}</p>
            ${this.#form()}
          </div>
          <nav class="sign-in-languages" aria-label=${t('shell.language')}>
            ${icon('globe')}${[...languages].map((tag) => this.#languageButton(tag, languageTitle(tag)))}
          </nav>
        </main>
      </div>
    `
  }

  #languageButton(tag: Language, name: string): TemplateResult {
    return html`<button type="button" class="plain" lang=${tag} aria-pressed=${tag === language.value ? 'true' : 'false'} @click=${() => void chooseLanguage(tag)}>${name}</button>`
  }

  /** A real form with names and autocomplete words, so that password managers fill it. */
  #form(): TemplateResult {
    const emailMissing = this.missing.includes('email')
    const passwordMissing = this.missing.includes('password')
    return html`
      <form method="post" action="/api/session" novalidate @submit=${(event: SubmitEvent) => void this.#submit(event)}>
        <div class="form-error" role="alert">${this.error === '' ? nothing : html`${icon('warning')}<span>${this.error}</span>`}</div>
        <vaadin-email-field name="email" autocomplete="username" .label=${t('session.email')} .value=${this.email} .manualValidation=${true}
          .invalid=${emailMissing} .errorMessage=${emailMissing ? t('session.emailMissing') : ''} ?readonly=${this.over && this.email !== ''}></vaadin-email-field>
        <vaadin-password-field name="password" autocomplete="current-password" .label=${t('session.password')} .manualValidation=${true}
          .invalid=${passwordMissing} .errorMessage=${passwordMissing ? t('session.passwordMissing') : ''} .i18n=${{ reveal: t('field.showPassword') }}
          @keydown=${(event: KeyboardEvent) => this.#enter(event)}></vaadin-password-field>
        <vaadin-button theme="primary" ?disabled=${this.working} @click=${() => this.querySelector('form')?.requestSubmit()}>
          ${this.working ? t('session.working') : t('session.submit')}
        </vaadin-button>
        ${this.otherWay === null ? nothing : html`<a class="other-way" href=${`/api/session/oidc?return=${encodeURIComponent(this.over ? '/' : this.#here)}`} target=${this.over ? '_blank' : nothing}>${icon('key')}${this.otherWay === '' ? t('session.other') : t('session.otherNamed', { name: this.otherWay })}</a>`}
      </form>
    `
  }

  /** Where they wanted to go. */
  get #here(): string {
    return location.search.includes('signIn=') ? '/' : `${location.pathname}${location.search}`
  }

  #enter(event: KeyboardEvent): void {
    if (event.key === 'Enter' && !event.isComposing) this.querySelector('form')?.requestSubmit()
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    if (this.session === undefined || this.working) return
    const value = (name: string): string => this.querySelector<HTMLElement & { value: string }>(`[name="${name}"]`)?.value ?? ''
    const [email, password] = [value('email').trim(), value('password')]
    this.email = email
    this.missing = [...(email === '' ? ['email'] : []), ...(password === '' ? ['password'] : [])]
    this.error = ''
    if (this.missing.length > 0) return
    this.working = true
    try {
      await this.session.signIn(email, password)
    } catch (thrown) {
      const problem = asProblem(thrown)
      if (problem.code === 'session.throttled') this.error = t('session.throttled', { seconds: problem.retryAfter ?? 60 })
      else this.error = problem.code === 'session.refused' ? t('session.refused') : describeProblem(problem)
      this.querySelector<HTMLElement>('vaadin-password-field')?.focus()
    } finally {
      this.working = false
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'sign-in': SignIn
  }
}
