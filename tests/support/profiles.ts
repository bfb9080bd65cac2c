/**
 * Profiles of a browser that are used again: a window in a process that has shown the product before costs a third less,
 * as the studio's modules are compiled. Who was signed in and what the last one kept is forgotten in between.
 */
import type { BrowserContext } from 'playwright-core'

import { openProfile, windowIn, type Browser, type Look, type Page } from './browser.js'

export interface Profiles {
  /** A window in a profile that nobody has used since the last `leave`, for the product at `address`. */
  window(look: Look, address: string): Promise<{ page: Page; errors: string[] }>
  /** Closes all windows of the browser, and makes the profiles as if they were new. */
  leave(): Promise<void>
}

interface Profile {
  readonly kind: string
  readonly context: BrowserContext
  /** Keeps the process of the profile: shows next to nothing. */
  readonly anchor: Page
  address: string
  used: boolean
}

export function keptProfiles(browser: Browser): Profiles {
  let profiles: Profile[] = []

  const free = async (look: Look, address: string): Promise<Profile> => {
    const kind = JSON.stringify([look.language, look.keepsShell])
    const known = profiles.find((profile) => !profile.used && profile.kind === kind)
    if (known !== undefined) return known
    const context = await openProfile(browser, look)
    const anchor = await context.newPage()
    await anchor.goto(`${address}/healthz`)
    const profile = { kind, context, anchor, address, used: false }
    profiles.push(profile)
    return profile
  }

  const forget = async ({ context, anchor, address }: Profile): Promise<void> => {
    await Promise.all(context.pages().filter((page) => page !== anchor).map((page) => page.close()))
    await context.clearCookies()
    const session = await context.newCDPSession(anchor)
    await session.send('Storage.clearDataForOrigin', { origin: address, storageTypes: 'all' })
    await session.detach()
  }

  return {
    async window(look, address) {
      const profile = await free(look, address)
      Object.assign(profile, { used: true, address })
      return windowIn(profile.context, look)
    },
    async leave() {
      const kept = new Set(profiles.map(({ context }) => context))
      await Promise.all(browser.contexts().filter((context) => !kept.has(context)).map((context) => context.close()))
      profiles = profiles.filter(({ context }) => browser.contexts().includes(context))
      await Promise.all(profiles.filter(({ used }) => used).map(forget))
      for (const profile of profiles) profile.used = false
    },
  }
}
