// What the server says by itself (server-sent events): lists on their way, flags that changed, its version. Components that
// show something of it read it again. The browser reconnects by itself; while it cannot, reach.ts says so. A page that
// nobody looks at does not listen: browsers allow six connections to a server, and a seventh open page would wait for ever.
import { stale } from '../api/query'
import { BASE } from '../api/client'
import { makeStore } from './store'
import { serverSaid } from './version'
import { heard, unreachable } from './reach'

export interface JobNews {
	job: number
	list: number | null
	state: string
	stage: string | null
	rows_done: number
	rows_total: number | null
}
export const jobNews = makeStore<JobNews | null>(null)

let source: EventSource | null = null
let soon: ReturnType<typeof setTimeout> | undefined
const pending = new Set<string>()

// Events come in bursts: what they touch is read again at most every second and a half.
function touch(...prefixes: string[]) {
	for (const p of prefixes) pending.add(p)
	soon ??= setTimeout(() => {
		soon = undefined
		stale(...pending)
		pending.clear()
	}, 1_500)
}

function data(event: Event): Record<string, unknown> {
	try {
		return JSON.parse((event as MessageEvent<string>).data) as Record<string, unknown>
	} catch {
		return {}
	}
}

export function startEvents() {
	stopEvents()
	document.addEventListener('visibilitychange', hide)
	if (document.hidden) return
	source = new EventSource(`${BASE}/events`)
	let broken = false
	source.onopen = () => {
		heard()
		if (broken) touch('/home', '/lists', '/flags', '/review', '/periods')
		broken = false
	}
	source.onerror = () => {
		broken = true
		if (source?.readyState === EventSource.CLOSED) setTimeout(() => source && startEvents(), 5_000)
		else void fetch('/build.json', { cache: 'no-store' }).catch(unreachable)
	}
	source.addEventListener('hello', (e) =>
		serverSaid(`${data(e).server ?? data(e).version ?? ''} ${data(e).started ?? ''}`),
	)
	source.addEventListener('job', (e) => {
		const news = data(e) as unknown as JobNews
		jobNews.value = news
		if (news.state !== 'running') touch('/lists', '/home', '/jobs')
	})
	source.addEventListener('changed', () =>
		touch('/lists', '/home', '/flags', '/periods', '/coverage', '/overlap', '/review/progress'),
	)
	source.addEventListener('list', () => touch('/lists', '/home', '/periods', '/coverage', '/overlap'))
	source.addEventListener('flags', () => touch('/flags', '/home', '/review/progress'))
}

function hide() {
	source?.close()
	source = null
	// What happened while nobody looked is read when somebody does again.
	if (!document.hidden) {
		startEvents()
		touch('/home', '/lists', '/flags', '/review', '/periods')
	}
}

export function stopEvents() {
	document.removeEventListener('visibilitychange', hide)
	source?.close()
	source = null
}
