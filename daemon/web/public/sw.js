// Keeps the pages themselves on a device that asked for it (a phone in a village): the newest from the server while there is
// one, else as they were. Nothing of the API is ever kept here; sheets are kept by the page, where they can be wiped.
const CACHE = 'padan-pages'

self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

self.addEventListener('message', (event) => {
	if (!Array.isArray(event.data?.keep)) return
	event.waitUntil(caches.open(CACHE).then(async (cache) => {
		const wanted = new Set(event.data.keep)
		for (const request of await cache.keys()) if (!wanted.has(new URL(request.url).pathname)) await cache.delete(request)
		// What has a hash in its name never changes; the page that names them does, and has to name those that are kept.
		for (const path of wanted) if (path === '/' || !(await cache.match(path))) await cache.add(path).catch(() => undefined)
	}))
})

self.addEventListener('fetch', (event) => {
	const url = new URL(event.request.url)
	if (event.request.method !== 'GET' || url.origin !== location.origin || url.pathname.startsWith('/api/') || /^\/(healthz|readyz|metrics|build\.json)/.test(url.pathname)) return
	if (url.pathname.startsWith('/assets/')) {
		event.respondWith(caches.match(url.pathname).then((kept) => kept ?? fetch(event.request)))
	} else if (event.request.mode === 'navigate') {
		event.respondWith(fetch(event.request).catch(() => caches.match('/').then((kept) => kept ?? Response.error())))
	}
})
