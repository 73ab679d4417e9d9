// Periksa: one doubtful pair after the other, decided by keyboard.
import { useState } from 'preact/hooks'
import type { PairDetail, ReviewProgress } from '#api'
import { session } from '../../api/client'
import { useKeys } from '../../app/keys'
import { goQuery, usePlace } from '../../app/router'
import { useStore } from '../../app/store'
import { useT } from '../../i18n'
import { day, duration, num } from '../../i18n/format'
import { Button, Empty, errorText, ErrorNote, LinkButton, Meter, PageHead, Segments, Skeleton } from '../../ui/basics'
import { toast } from '../../ui/toast'
import { PairView } from './pair_view'
import { useQueue, type Filter, type Verdict } from './queue'

export default function ReviewPage() {
	const m = useT()
	const r = m.review
	const who = useStore(session)!
	const { query } = usePlace()
	const show = query.get('second') ? 'kedua' : query.get('across') ? 'antardinas' : ''
	const kind = query.get('kind') as Filter['kind'] | null
	const filter: Filter = {
		...(kind ? { kind } : {}),
		...(show === 'antardinas' ? { across: true } : {}),
		...(show === 'kedua' ? { second: true } : {}),
	}
	const [reason, setReason] = useState<string | null>(null)
	const [undoing, setUndoing] = useState(false)
	const queue = useQueue(filter, {
		decided: (_pair, verdict, settled) => {
			const text =
				verdict === 'unsure'
					? r.decidedUnsure
					: !settled
						? r.secondNeeded
						: verdict === 'same'
							? r.decidedSame
							: r.decidedNotSame
			toast(text, { action: { text: m.common.undo, run: () => void undo() } })
		},
		taken: (_pair, now) => {
			const d = now as { who?: string; verdict?: string } | undefined
			toast(d?.who && d.verdict ? r.taken(d.who, r.verdicts[d.verdict] ?? d.verdict) : r.takenUnknown, {
				kind: 'info',
				ms: 9_000,
			})
		},
		opinion: () => toast(r.opinionMeanwhile, { kind: 'info', ms: 9_000 }),
		failed: (_pair, error) => toast(errorText(error), { kind: 'bad' }),
	})
	const pair = queue.current
	const decide = (verdict: Verdict) => {
		if (!pair?.may_decide) return
		queue.decide(verdict, reason ?? '')
		setReason(null)
		window.scrollTo(0, 0)
	}
	const undo = async () => {
		if (undoing) return
		setUndoing(true)
		try {
			if (await queue.undo()) toast(r.undone, { kind: 'info' })
		} catch (e) {
			toast(errorText(e as Error), { kind: 'bad' })
		}
		setUndoing(false)
	}
	const may = Boolean(pair?.may_decide)
	useKeys(m.shell.review, [
		...(may
			? [
					{ keys: 's | 1', says: r.same, run: () => decide('same') },
					{ keys: 'b | 2', says: r.notSame, run: () => decide('not_same') },
					{ keys: 't | 3', says: r.unsure, run: () => decide('unsure') },
					{ keys: 'r', says: r.addReason, run: () => setReason(reason ?? '') },
				]
			: []),
		...(pair ? [{ keys: 'l | ArrowRight', says: r.skip, run: queue.skip }] : []),
		{ keys: 'u', says: r.undo, run: () => void undo() },
	])
	return (
		<div class="review">
			<PageHead
				title={m.shell.review}
				actions={
					<>
						<Segments
							label={r.kinds['']!}
							value={show as '' | 'antardinas' | 'kedua'}
							choices={[
								['', r.filterAll],
								['antardinas', r.filterAcross],
								['kedua', r.filterSecond],
							]}
							onValue={(v) =>
								goQuery({
									second: v === 'kedua' ? 'true' : null,
									across: v === 'antardinas' ? 'true' : null,
								})
							}
						/>
						<LinkButton href="/periksa/putusan" kind="quiet">
							{r.toDecisions}
						</LinkButton>
					</>
				}
			>
				{r.lead}
			</PageHead>
			{queue.progress && <Pace progress={queue.progress} />}
			{queue.error && !pair ? (
				<ErrorNote error={queue.error} retry={queue.retry} />
			) : !queue.loaded ? (
				<Skeleton lines={8} />
			) : !pair ? (
				<Empty
					icon="check"
					title={r.emptyTitle}
					action={
						queue.undoable > 0 && (
							<Button icon="undo" onClick={() => void undo()}>
								{r.undo}
							</Button>
						)
					}
				>
					{r.empty}
				</Empty>
			) : (
				<>
					<h2 class="question">{pair.kind === 'household' ? r.forHousehold : r.forPerson}</h2>
					<PairView key={pair.pair} pair={pair} />
					<div class="decide-dock">
						<DecideBar
							pair={pair}
							decide={decide}
							reason={reason}
							setReason={setReason}
							skip={queue.skip}
							undo={queue.undoable > 0 ? () => void undo() : undefined}
							undoing={undoing}
						/>
					</div>
				</>
			)}
			<span class="hidden" role="status">
				{pair ? `${pair.a.name} – ${pair.b.name}` : ''} {who.name ? '' : ''}
			</span>
		</div>
	)
}

export function DecideBar({
	pair,
	decide,
	reason,
	setReason,
	skip,
	undo,
	undoing,
}: {
	pair: PairDetail
	decide(v: Verdict): void
	reason: string | null
	setReason(r: string | null): void
	skip?: () => void
	undo?: () => void
	undoing?: boolean
}) {
	const r = useT().review
	return (
		<div class="decide" role="group" aria-label={r.forPerson}>
			{reason !== null && (
				<input
					class="input"
					autofocus
					ref={(e) => {
						if (e && !reason) e.focus()
					}}
					aria-label={r.reasonFor}
					placeholder={r.reasonFor}
					value={reason}
					maxLength={500}
					onInput={(e) => setReason(e.currentTarget.value)}
					onKeyDown={(e) => {
						if (e.key === 'Escape') setReason(null)
						else if (e.key === 'Enter') (e.currentTarget as HTMLElement).blur()
					}}
				/>
			)}
			<div class="decide-buttons">
				<Button class="same" disabled={!pair.may_decide} keyHint="S" onClick={() => decide('same')}>
					{r.same}
				</Button>
				<Button class="not-same" disabled={!pair.may_decide} keyHint="B" onClick={() => decide('not_same')}>
					{r.notSame}
				</Button>
				<Button disabled={!pair.may_decide} keyHint="T" onClick={() => decide('unsure')}>
					{r.unsure}
				</Button>
				<span class="grow" />
				{reason === null && (
					<Button kind="quiet" small onClick={() => setReason('')} keyHint="R">
						{r.addReason}
					</Button>
				)}
				{skip && (
					<Button kind="quiet" small onClick={skip} keyHint="L">
						{r.skip}
					</Button>
				)}
				{undo && (
					<Button kind="quiet" small icon="undo" busy={undoing} onClick={undo} keyHint="U">
						{r.undo}
					</Button>
				)}
			</div>
		</div>
	)
}

function Pace({ progress: p }: { progress: ReviewProgress }) {
	const r = useT().review
	const all = p.decided_today + p.left
	const most = Math.max(1, ...p.days.map((d) => d.value ?? 0))
	return (
		<div class="pace">
			<div class="grow">
				<div class="row between small">
					<span>
						<b class="num">{r.leftText(p.left)}</b>{' '}
						<span class="muted">
							· {r.today(p.decided_by_me_today)}
							{p.per_hour ? ` · ${r.pace(p.per_hour)}` : ''}
							{p.hours_left ? ` · ${r.hoursLeft(duration(p.hours_left * 3_600))}` : ''}
						</span>
					</span>
					{p.left_second > 0 && (
						<a href="/periksa?second=true">
							{r.filterSecond}: {num(p.left_second)}
						</a>
					)}
				</div>
				<Meter value={p.decided_today} max={all} label={r.progressWord(p.decided_today, all)} />
			</div>
			<div class="days" role="img" aria-label={r.last14}>
				{p.days.map((d) => (
					<i
						key={d.period}
						title={`${day(d.period)}: ${num(d.value)}`}
						style={{ height: `${Math.max(6, ((d.value ?? 0) / most) * 100)}%` }}
						class={d.value ? '' : 'zero'}
					/>
				))}
			</div>
		</div>
	)
}
