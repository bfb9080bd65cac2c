/** Boot: preferences, then the shell with the one client of this page. */
import '@vaadin/aura/aura.css'
import './shell/tokens.css'
import './shell/app-shell.js'

import { createClient } from './client/client.js'
import { language } from './client/i18n.js'
import { currentPreview, leavePreview } from './client/preview.js'
import { restorePreferences } from './client/preferences.js'
import { router } from './shell/router.js'

const client = createClient()

await restorePreferences()
client.api.previewEnded = leavePreview
client.api.preview = currentPreview()?.pass ?? ''
client.api.language = language.value
language.subscribe(() => (client.api.language = language.value))

const form = /^\/forms\/([^/]+)\/?$/.exec(location.pathname)?.[1]
const shell = document.querySelector('app-shell')
if (form !== undefined) {
  // For people without an account: nothing of the shell is begun.
  await import('./open/open-form.js')
  shell?.replaceWith(Object.assign(document.createElement('open-form'), { client, address: form }))
} else if (location.pathname === '/invitation') {
  await import('./open/welcome-page.js')
  shell?.replaceWith(Object.assign(document.createElement('welcome-page'), { client }))
} else {
  router.start()
  if (shell !== null) shell.client = client
}

// Behind everything else, and only where there is a build: what the development server serves changes all the time.
if (import.meta.env.PROD && 'serviceWorker' in navigator) void navigator.serviceWorker.register('/shell-cache.js').catch(() => {})
