// The smallest thing that can be watched: a value, and who wants to know. For what lives outside of components.
import { useEffect, useState } from 'preact/hooks'

export interface Store<T> {
	value: T
	watch(changed: (value: T) => void): () => void
}

export function makeStore<T>(first: T): Store<T> {
	let now = first
	const watchers = new Set<(value: T) => void>()
	return {
		get value() {
			return now
		},
		set value(next: T) {
			if (next === now) return
			now = next
			for (const w of [...watchers]) w(next)
		},
		watch(changed) {
			watchers.add(changed)
			return () => watchers.delete(changed)
		},
	}
}

export function useStore<T>(store: Store<T>): T {
	const [value, set] = useState(store.value)
	useEffect(() => {
		set(() => store.value)
		return store.watch((v) => set(() => v))
	}, [store])
	return value
}

// What a person chose for this browser; private windows and full disks simply forget it.
export function remember(key: string, value: string | null) {
	try {
		if (value === null) localStorage.removeItem(`padan.${key}`)
		else localStorage.setItem(`padan.${key}`, value)
	} catch {
		/* not kept: the choice stands until the page is left */
	}
}
export function recall(key: string): string | null {
	try {
		return localStorage.getItem(`padan.${key}`)
	} catch {
		return null
	}
}
