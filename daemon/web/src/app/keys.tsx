// Keys of the page at hand and of the whole application. A key counts only while nobody is typing and no dialog is open
// (unless it says so); `?` shows those that are in force. "g t" means g, then t.
import { useEffect } from 'preact/hooks'

export interface Key {
	keys: string // "j", "Enter", "g t", "ctrl+k"
	says: string // for the list of keys; empty: not told
	run(event: KeyboardEvent): void
	always?: boolean // also while typing
}
const layers: Array<{ title: string; keys: Key[] }> = []
let first = ''
let firstAt = 0

export const keysInForce = () => layers.map((l) => ({ title: l.title, keys: l.keys.filter((k) => k.says) })).filter((l) => l.keys.length)

const typing = (target: EventTarget | null) =>
	target instanceof HTMLElement && (target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName) ||
		(target instanceof HTMLInputElement && !/^(checkbox|radio|button|submit)$/.test(target.type)))

function nameOf(event: KeyboardEvent): string {
	const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
	return event.ctrlKey || event.metaKey ? `ctrl+${key}` : key
}

function pressed(event: KeyboardEvent) {
	if (event.altKey || event.isComposing) return
	const name = nameOf(event)
	const two = performance.now() - firstAt < 1_200 ? `${first} ${name}` : ''
	const busy = typing(event.target) || document.querySelector('dialog[open]') !== null
	// Enter and space belong to the button or link that has the focus.
	if ((name === 'Enter' || name === ' ') && (event.target as Element).closest?.('button, a[href], summary, label')) return
	for (const wanted of two ? [two, name] : [name]) {
		for (let i = layers.length - 1; i >= 0; i--) {
			const key = layers[i]!.keys.find((k) => k.keys.split(' | ').includes(wanted))
			if (!key || (busy && !key.always)) continue
			event.preventDefault()
			first = ''
			key.run(event)
			return
		}
	}
	first = busy ? '' : name
	firstAt = performance.now()
}

export function startKeys() {
	document.addEventListener('keydown', pressed)
}

export function useKeys(title: string, keys: Key[], on = true) {
	const layer = { title, keys }
	useEffect(() => {
		if (!on) return
		layers.push(layer)
		return () => {
			layers.splice(layers.indexOf(layer), 1)
		}
	})
}
