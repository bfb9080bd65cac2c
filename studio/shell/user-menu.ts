/** Who is signed in, and what this person chooses for the screens. */
import './user-menu.css'

import { html, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { live } from 'lit/directives/live.js'

import type { Client } from '../client/client.js'
import { language, languages, languageTitle, t, type Language } from '../client/i18n.js'
import { chooseLanguage, densities, density, theme, themes, type Density, type Theme } from '../client/preferences.js'
import type { SessionUser } from '../client/session.js'
import { Watch } from '../client/store.js'
import { zoneName, zonesWith } from '../client/zones.js'
import { docAddress } from '../help/pages.js'
import { icon } from '../ui/icon.js'
import { initials } from '../ui/initials.js'
import { LightElement } from '../ui/light-element.js'
import { toastProblem } from '../ui/toast.js'
import { setDensity, setTheme, signOut, themeIcons } from './commands.js'
import { showKeyboardMap } from './keyboard-map.js'

/** `<user-menu .client>` */
@customElement('user-menu')
export class UserMenu extends LightElement {
  static override properties = { client: { attribute: false }, open: { state: true } }
  declare client: Client | undefined
  declare open: boolean
  /** The first screen does not wait for what is looked into once a week. */
  #wasOpen = false

  constructor() {
    super()
    this.open = false
    new Watch(this, language, theme, density)
  }

  override willUpdate(): void {
    this.#wasOpen ||= this.open
  }

  override render(): TemplateResult | typeof nothing {
    const user = this.client?.session.user
    if (user === undefined || user === null) return nothing
    return html`
      <button type="button" class="user-button" popovertarget="user-menu" title=${t('shell.user', { name: user.name })}>
        <span class="avatar" aria-hidden="true">${initials(user.name)}</span>
        <span class="user-name">${user.name}</span>
      </button>
      <div id="user-menu" class="menu-card" popover @beforetoggle=${(event: ToggleEvent) => (this.open = event.newState === 'open')}>${this.#wasOpen ? this.#menu(user) : nothing}</div>
    `
  }

  #menu(user: SessionUser): TemplateResult {
    return html`
        <div class="user-card">
          <span class="avatar large" aria-hidden="true">${initials(user.name)}</span>
          <div><strong>${user.name}</strong><small>${user.email}</small></div>
        </div>
        <fieldset class="menu-choice"><legend>${t('shell.theme')}</legend>
          <div>${themes.map((name) => this.#themeChoice(name))}</div>
        </fieldset>
        <fieldset class="menu-choice"><legend>${t('shell.density')}</legend>
          <div>${densities.map((name) => this.#densityChoice(name))}</div>
        </fieldset>
        <fieldset class="menu-choice"><legend>${t('shell.language')}</legend>
          <div>${[...languages].map((tag) => this.#languageChoice(tag, languageTitle(tag)))}</div>
        </fieldset>
        ${this.open ? this.#zone() : nothing}
        <a class="menu-item" href=${docAddress('users')} @click=${() => this.querySelector<HTMLElement>('#user-menu')?.hidePopover()}>${icon('help')}${t('help.title')}</a>
        <button type="button" class="menu-item" popovertarget="user-menu" popovertargetaction="hide" @click=${() => showKeyboardMap()}>${icon('keyboard')}${t('keys.title')}</button>
        <button type="button" class="menu-item" @click=${() => this.client !== undefined && void signOut(this.client)}>${icon('logout')}${t('session.signOut')}</button>
    `
  }

  #themeChoice(name: Theme): TemplateResult {
    const label = t(`shell.theme.${name}`)
    return html`<label title=${label}><input type="radio" name="theme" aria-label=${label} .checked=${theme.value === name} @change=${() => this.client !== undefined && setTheme(this.client, name)} />${icon(themeIcons[name])}<span aria-hidden="true">${t(name === 'system' ? 'shell.theme.device' : `shell.theme.${name}`)}</span></label>`
  }

  #languageChoice(tag: Language, name: string): TemplateResult {
    return html`<label lang=${tag}><input type="radio" name="language" .checked=${language.value === tag} @change=${() => void chooseLanguage(tag)} /><span>${name}</span></label>`
  }

  #densityChoice(name: Density): TemplateResult {
    return html`<label><input type="radio" name="density" .checked=${density.value === name} @change=${() => this.client !== undefined && setDensity(this.client, name)} /><span>${t(`shell.density.${name}`)}</span></label>`
  }

  /**
   * Moments are shown as they are there. Hundreds of zones: only while the menu is open. The model does not say who may change
   * it: a role lets people set their own without reading those of others. Who may not is told, and keeps what was.
   */
  #zone(): TemplateResult {
    const zone = this.client?.session.user?.timeZone ?? ''
    return html`<label class="menu-choice"><span>${t('shell.timeZone')}</span>
      <select @change=${(event: Event) => void this.#moveTo((event.target as HTMLSelectElement).value)}>${zonesWith(zone).map((name) => html`<option value=${name} .selected=${live(name === zone)}>${zoneName(name)}</option>`)}</select></label>`
  }

  async #moveTo(timeZone: string): Promise<void> {
    await this.client?.session.changeAccount({ timeZone }).catch(toastProblem)
    this.requestUpdate()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'user-menu': UserMenu
  }
}
