// Reading for components: what was read before is shown at once while it is read anew; a change (or an event of the server)
// makes it be read again. useRead for one thing, usePages for a list that is fetched page by page.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { address, get, type Answer, type ReadOptions, type ReadPath } from './client'

interface Kept {
	data: unknown
	at: number
}
const kept = new Map<string, Kept>()
const KEPT_MAX = 200
const FRESH_MS = 2_000
const readers = new Set<(prefixes: string[]) => void>()

function keep(url: string, data: unknown) {
	kept.delete(url)
	kept.set(url, { data, at: Date.now() })
	if (kept.size > KEPT_MAX) kept.delete(kept.keys().next().value as string)
}

// stale('/flags', '/home'): whoever shows something of these reads it again.
export function stale(...prefixes: string[]) {
	for (const [url, entry] of kept) if (prefixes.some((p) => url.startsWith(`/api/v1${p}`))) entry.at = 0
	for (const r of [...readers]) r(prefixes)
}
export function forgetAll() {
	kept.clear()
}

export interface Read<T> {
	data: T | undefined
	error: Error | undefined
	loading: boolean
	reload(): void
	put(data: T): void // what a change gave back
}

// path null: nothing is read yet.
export function useRead<P extends ReadPath>(path: P | null, options: ReadOptions<P> = {}): Read<Answer<P>> {
	const url = path === null ? '' : address(path as string, options)
	const [, redraw] = useState(0)
	const state = useRef<{ url: string; error?: Error; loading: boolean; last?: unknown }>({ url: '', loading: false })
	const run = useRef(0)
	const load = useCallback(() => {
		if (path === null) return
		const mine = ++run.current
		state.current.loading = true
		get(path, options).then(
			(data) => {
				keep(url, data)
				if (mine !== run.current) return
				state.current = { url, loading: false, last: data }
				redraw((n) => n + 1)
			},
			(error: Error) => {
				if (mine !== run.current) return
				state.current = { url, loading: false, error }
				redraw((n) => n + 1)
			},
		)
	}, [url])
	useEffect(() => {
		if (path === null) return
		state.current = { url, loading: false }
		const had = kept.get(url)
		if (!had || Date.now() - had.at > FRESH_MS) load()
		else redraw((n) => n + 1)
		const changed = (prefixes: string[]) => {
			if (prefixes.some((p) => url.startsWith(`/api/v1${p}`))) load()
		}
		readers.add(changed)
		return () => {
			run.current++
			readers.delete(changed)
		}
	}, [url])
	return {
		data: kept.get(url)?.data as Answer<P> | undefined,
		error: state.current.url === url ? state.current.error : undefined,
		loading: state.current.loading || (path !== null && state.current.url !== url && !kept.has(url)),
		reload: load,
		put(data) {
			keep(url, data)
			redraw((n) => n + 1)
		},
	}
}

interface Page<I> {
	items: I[]
	next: string | null
}
type PagedPath = { [P in ReadPath]: Answer<P> extends { items: unknown[]; next: string | null } ? P : never }[ReadPath]
type Item<P extends PagedPath> = Answer<P> extends { items: Array<infer I> } ? I : never

export interface Pages<A, I> {
	first: A | undefined // the first page: total and the like
	items: I[]
	more: (() => void) | undefined // there is more
	loading: boolean
	error: Error | undefined
	reload(): void
	replace(change: (item: I) => I | null): void // null: gone
}

export function usePages<P extends PagedPath>(
	path: P | null,
	options: ReadOptions<P> = {},
	size = 100,
): Pages<Answer<P>, Item<P>> {
	type I = Item<P>
	const whole = { ...options, query: { limit: size, ...(options.query as object) } } as ReadOptions<P>
	const url = path === null ? '' : address(path as string, whole)
	interface Held {
		url: string
		first?: Answer<P>
		items: I[]
		next: string | null
		loading: boolean
		error?: Error
	}
	const begin = (): Held => {
		const had = path === null ? undefined : (kept.get(url)?.data as Page<I> | undefined)
		return had
			? { url, first: had as unknown as Answer<P>, items: had.items, next: had.next, loading: false }
			: { url, items: [], next: null, loading: path !== null }
	}
	const held = useRef<Held>(null as unknown as Held)
	if (held.current?.url !== url) held.current = begin()
	const [, redraw] = useState(0)
	const run = useRef(0)
	const load = useCallback(
		(after: string | null, again: boolean) => {
			if (path === null) return
			const mine = ++run.current
			// What is only read anew goes on standing there as it is.
			if (after || !held.current.items.length) {
				held.current.loading = true
				redraw((n) => n + 1)
			}
			// Whoever reads on reads far: fewer and larger pages, as large as the server gives.
			const query = { ...(whole.query as object), ...(after ? { after, limit: Math.max(size, 200) } : {}) }
			get(path, { ...whole, query } as ReadOptions<P>).then(
				(answer) => {
					if (mine !== run.current) return
					const page = answer as unknown as Page<I>
					held.current = {
						url,
						first: after ? held.current.first : (answer as Answer<P>),
						items: after && !again ? [...held.current.items, ...page.items] : page.items,
						next: page.next,
						loading: false,
					}
					if (!after) keep(url, answer)
					redraw((n) => n + 1)
				},
				(error: Error) => {
					if (mine !== run.current) return
					held.current = { ...held.current, loading: false, error }
					redraw((n) => n + 1)
				},
			)
		},
		[url],
	)
	useEffect(() => {
		if (path === null) return
		load(null, true)
		const changed = (prefixes: string[]) => {
			if (prefixes.some((p) => url.startsWith(`/api/v1${p}`)) && held.current.items.length <= size)
				load(null, true)
		}
		readers.add(changed)
		return () => {
			run.current++
			readers.delete(changed)
		}
	}, [url])
	const now = held.current
	return {
		first: now.first,
		items: now.items,
		more: now.next && !now.loading && !now.error ? () => load(now.next, false) : undefined,
		loading: now.loading,
		error: now.error,
		reload: () => {
			held.current.error = undefined
			load(null, true)
		},
		replace(change) {
			held.current = { ...held.current, items: held.current.items.map(change).filter((i) => i !== null) as I[] }
			redraw((n) => n + 1)
		},
	}
}
