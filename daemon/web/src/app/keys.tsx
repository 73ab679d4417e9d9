// Keys of the page at hand and of the whole application. A key counts only while nobody is typing and no dialog is open
// (unless it says so); `?` shows those that are in force. "g t" means g, then t. Whoever moves before the page is there is
// not left behind: such keys (and no others: nobody decides on what he has not seen) wait until somebody takes them.
import { useLayoutEffect, useRef } from 'preact/hooks'

export interface Key {
	keys: string // "j", "Enter", "g t", "ctrl+k"
	says: string // for the list of keys; empty: not told
	run(event: KeyboardEvent): void
	always?: boolean // also while typing
}
const layers: Array<{ title: string; keys: Key[] }> = []
let first = ''
let firstAt = 0
const EARLY = /^(j|k|ArrowDown|ArrowUp|Enter)$/
const EARLY_MAX = 16
const EARLY_MS = 15_000
let early: Array<{ event: KeyboardEvent; at: number }> = []

export const keysInForce = () =>
	layers.map((l) => ({ title: l.title, keys: l.keys.filter((k) => k.says) })).filter((l) => l.keys.length)

const typing = (target: EventTarget | null) =>
	target instanceof HTMLElement &&
	(target.isContentEditable ||
		/^(TEXTAREA|SELECT)$/.test(target.tagName) ||
		(target instanceof HTMLInputElement && !/^(checkbox|radio|button|submit)$/.test(target.type)))

function nameOf(event: KeyboardEvent): string {
	const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
	return event.ctrlKey || event.metaKey ? `ctrl+${key}` : key
}

function inForce(wanted: string, busy: boolean): Key | undefined {
	for (let i = layers.length - 1; i >= 0; i--) {
		const key = layers[i]!.keys.find((k) => k.keys.split(' | ').includes(wanted) && (!busy || k.always))
		if (key) return key
	}
	return undefined
}

function pressed(event: KeyboardEvent) {
	if (event.altKey || event.isComposing) return
	const name = nameOf(event)
	const two = performance.now() - firstAt < 1_200 ? `${first} ${name}` : ''
	const busy = typing(event.target) || document.querySelector('dialog[open]') !== null
	// Enter and space belong to the button or link that has the focus.
	if ((name === 'Enter' || name === ' ') && (event.target as Element).closest?.('button, a[href], summary, label'))
		return
	const key = (two && inForce(two, busy)) || (early.length ? undefined : inForce(name, busy))
	if (key) {
		event.preventDefault()
		first = ''
		early = []
		key.run(event)
		return
	}
	if (
		!busy &&
		EARLY.test(name) &&
		early.length < EARLY_MAX &&
		(early.length || document.querySelector('#app [aria-busy=true]'))
	)
		early.push({ event, at: Date.now() })
	first = busy ? '' : name
	firstAt = performance.now()
}

// One after the other, with the page drawn anew between them.
let catching: ReturnType<typeof setTimeout> | undefined
function catchUp() {
	catching ??= setTimeout(() => {
		catching = undefined
		early = early.filter((e) => Date.now() - e.at < EARLY_MS)
		const key = early[0] && inForce(nameOf(early[0].event), false)
		if (!key) return
		key.run(early.shift()!.event)
		catchUp()
	})
}

export function startKeys() {
	document.addEventListener('keydown', pressed)
	document.addEventListener('pointerdown', () => {
		early = []
	})
}

// What the last drawing said counts from then on, not from after the next painting: between two quick keys there may be none.
export function useKeys(title: string, keys: Key[], on = true) {
	const layer = useRef({ title, keys }).current
	Object.assign(layer, { title, keys })
	useLayoutEffect(() => {
		if (!on) return
		layers.push(layer)
		if (early.length) catchUp()
		return () => {
			layers.splice(layers.indexOf(layer), 1)
		}
	}, [on])
}
