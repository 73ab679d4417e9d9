// Can the server be reached? Whoever gets no answer says so here; then it is asked every now and then until it answers.
import { makeStore } from './store'

export const reachable = makeStore(true)
const FIRST_WAIT = 800
const LONGEST_WAIT = 10_000
let asking = false

export function heard() {
	reachable.value = true
}

export function unreachable() {
	reachable.value = false
	if (!asking) void ask()
}

async function ask() {
	asking = true
	for (let wait = FIRST_WAIT; !reachable.value; wait = Math.min(wait * 1.6, LONGEST_WAIT)) {
		await new Promise<void>((done) => {
			const timer = setTimeout(done, wait)
			window.addEventListener('online', () => (clearTimeout(timer), done()), { once: true })
		})
		try {
			const response = await fetch('/build.json', { cache: 'no-store' })
			if (response.status < 500) reachable.value = true
		} catch {
			/* not yet */
		}
	}
	asking = false
}

export function untilReachable(signal?: AbortSignal): Promise<void> {
	if (reachable.value) return Promise.resolve()
	return new Promise((done, failed) => {
		const stop = reachable.watch((yes) => {
			if (!yes) return
			stop()
			done()
		})
		signal?.addEventListener('abort', () => {
			stop()
			failed(new DOMException('aborted', 'AbortError'))
		})
	})
}
