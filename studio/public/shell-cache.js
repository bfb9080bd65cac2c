/**
 * Service worker: keeps the page and the files that it is made of, so that the product opens without a connection and can
 * say so. Answers of the API are never kept: they belong to whoever is signed in, with the rights of that moment.
 */
const name = 'tessera-shell'
/** The page is the same at every address of the product. */
const page = '/'

self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== self.location.origin) return
  if (request.mode === 'navigate') event.respondWith(newest(request))
  else if (pathname.startsWith('/assets/') || pathname === '/logo.svg') event.respondWith(kept(request))
})

/** The page as the engine has it; the kept one only when nobody answers. */
async function newest(request) {
  const cache = await caches.open(name)
  try {
    const answer = await fetch(request)
    if (answer.ok && answer.headers.get('content-type')?.startsWith('text/html') === true) await keep(cache, answer.clone())
    return answer
  } catch (error) {
    const before = await cache.match(page)
    if (before === undefined) throw error
    return before
  }
}

/** A new page is made of new files: those of the one before are let go. */
async function keep(cache, answer) {
  const before = await cache.match(page)
  if (before !== undefined && before.headers.get('etag') !== answer.headers.get('etag')) await caches.delete(name)
  await (await caches.open(name)).put(page, answer)
}

/** The names of these files change with their content. */
async function kept(request) {
  const cache = await caches.open(name)
  const before = await cache.match(request)
  if (before !== undefined) return before
  const answer = await fetch(request)
  if (answer.ok) await cache.put(request, answer.clone())
  return answer
}
