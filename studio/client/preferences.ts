/** What one person chose for this browser: theme and language. Kept in local storage, applied to the document. */
import { languageFor, languages, speak, type Language } from './i18n.js'
import { Store } from './store.js'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

export const theme = new Store<Theme>('system')

const themeKey = 'tessera.theme'
const languageKey = 'tessera.language'

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
  document.documentElement.style.colorScheme = next === 'system' ? 'light dark' : next
  document.documentElement.dataset['theme'] = next
  keep(themeKey, next)
}

export async function chooseLanguage(next: Language): Promise<void> {
  keep(languageKey, next)
  await speak(next)
}

/** True when this person has chosen a language here; then the account's language does not override it. */
export const hasChosenLanguage = (): boolean => kept(languageKey) !== null

/** Applies what was chosen earlier, or what the browser asks for. */
export async function restorePreferences(): Promise<void> {
  const chosen = themes.find((name) => name === kept(themeKey)) ?? 'system'
  theme.set(chosen)
  document.documentElement.style.colorScheme = chosen === 'system' ? 'light dark' : chosen
  document.documentElement.dataset['theme'] = chosen
  const wanted = kept(languageKey) ?? navigator.language
  await speak(wanted in languages ? (wanted as Language) : languageFor(wanted))
}

