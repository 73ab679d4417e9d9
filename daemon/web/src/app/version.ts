// Is this page older than what the server has now? Told by a banner that offers to load it anew; nothing is reloaded unasked.
import { makeStore } from './store'

export const outdated = makeStore(false)
const mine = document.documentElement.dataset.build
let server = ''
let asked = 0

async function compare() {
	if (outdated.value || Date.now() - asked < 30_000) return
	asked = Date.now()
	try {
		const response = await fetch('/build.json', { cache: 'no-store' })
		if (response.ok && ((await response.json()) as { build: string }).build !== mine) outdated.value = true
	} catch {
		/* asked again later */
	}
}

export function serverSaid(version: string) {
	if (server && version !== server) asked = 0
	server = version
	void compare()
}

// A piece of the page that is no longer there: the build it belonged to is gone.
export function pieceMissing() {
	outdated.value = true
}

export function startVersion() {
	document.addEventListener('visibilitychange', () => {
		if (!document.hidden) void compare()
	})
}
