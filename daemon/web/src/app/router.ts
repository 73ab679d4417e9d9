// Addresses and pages. Ordinary <a href> are followed without loading the page anew; everything that a person might want to
// send to a colleague (filters, the thing looked at) stands in the address.
import { makeStore, useStore } from './store'

export interface Place {
	path: string
	query: URLSearchParams
}
const read = (): Place => ({
	path: location.pathname.replace(/\/+$/, '') || '/',
	query: new URLSearchParams(location.search),
})
export const place = makeStore<Place>(read())
export const usePlace = () => useStore(place)

// Somebody with unsaved work is asked before the page is left: returns false to stay.
let guard: (() => boolean) | null = null
export function guardLeaving(may: () => boolean): () => void {
	guard = may
	return () => {
		if (guard === may) guard = null
	}
}

export function go(url: string, options: { replace?: boolean; keepScroll?: boolean } = {}) {
	const to = new URL(url, location.href)
	const otherPage = to.pathname !== location.pathname
	if (otherPage && guard && !guard()) return
	history[options.replace ? 'replaceState' : 'pushState'](null, '', to.pathname + to.search + to.hash)
	place.value = read()
	if (otherPage && !options.keepScroll) window.scrollTo(0, 0)
}

// Changes some of the query and leaves the rest.
export function goQuery(change: Record<string, string | number | boolean | null | undefined>, replace = true) {
	const query = new URLSearchParams(location.search)
	for (const [name, value] of Object.entries(change)) {
		if (value === null || value === undefined || value === '' || value === false) query.delete(name)
		else query.set(name, String(value))
	}
	const text = query.toString()
	go(location.pathname + (text ? `?${text}` : ''), { replace })
}

export function startRouter() {
	window.addEventListener('popstate', () => {
		place.value = read()
	})
	document.addEventListener('click', (event) => {
		if (
			event.defaultPrevented ||
			event.button !== 0 ||
			event.metaKey ||
			event.ctrlKey ||
			event.shiftKey ||
			event.altKey
		)
			return
		const link = (event.target as Element).closest?.('a[href]') as HTMLAnchorElement | null
		if (!link || link.origin !== location.origin || link.target || link.hasAttribute('download')) return
		if (link.pathname.startsWith('/api/')) return
		event.preventDefault()
		go(link.href)
	})
}

// A pair's code as a piece of an address: with a dot in it a server would take it for a file.
export const pairHref = (pair: string) => `/periksa/${pair.replace(/\./g, '-')}`
export const pairOf = (piece: string) => piece.replace(/-/g, '.')

// "/temuan/{flag}" against "/temuan/12": {flag: "12"}, or null.
export function match(pattern: string, path: string): Record<string, string> | null {
	const a = pattern.split('/')
	const b = path.split('/')
	if (a.length !== b.length) return null
	const found: Record<string, string> = {}
	for (let i = 0; i < a.length; i++) {
		const name = /^\{(\w+)\}$/.exec(a[i]!)?.[1]
		if (name) found[name] = decodeURIComponent(b[i]!)
		else if (a[i] !== b[i]) return null
	}
	return found
}
