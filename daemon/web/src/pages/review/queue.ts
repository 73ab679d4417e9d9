// The pairs to decide: the first is shown, the next ones are held ready, decisions are sent behind the reader's back and told
// only when something came between (somebody was faster, no server). What is being sent is not given again.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { PairDetail, ReviewProgress } from '#api'
import { get, post, del, Refused } from '../../api/client'
import { stale } from '../../api/query'

export type Verdict = 'same' | 'not_same' | 'unsure'
export interface Filter {
	kind?: 'person' | 'household'
	across?: boolean
	second?: boolean
}
export interface Done {
	pair: PairDetail
	decision: number | null
	verdict: Verdict
}
interface Told {
	decided(pair: PairDetail, verdict: Verdict, settled: boolean): void
	taken(pair: PairDetail, now: unknown): void
	opinion(): void
	failed(pair: PairDetail, error: Error): void
}
const AHEAD = 3

export function useQueue(filter: Filter, told: Told) {
	const [pairs, setPairs] = useState<PairDetail[]>([])
	const [progress, setProgress] = useState<ReviewProgress | null>(null)
	const [error, setError] = useState<Error | null>(null)
	const [loaded, setLoaded] = useState(false)
	const passed = useRef<string[]>([]) // decided or skipped in this sitting
	const done = useRef<Done[]>([])
	const [undoable, setUndoable] = useState(0)
	const held = useRef<PairDetail[]>([])
	const fetching = useRef(false)
	const sending = useRef<Promise<void> | null>(null) // the last decision on its way
	const key = JSON.stringify(filter)
	const alive = useRef(key)
	const show = (next: PairDetail[]) => {
		held.current = next
		setPairs(next)
	}
	const refill = useCallback(async () => {
		if (!held.current.length) setLoaded(false)
		if (fetching.current || held.current.length >= 2) return
		fetching.current = true
		let again = false
		try {
			const skip = [...passed.current.slice(-60), ...held.current.map((p) => p.pair)].join(',')
			const answer = await get('/review/next', { query: { ...filter, skip, limit: AHEAD } })
			if (alive.current !== key) return
			const have = new Set([...held.current.map((p) => p.pair), ...passed.current])
			const fresh = answer.items.filter((p) => !have.has(p.pair))
			again = fresh.length > 0 // somebody quick may have used up what was held meanwhile
			show([...held.current, ...fresh])
			setProgress(answer.progress)
			setError(null)
		} catch (e) {
			setError(e as Error)
		} finally {
			if (alive.current === key) {
				fetching.current = false
				setLoaded(true)
				if (again) void refill()
			}
		}
	}, [key])
	useEffect(() => {
		alive.current = key
		passed.current = []
		fetching.current = false
		show([])
		setLoaded(false)
		void refill()
	}, [key])
	const drop = (pair: PairDetail) => {
		passed.current.push(pair.pair)
		show(held.current.filter((p) => p.pair !== pair.pair))
		void refill()
	}
	const putBack = (pair: PairDetail) => {
		passed.current = passed.current.filter((p) => p !== pair.pair)
		show([pair, ...held.current.filter((p) => p.pair !== pair.pair)])
	}
	const decide = (verdict: Verdict, reason: string) => {
		const pair = held.current[0]
		if (!pair) return
		drop(pair)
		const before = sending.current
		sending.current = send(pair, verdict, reason).then(() => before ?? undefined)
	}
	const send = async (pair: PairDetail, verdict: Verdict, reason: string) => {
		try {
			const answer = await post('/review/pairs/{pair}/decision', {
				path: { pair: pair.pair },
				body: { verdict, reason: reason || null, version: pair.version },
			})
			done.current.push({ pair, decision: answer.decision?.decision ?? null, verdict })
			setUndoable(done.current.filter((d) => d.decision !== null).length)
			setProgress(answer.progress)
			told.decided(pair, verdict, answer.settled)
			stale('/home', '/flags', '/review/decisions')
		} catch (e) {
			if (e instanceof Refused && e.status === 412 && (e.now as PairDetail | undefined)?.pair) {
				putBack(e.now as PairDetail) // somebody has given an opinion meanwhile: to be decided with that in sight
				told.opinion()
			} else if (e instanceof Refused && (e.status === 409 || e.status === 412 || e.status === 404))
				told.taken(pair, e.now)
			else {
				putBack(pair)
				told.failed(pair, e as Error)
			}
		}
	}
	const undo = async (): Promise<boolean> => {
		await sending.current // what was decided a moment ago can be taken back as well
		for (let last = done.current.pop(); last; last = done.current.pop()) {
			if (last.decision === null) continue
			await del('/review/decisions/{decision}', { path: { decision: last.decision } })
			setUndoable(done.current.filter((d) => d.decision !== null).length)
			const fresh = await get('/review/pairs/{pair}', { path: { pair: last.pair.pair } }).catch(() => last!.pair)
			putBack(fresh)
			stale('/home', '/flags', '/review/decisions')
			return true
		}
		return false
	}
	const skip = () => {
		if (held.current[0]) drop(held.current[0])
	}
	return {
		current: pairs[0],
		waiting: pairs.length,
		progress,
		error,
		loaded,
		decide,
		undo,
		undoable,
		skip,
		retry: () => void refill(),
	}
}
