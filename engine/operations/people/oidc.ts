/**
 * Signing in at a provider of identities (OpenID Connect, code flow with PKCE). What has to be known when somebody comes back travels with
 * them in a sealed cookie, so any process may answer. Who they are is the provider's word; what they may do is ours, or follows their groups.
 */
import type { Configuration, CustomFetchOptions } from 'openid-client'
import { isObject, type Json, type JsonObject } from '../../../metadata/contract/json.js'
import type { OidcConfig } from '../../config.js'
import { Problem } from '../../errors.js'
import { secret } from '../../storage/own/secrets.js'
import type { Engine } from '../call.js'
import { outboundSettings } from '../outbound/addresses.js'
import { sendOutbound } from '../outbound/request.js'
import { seal, unseal, type Vault } from '../secrets/vault.js'

/** Whoever came back, as the provider knows them. */
export interface Identity {
  readonly issuer: string
  readonly subject: string
  /** In its one spelling. */
  readonly email: string
  readonly name: string
  readonly groups: readonly string[]
}

export const callbackPath = '/api/session/oidc/callback'
/** How long somebody may stay at the provider. */
const awaySeconds = 600
const sealedFor = 'oidc'

/** Where the browser goes, and the cookie that it brings back. @param back a path of ours to end at */
export async function leave(engine: Engine, settings: OidcConfig, back: string, at: Date): Promise<{ readonly url: string; readonly cookie: string; readonly seconds: number }> {
  const client = await import('openid-client')
  const config = await discovered(settings)
  const [verifier, state, nonce] = [client.randomPKCECodeVerifier(), client.randomState(), client.randomNonce()]
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: `${settings.home}${callbackPath}`, scope: 'openid email profile', state, nonce, code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
  })
  const kept = JSON.stringify({ verifier, state, nonce, back: ownPath(back), until: at.getTime() + awaySeconds * 1_000 })
  return { url: url.href, cookie: seal(await travelling(engine), kept, sealedFor), seconds: awaySeconds }
}

/** @param query what the provider added to the address, as it came. @throws Problem oidc.failed */
export async function comeBack(engine: Engine, settings: OidcConfig, { cookie, query }: { readonly cookie: string; readonly query: string }, at: Date): Promise<{ readonly identity: Identity; readonly back: string }> {
  const kept = await opened(engine, cookie, at)
  try {
    const client = await import('openid-client')
    const config = await discovered(settings)
    const tokens = await client.authorizationCodeGrant(config, new URL(`${settings.home}${callbackPath}?${query}`), { pkceCodeVerifier: kept.verifier, expectedState: kept.state, expectedNonce: kept.nonce, idTokenExpected: true })
    const claims = tokens.claims()
    if (claims === undefined) throw new Error('the provider sent no identity')
    // What is asked of the person themselves may stand in either.
    const more = config.serverMetadata().userinfo_endpoint === undefined ? {} : await client.fetchUserInfo(config, tokens.access_token, claims.sub)
    return { identity: identityOf(settings, { ...more, ...claims } as JsonObject), back: kept.back }
  } catch (error) {
    if (error instanceof Problem) throw error
    throw new Problem('oidc.failed', {}, { cause: error })
  }
}

/** @throws Problem oidc.refused for an address that nobody vouches for, or of another domain */
function identityOf({ domains, groupsClaim, emailTrusted }: OidcConfig, claims: JsonObject): Identity {
  const text = (name: string): string => (typeof claims[name] === 'string' ? claims[name] : '')
  const email = text('email').normalize('NFKC').trim().toLowerCase()
  const vouched = claims['email_verified'] === true || (emailTrusted && claims['email_verified'] === undefined)
  const domain = email.slice(email.lastIndexOf('@') + 1)
  if (!vouched || !/^[^@\s]+@[^@\s]+$/.test(email) || (domains.length > 0 && !domains.includes(domain))) throw new Problem('oidc.refused')
  return { issuer: text('iss'), subject: text('sub'), email, name: text('name') || text('preferred_username') || email, groups: textsIn(claims[groupsClaim]) }
}

const textsIn = (value: Json | undefined): readonly string[] => (typeof value === 'string' ? [value] : Array.isArray(value) ? (value as readonly Json[]).filter((one) => typeof one === 'string') : [])

/** A path of ours: never another site, whatever was asked for. */
const ownPath = (path: string): string => (/^\/(?![/\\])[^\\\s]*$/.test(path) && path.length < 1_000 ? path : '/')

interface Kept {
  readonly verifier: string
  readonly state: string
  readonly nonce: string
  readonly back: string
}

async function opened(engine: Engine, cookie: string, at: Date): Promise<Kept> {
  try {
    const kept = JSON.parse(unseal(await travelling(engine), cookie, sealedFor)) as Json
    if (!isObject(kept) || Number(kept['until']) < at.getTime()) throw new Error('it took too long')
    return kept as unknown as Kept // we sealed it
  } catch (error) {
    throw new Problem('oidc.failed', {}, { cause: error })
  }
}

/** Every process of the deployment has this key. */
const travelling = async ({ database }: Engine): Promise<Vault> => [{ id: sealedFor, key: await secret(database, sealedFor) }]

const known = new Map<string, Promise<Configuration>>()

/** What the provider says of itself; asked once, and again after it could not be reached. */
function discovered(settings: OidcConfig): Promise<Configuration> {
  const key = `${settings.issuer} ${settings.clientId}`
  const asked = known.get(key) ?? discover(settings).catch((error: unknown) => {
    known.delete(key)
    throw error instanceof Problem ? error : new Problem('oidc.failed', {}, { cause: error })
  })
  known.set(key, asked)
  return asked
}

async function discover({ issuer, clientId, clientSecret }: OidcConfig): Promise<Configuration> {
  const client = await import('openid-client')
  // Signatures are checked although TLS would do: an operator may name a provider inside of their network without it.
  const ways = [client.enableNonRepudiationChecks, ...(issuer.startsWith('http:') ? [client.allowInsecureRequests] : [])]
  const config = await client.discovery(new URL(issuer), clientId, undefined, client.ClientSecretPost(clientSecret), { execute: ways, [client.customFetch]: throughTheGuard })
  config[client.customFetch] = throughTheGuard
  return config
}

/** Addresses are those of the operator's provider, wherever it lies. */
const anywhere = outboundSettings(['0.0.0.0/0:*', '[::]/0:*'])

async function throughTheGuard(url: string, { method, headers, body }: CustomFetchOptions): Promise<Response> {
  const sent = body instanceof URLSearchParams || typeof body === 'string' ? { body: body.toString() } : {}
  const answer = await sendOutbound(anywhere, { method, url, headers: Object.fromEntries(Object.entries(headers)), ...sent })
  return new Response(answer.status === 204 || answer.status === 304 ? null : new Uint8Array(answer.body), { status: answer.status, headers: answer.headers })
}
