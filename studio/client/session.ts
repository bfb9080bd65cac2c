/** Who is signed in. The cookie itself is HttpOnly: this only knows what the engine says about the caller. */
import type { Api } from './api.js'
import { keepSignedIn, type Preferences } from './preferences.js'
import { ApiProblem } from './problem.js'
import { Store } from './store.js'

export interface SessionUser {
  readonly id: number
  readonly name: string
  readonly email: string
  readonly roles: readonly string[]
  /** Null: none was chosen, the browser's counts. */
  readonly locale: string | null
  readonly timeZone: string
}

interface Caller extends SessionUser {
  readonly preferences?: Preferences
}

export type SessionState =
  | { readonly state: 'unknown' }
  | { readonly state: 'signedOut' }
  | { readonly state: 'signedIn'; readonly user: SessionUser }
  /** The session ended while the page was in use: the screens stay as they are until the same person is back. */
  | { readonly state: 'expired'; readonly user: SessionUser }

export class Session {
  readonly state = new Store<SessionState>({ state: 'unknown' })
  /** How this person likes the screens, on every device. */
  readonly preferences = new Store<Preferences>({})
  readonly #api: Api
  #restoring: Promise<void> | null = null
  #renewal: { readonly done: Promise<boolean>; readonly finish: (renewed: boolean) => void } | null = null

  constructor(api: Api) {
    this.#api = api
    api.renewSession = () => this.#expire()
    this.state.subscribe(() => keepSignedIn(this.user !== null))
  }

  get user(): SessionUser | null {
    const current = this.state.value
    return current.state === 'signedIn' || current.state === 'expired' ? current.user : null
  }

  /** Asks the engine who we are, once however many want to know. Throws only when it does not answer. */
  restore(): Promise<void> {
    if (this.state.value.state !== 'unknown') return Promise.resolve()
    this.#restoring ??= this.#restore().finally(() => (this.#restoring = null))
    return this.#restoring
  }

  async #restore(): Promise<void> {
    try {
      this.state.set({ state: 'signedIn', user: await this.#ask() })
    } catch (thrown) {
      if (!(thrown instanceof ApiProblem) || thrown.status !== 401) throw thrown
      this.state.set({ state: 'signedOut' })
    }
  }

  /** Signs in. Throws `ApiProblem` (`session.refused`, `session.throttled`). */
  async signIn(email: string, password: string): Promise<void> {
    const before = this.user
    await this.#api.post('/api/session', { email, password })
    this.#renewed(before, await this.#ask())
  }

  /** The name of another way to sign in, at a provider of identities, null when there is none; and the language of people who have chosen none. */
  async ways(): Promise<{ readonly other: string | null; readonly language: string }> {
    const { body: { oidc, language } } = await this.#api.get<{ readonly oidc: { readonly title: string } | null; readonly language: string }>('/api/session/ways')
    return { other: oidc === null ? null : oidc.title, language }
  }

  /** Somebody may have signed in elsewhere, in another tab: then the page goes on. */
  async again(): Promise<void> {
    const before = this.user
    const renew = this.#api.renewSession
    this.#api.renewSession = null // what is asked here must not wait for itself
    try {
      this.#renewed(before, await this.#ask())
    } catch {
      // Nobody did.
    } finally {
      this.#api.renewSession = renew
    }
  }

  #renewed(before: SessionUser | null, user: SessionUser): void {
    const finish = this.#renewal?.finish
    this.#renewal = null
    if (before !== null && before.id !== user.id) {
      // Somebody else took over: what the first person had open is not theirs to see or to save.
      finish?.(false)
      location.assign('/')
      return
    }
    this.state.set({ state: 'signedIn', user })
    finish?.(true)
  }

  async #ask(): Promise<SessionUser> {
    const { body: { preferences = {}, ...user } } = await this.#api.get<Caller>('/api/session')
    this.preferences.set(preferences)
    return user
  }

  /** Shown at once, kept behind it; what cannot be kept is taken back. Throws `ApiProblem`. */
  async choose(patch: Preferences): Promise<void> {
    const before = this.preferences.value
    this.preferences.set({ ...before, ...patch })
    try {
      const { body } = await this.#api.patch<Preferences>('/api/session/preferences', { ...patch })
      this.preferences.set(body)
    } catch (thrown) {
      this.preferences.set(before)
      throw thrown
    }
  }

  /** Changes language or time zone of the own account. Throws `ApiProblem`. */
  async changeAccount(patch: { readonly locale?: string; readonly timeZone?: string }): Promise<void> {
    const { state, user } = { user: null, ...this.state.value }
    if (user === null || state !== 'signedIn') return
    await this.#api.patch(`/api/records/user/${user.id}`, { ...patch })
    this.state.set({ state, user: await this.#ask() })
  }

  async signOut(): Promise<void> {
    await this.#api.delete('/api/session')
    this.#renewal?.finish(false)
    this.#renewal = null
    this.state.set({ state: 'signedOut' })
  }

  /** All requests that meet the end of the session wait for the same sign-in. */
  #expire(): Promise<boolean> {
    const user = this.user
    if (user === null) {
      this.state.set({ state: 'signedOut' })
      return Promise.resolve(false)
    }
    if (this.#renewal === null) {
      let finish: (renewed: boolean) => void = () => {}
      const done = new Promise<boolean>((resolve) => (finish = resolve))
      this.#renewal = { done, finish }
      this.state.set({ state: 'expired', user })
    }
    return this.#renewal.done
  }
}
