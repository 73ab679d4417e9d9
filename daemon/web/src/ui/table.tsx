// A table that draws only the rows in sight: as quick at 100,000 rows as at ten. Rows have one height. On a narrow screen a
// row becomes a card made by `card`. Keys: j/k or arrows move, Enter opens, x marks (where marking is offered). The cursor
// stands at a row, not at a place: it stays there when the rows are read anew.
import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { useKeys } from '../app/keys'
import { useT } from '../i18n'
import { Button, Check, Skeleton } from './basics'

export interface ColumnOf<R> {
	key: string
	head: ComponentChildren
	cell(row: R): ComponentChildren
	width?: string // of the grid: "80px", "minmax(0,1fr)" (default)
	right?: boolean
	narrow?: boolean // stays when there is little room
}
interface TableProps<R> {
	label: string
	rows: R[]
	columns: Array<ColumnOf<R>>
	keyOf(row: R): string | number
	open?(row: R): void
	hrefOf?(row: R): string
	current?: string | number | null
	card?(row: R): ComponentChildren
	marked?: Set<string | number>
	onMark?(marked: Set<string | number>): void
	more?: (() => void) | undefined
	loading?: boolean
	rowHeight?: number
	keys?: boolean
}
const OVERSCAN = 8

// Which element scrolls around this one: a pane, or the page.
function scrollerOf(element: HTMLElement): HTMLElement | null {
	for (let e = element.parentElement; e; e = e.parentElement) {
		const flow = getComputedStyle(e).overflowY
		if (flow === 'auto' || flow === 'scroll') return e
	}
	return null
}

export const narrowScreen = () => matchMedia('(max-width: 719px)').matches

export function Table<R>(props: TableProps<R>) {
	const { rows, columns, keyOf, open, current, marked, onMark, more, loading } = props
	const m = useT()
	const body = useRef<HTMLDivElement>(null)
	const [range, setRange] = useState<[number, number]>([0, 40])
	const cursor = useRef<{ key: string | number | null; index: number }>({ key: null, index: -1 })
	const [, redraw] = useState(0)
	const [narrow, setNarrow] = useState(narrowScreen)
	const height = narrow && props.card ? 92 : (props.rowHeight ?? 40)

	const measure = () => {
		const element = body.current
		if (!element) return
		const scroller = scrollerOf(element)
		const box = element.getBoundingClientRect()
		const top = scroller ? scroller.getBoundingClientRect().top : 0
		const seen = scroller ? scroller.clientHeight : innerHeight
		const from = Math.max(0, Math.floor((top - box.top) / height) - OVERSCAN)
		const to = Math.min(rows.length, Math.ceil((top + seen - box.top) / height) + OVERSCAN)
		setRange((old) => (old[0] === from && old[1] === to ? old : [from, to]))
		if (to >= rows.length - 20) more?.()
	}
	useLayoutEffect(measure)
	useEffect(() => {
		const scroller = body.current && scrollerOf(body.current)
		const target: EventTarget = scroller ?? window
		const resized = () => {
			setNarrow(narrowScreen())
			measure()
		}
		target.addEventListener('scroll', measure, { passive: true })
		window.addEventListener('resize', resized)
		return () => {
			target.removeEventListener('scroll', measure)
			window.removeEventListener('resize', resized)
		}
	})
	const wanted = current ?? cursor.current.key
	const found = wanted === null ? -1 : rows.findIndex((r) => keyOf(r) === wanted)
	// The row that the cursor stood at is gone: the one now in its place is the next.
	const gone = wanted !== null && found < 0 && cursor.current.index >= 0
	const here = gone ? Math.min(cursor.current.index, rows.length - 1) : found
	const putCursor = (index: number) => {
		cursor.current = { key: rows[index] ? keyOf(rows[index]!) : null, index }
	}
	if (found >= 0) putCursor(found)
	const move = (by: number) => {
		const next = Math.max(0, Math.min(rows.length - 1, (gone && by > 0 ? here - 1 : here) + by))
		if (!rows[next]) return
		putCursor(next)
		redraw((n) => n + 1)
		const element = body.current!
		const scroller = scrollerOf(element)
		const y = element.getBoundingClientRect().top + next * height
		const top = scroller ? scroller.getBoundingClientRect().top : 0
		const seen = scroller ? scroller.clientHeight : innerHeight
		if (y < top + 48) (scroller ?? window).scrollBy(0, y - top - 48)
		else if (y + height > top + seen - 12) (scroller ?? window).scrollBy(0, y + height - top - seen + 12)
		if (current !== undefined && open && !narrow) open(rows[next]!)
	}
	const toggle = (key: string | number) => {
		const next = new Set(marked)
		if (!next.delete(key)) next.add(key)
		onMark?.(next)
	}
	useKeys(
		m.keys.list,
		[
			{ keys: 'j | ArrowDown', says: m.keys.next, run: () => move(1) },
			{ keys: 'k | ArrowUp', says: m.keys.before, run: () => move(-1) },
			...(open
				? [
						{
							keys: 'Enter',
							says: m.keys.open,
							run: () => {
								const row = rows[here]
								if (row) open(row)
							},
						},
					]
				: []),
			...(onMark
				? [
						{
							keys: 'x',
							says: m.keys.mark,
							run: () => {
								const row = rows[here]
								if (row) toggle(keyOf(row))
							},
						},
					]
				: []),
		],
		props.keys !== false && rows.length > 0,
	)

	const shown = narrow && !props.card ? columns.filter((c) => c.narrow !== false) : columns
	const grid = `${onMark ? '34px ' : ''}${shown.map((c) => c.width ?? 'minmax(0,1fr)').join(' ')}`
	const cards = narrow && props.card
	return (
		<div
			class={`table ${cards ? 'cards' : ''}`}
			role="table"
			aria-label={props.label}
			aria-rowcount={rows.length + 1}
		>
			{!cards && (
				<div class="table-head" role="rowgroup">
					<div class="tr" role="row" style={{ gridTemplateColumns: grid }}>
						{onMark && (
							<div role="columnheader" class="mark">
								<Check
									hideLabel
									label={m.common.markAll}
									checked={rows.length > 0 && marked!.size >= rows.length}
									indeterminate={marked!.size > 0 && marked!.size < rows.length}
									onValue={(all) => onMark(new Set(all ? rows.map(keyOf) : []))}
								/>
							</div>
						)}
						{shown.map((c) => (
							<div key={c.key} role="columnheader" class={c.right ? 'right' : ''}>
								{c.head}
							</div>
						))}
					</div>
				</div>
			)}
			<div class="table-body" role="rowgroup" ref={body} style={{ height: `${rows.length * height}px` }}>
				{rows.slice(range[0], range[1]).map((row, i) => {
					const index = range[0] + i
					const key = keyOf(row)
					const chosen = index === found || (gone && current == null && index === here)
					return (
						<div
							key={key}
							role="row"
							aria-rowindex={index + 2}
							aria-selected={open ? chosen : undefined}
							class={`tr ${chosen ? 'chosen' : ''} ${open ? 'opens' : ''} ${marked?.has(key) ? 'marked' : ''}`}
							style={{
								gridTemplateColumns: cards ? undefined : grid,
								height: `${height}px`,
								transform: `translateY(${index * height}px)`,
							}}
							onClick={(e) => {
								if (open && !(e.target as Element).closest('a, button, input, label')) {
									putCursor(index)
									redraw((n) => n + 1)
									open(row)
								}
							}}
						>
							{onMark && !cards && (
								<div role="cell" class="mark">
									<Check
										hideLabel
										label={m.common.mark}
										checked={marked!.has(key)}
										onValue={() => toggle(key)}
									/>
								</div>
							)}
							{cards ? (
								<div role="cell" class="card-cell">
									{props.card!(row)}
								</div>
							) : (
								shown.map((c) => (
									<div key={c.key} role="cell" class={c.right ? 'right' : ''}>
										{c.cell(row)}
									</div>
								))
							)}
						</div>
					)
				})}
			</div>
			{loading && (
				<Foot>
					<Skeleton lines={rows.length ? 2 : 8} height={rows.length ? 14 : 22} />
				</Foot>
			)}
			{!loading && more && rows.length > 0 && (
				<Foot>
					<Button small kind="quiet" onClick={more}>
						{m.common.more}
					</Button>
				</Foot>
			)}
		</div>
	)
}

function Foot({ children }: { children: ComponentChildren }) {
	return (
		<div class="table-foot" role="rowgroup">
			<div role="row">
				<div role="cell">{children}</div>
			</div>
		</div>
	)
}
