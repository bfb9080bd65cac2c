/** `/api/session/oidc`: signing in at the provider of identities that the operator named. */
import type { OidcConfig } from '../config.js'
import { Problem } from '../errors.js'
import type { Engine } from '../operations/call.js'
import { comeBack, leave } from '../operations/people/oidc.js'
import { signInAs } from '../operations/people/oidc-session.js'
import { addressKey, throttle } from '../operations/people/throttle.js'
import type { ApiResponse, OpenRequest, Route } from './handler.js'
import { sessionCookie } from './session.js'

const cookieName = 'tessera_oidc'
const cookiePath = '/api/session/oidc'

export function oidcRoutes(engine: Engine): readonly Route[] {
  const attempts = throttle(60, 2)
  const settingsFor = ({ address }: OpenRequest): OidcConfig => {
    if (engine.oidc === null) throw new Problem('request.path')
    const seconds = attempts.take(addressKey(address))
    if (seconds > 0) throw new Problem('session.throttled', { seconds }, { extra: { retryAfter: seconds } })
    return engine.oidc
  }
  return [
    { method: 'GET', path: '/api/session/ways', open: true, handle: () => ({ status: 200, headers: { 'Cache-Control': 'no-cache' }, body: { oidc: engine.oidc === null ? null : { title: engine.oidc.title }, language: engine.current.get().language } }) },
    {
      method: 'GET', path: cookiePath, open: true,
      async handle(request) {
        const settings = settingsFor(request)
        return orSignIn(engine, async () => {
          const { url, cookie, seconds } = await leave(engine, settings, request.query.get('return') ?? '/', new Date())
          return { status: 302, headers: { Location: url, 'Cache-Control': 'no-store', 'Set-Cookie': carried(cookie, seconds, request) } }
        })
      },
    },
    {
      method: 'GET', path: `${cookiePath}/callback`, open: true,
      async handle(request) {
        const settings = settingsFor(request)
        return orSignIn(engine, async () => {
          const at = new Date()
          const { identity, back } = await comeBack(engine, settings, { cookie: cookieIn(request), query: request.rawQuery }, at)
          const { token } = await signInAs(engine, settings, { identity, address: request.address, userAgent: request.headers['user-agent'] ?? '' }, at)
          return { status: 302, headers: { Location: back, 'Cache-Control': 'no-store', 'Set-Cookie': [sessionCookie(token, request.secure), carried('', 0, request)] } }
        })
      },
    },
  ]
}

/** People, not programs, come this way: what went wrong is told on the page where they may try again. */
async function orSignIn(engine: Engine, work: () => Promise<ApiResponse>): Promise<ApiResponse> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Problem) || !error.code.startsWith('oidc.')) throw error
    engine.log.warn({ code: error.code, err: error.cause }, 'somebody could not sign in at the provider')
    return { status: 302, headers: { Location: `/?signIn=${error.code.slice('oidc.'.length)}`, 'Cache-Control': 'no-store' } }
  }
}

/** Lax: it comes along when the provider sends the browser back. */
const carried = (value: string, seconds: number, { secure }: OpenRequest): string => `${cookieName}=${value}; Path=${cookiePath}; HttpOnly; SameSite=Lax; Max-Age=${String(seconds)}${secure ? '; Secure' : ''}`

const cookieIn = ({ headers: { cookie = '' } }: OpenRequest): string => new RegExp(`(?:^|; ?)${cookieName}=([\\w.-]{1,4000})`).exec(cookie)?.[1] ?? ''
