// What a phone keeps: sheets, and answers that wait for a connection. Each answer bears an id of its own, so that sending it
// twice changes nothing. A sheet is kept under the user's name: whoever logs in after him sees none of it.
import type { Sheet, VisitAnswer, VisitOutcome } from '#api'
import { NoAnswer, post, session } from '../../api/client'
import { makeStore, recall, remember } from '../../app/store'

export const queue = makeStore<Record<number, VisitAnswer[]>>(read('answers') ?? {})

function read<T>(key: string): T | null {
	try {
		return JSON.parse(recall(key) ?? 'null') as T | null
	} catch {
		return null
	}
}
const sheetKey = (sheet: number) => `sheet.${sheet}`
interface KeptSheet {
	by: string
	sheet: Sheet
}
// Nobody is logged in as long as there is no connection: then the sheet is shown to whoever holds the phone that keeps it.
export function keptSheet(sheet: number): Sheet | null {
	const kept = read<KeptSheet>(sheetKey(sheet))
	return kept?.sheet && (!session.value || session.value.name === kept.by) ? kept.sheet : null
}
export function keepSheet(sheet: Sheet): boolean {
	remember(sheetKey(sheet.sheet), JSON.stringify({ by: session.value?.name ?? '', sheet } satisfies KeptSheet))
	return recall(sheetKey(sheet.sheet)) !== null
}
export const wipeSheet = (sheet: number) => remember(sheetKey(sheet), null)

export function uuid(): string {
	if (crypto.randomUUID) return crypto.randomUUID()
	const b = crypto.getRandomValues(new Uint8Array(16))
	b[6] = (b[6]! & 15) | 64
	b[8] = (b[8]! & 63) | 128
	const hex = [...b].map((x) => x.toString(16).padStart(2, '0')).join('')
	return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

function put(sheet: number, answers: VisitAnswer[]) {
	const next = { ...queue.value, [sheet]: answers }
	if (!answers.length) delete next[sheet]
	remember('answers', Object.keys(next).length ? JSON.stringify(next) : null)
	queue.value = next
}

// A newer answer to a visit takes the place of one that has not left yet.
export function answer(sheet: number, a: VisitAnswer) {
	put(sheet, [...(queue.value[sheet] ?? []).filter((x) => x.item !== a.item), a])
}

const sending = new Set<number>()
// Sends what waits; what the server has told of (accepted or not) leaves the queue. False: no connection.
export async function flush(
	sheet: number,
	told: (outcomes: VisitOutcome[], sent: VisitAnswer[]) => void,
): Promise<boolean> {
	const waiting = queue.value[sheet] ?? []
	if (!waiting.length || sending.has(sheet)) return true
	sending.add(sheet)
	try {
		const sent = waiting.slice(0, 500)
		const result = await post('/sheets/{sheet}/answers', { path: { sheet }, body: { answers: sent } })
		const done = new Set(result.items.map((o) => o.id))
		put(
			sheet,
			(queue.value[sheet] ?? []).filter((a) => !done.has(a.id)),
		)
		told(result.items, sent)
		return true
	} catch (e) {
		if (e instanceof NoAnswer) return false
		throw e
	} finally {
		sending.delete(sheet)
	}
}

// The pages themselves stay on the device, too; see public/sw.js.
export async function keepPages() {
	if (!('serviceWorker' in navigator)) return
	const registration = await navigator.serviceWorker.register('/sw.js').catch(() => null)
	const worker = registration && (await navigator.serviceWorker.ready).active
	const loaded = performance
		.getEntriesByType('resource')
		.map((r) => new URL(r.name).pathname)
		.filter((p) => p.startsWith('/assets/') || p === '/padan.svg')
	worker?.postMessage({ keep: ['/', ...loaded] })
}
