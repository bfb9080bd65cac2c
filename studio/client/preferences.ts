/** What one person chose for the screens: theme, density, language. Kept in local storage, so that it is there before anybody signed in. */
import type { ToldKind } from '../../metadata/contract/notification.js'
import { languageFor, languages, speak, type Language } from './i18n.js'
import { Store } from './store.js'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

export const densities = ['comfortable', 'compact'] as const
export type Density = (typeof densities)[number]

/** A list, or a record of it. */
export interface Favourite {
  readonly entity: string
  readonly id?: number
}

/** What follows a person from one device to the next. */
export interface Preferences {
  readonly theme?: Theme
  readonly density?: Density
  readonly favourites?: readonly Favourite[]
  /** Kinds of notifications that are not wanted are false. */
  readonly notify?: Readonly<Partial<Record<ToldKind, boolean>>>
}

export const theme = new Store<Theme>('system')
export const density = new Store<Density>('comfortable')

const themeKey = 'tessera.theme'
const densityKey = 'tessera.density'
const languageKey = 'tessera.language'
const signedInKey = 'tessera.signedIn'

/** Local storage can be forbidden or full; preferences then last until the page is closed. */
function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    // Nothing to do: the choice still holds for this page.
  }
}

function kept(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

export function chooseTheme(next: Theme): void {
  theme.set(next)
  document.documentElement.style.colorScheme = next === 'system' ? '' : next
  keep(themeKey, next)
}

export function chooseDensity(next: Density): void {
  density.set(next)
  document.documentElement.toggleAttribute('data-compact', next === 'compact')
  keep(densityKey, next)
}

/** What the account says goes before what this browser remembers. */
export function follow(preferences: Preferences): void {
  if (preferences.theme !== undefined && preferences.theme !== theme.value) chooseTheme(preferences.theme)
  if (preferences.density !== undefined && preferences.density !== density.value) chooseDensity(preferences.density)
}

export async function chooseLanguage(next: Language): Promise<void> {
  keep(languageKey, next)
  await speak(next)
}

/** True when this person has chosen a language here; then the account's language does not override it. */
export const hasChosenLanguage = (): boolean => kept(languageKey) !== null

/** The language that was chosen here earlier, or that the browser asks for. */
export function usualLanguage(): Language {
  const wanted = kept(languageKey) ?? navigator.language
  return languages.has(wanted) ? wanted : languageFor(wanted)
}

/** True when this browser says which language of the interface it wants: it was chosen here, or is among those that the browser asks for. */
export const asksForLanguage = (): boolean => hasChosenLanguage() || navigator.languages.some((tag) => languages.has(tag.toLowerCase().split('-')[0] ?? ''))

/** Applies what was chosen earlier: how it looks at once, the language as soon as its texts are there. */
export async function restorePreferences(): Promise<void> {
  chooseTheme(themes.find((name) => name === kept(themeKey)) ?? 'system')
  chooseDensity(densities.find((name) => name === kept(densityKey)) ?? 'comfortable')
  await speak(usualLanguage())
}

/** Whether somebody is signed in here. The cookie cannot be read: this only tells whether it is worth asking before that is known. */
export const keepSignedIn = (signedIn: boolean): void => keep(signedInKey, signedIn ? 'yes' : 'no')
export const wasSignedIn = (): boolean => kept(signedInKey) === 'yes'

