// One pair by its own address: what a link from a flag or from a colleague leads to.
import { useState } from 'preact/hooks'
import { del, post, Refused } from '../../api/client'
import { stale, useRead } from '../../api/query'
import { useKeys } from '../../app/keys'
import type { PageProps } from '../../app/pages'
import { go, pairOf } from '../../app/router'
import { useT } from '../../i18n'
import { Button, errorText, ErrorNote, Note, PageHead, Skeleton } from '../../ui/basics'
import { toast } from '../../ui/toast'
import { PairView } from './pair_view'
import { DecideBar } from './review_page'
import type { Verdict } from './queue'

export default function PairPage({ args }: PageProps) {
	const m = useT()
	const r = m.review
	const read = useRead('/review/pairs/{pair}', { path: { pair: pairOf(args.pair!) } })
	const [reason, setReason] = useState<string | null>(null)
	const pair = read.data
	const decide = async (verdict: Verdict) => {
		if (!pair?.may_decide) return
		try {
			const answer = await post('/review/pairs/{pair}/decision', {
				path: { pair: pair.pair },
				body: { verdict, reason: reason || null, version: pair.version },
			})
			toast(
				answer.settled || verdict === 'unsure'
					? r.decidedSame.replace(/:.*/, `: ${r.verdicts[verdict]}`)
					: r.secondNeeded,
			)
			stale('/home', '/flags', '/review')
			if (history.length > 1) history.back()
			else go('/periksa')
		} catch (e) {
			if (e instanceof Refused && (e.status === 409 || e.status === 412)) {
				toast(m.common.changedMeanwhile, { kind: 'info' })
				read.reload()
			} else toast(errorText(e as Error), { kind: 'bad' })
		}
	}
	useKeys(
		r.detail,
		pair?.may_decide
			? [
					{ keys: 's | 1', says: r.same, run: () => void decide('same') },
					{ keys: 'b | 2', says: r.notSame, run: () => void decide('not_same') },
					{ keys: 't | 3', says: r.unsure, run: () => void decide('unsure') },
				]
			: [],
	)
	if (read.error && !pair) return <ErrorNote error={read.error} retry={read.reload} />
	if (!pair) return <Skeleton lines={8} />
	const d = pair.decision
	return (
		<div class="review">
			<PageHead
				title={pair.kind === 'household' ? r.forHousehold : r.forPerson}
				back={{ href: '/periksa', text: m.shell.review }}
			/>
			{d && !d.undone_at && (
				<Note kind="good">
					{r.decidedAlready(d.who, r.verdicts[d.verdict]!)}{' '}
					{d.may_undo && (
						<Button
							small
							kind="quiet"
							icon="undo"
							onClick={() =>
								void del('/review/decisions/{decision}', { path: { decision: d.decision } }).then(
									() => {
										toast(r.undone, { kind: 'info' })
										stale('/review', '/flags')
										read.reload()
									},
									(e: Error) => toast(errorText(e), { kind: 'bad' }),
								)
							}
						>
							{r.undo}
						</Button>
					)}
				</Note>
			)}
			<PairView pair={pair} />
			{pair.may_decide && (
				<div class="decide-dock">
					<DecideBar pair={pair} decide={(v) => void decide(v)} reason={reason} setReason={setReason} />
				</div>
			)}
		</div>
	)
}
