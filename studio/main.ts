/**
 * Boot: what the first screen is made of is asked for all at once, and none of it waits for another. The engine is asked who is
 * signed in and for their model while texts and code are on the way.
 */
import '@vaadin/aura/aura.css'
import './shell/tokens.css'
import './shell/base.css'
import './shell/controls.css'
import './shell/marks.css'

import { askAhead, createClient } from './client/client.js'
import { language } from './client/i18n.js'
import { currentPreview, leavePreview } from './client/preview.js'
import { restorePreferences, usualLanguage, wasSignedIn } from './client/preferences.js'
import { tellWhatIsMissing } from './shell/code-missing.js'
import { pageCode } from './shell/page-code.js'
import { router } from './shell/router.js'
import type { Route } from './shell/routes.js'
import { whenIdle } from './ui/when-idle.js'

tellWhatIsMissing()
const client = createClient()
client.api.previewEnded = leavePreview
client.api.preview = currentPreview()?.pass ?? ''
client.api.language = usualLanguage()
language.subscribe(() => (client.api.language = language.value))
const texts = restorePreferences()

// No await outside of a function: what is loaded here shares a file with this and would wait for its end.
void show(/^\/forms\/([^/]+)\/?$/.exec(location.pathname)?.[1])

async function show(form: string | undefined): Promise<void> {
  const shell = document.querySelector('app-shell')
  if (form !== undefined) {
    // For people without an account: nothing of the shell is begun.
    await Promise.all([import('./open/open-form.js'), texts])
    shell?.replaceWith(Object.assign(document.createElement('open-form'), { client, address: form }))
  } else if (location.pathname === '/invitation') {
    await Promise.all([import('./open/welcome-page.js'), texts])
    shell?.replaceWith(Object.assign(document.createElement('welcome-page'), { client }))
  } else {
    router.start()
    if (wasSignedIn()) beginWith(router.route.value.page)
    await Promise.all([import('./shell/app-shell.js'), texts])
    if (shell !== null) shell.client = client
  }
}

function beginWith(page: Route['page']): void {
  askAhead(client)
  if (page !== 'missing') void pageCode[page]()
}

// Behind everything else, and only where there is a build: what the development server serves changes all the time.
if (import.meta.env.PROD && 'serviceWorker' in navigator) whenIdle(() => navigator.serviceWorker.register('/shell-cache.js'))
