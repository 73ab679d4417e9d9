// What I have decided, with the way back.
import type { Decision } from '#api'
import { del } from '../../api/client'
import { stale, usePages } from '../../api/query'
import { useT } from '../../i18n'
import { time } from '../../i18n/format'
import { Button, Empty, errorText, ErrorNote, PageHead } from '../../ui/basics'
import { Table } from '../../ui/table'
import { toast } from '../../ui/toast'
import { go, pairHref } from '../../app/router'

export default function DecisionsPage() {
	const m = useT()
	const r = m.review
	const all = usePages('/review/decisions', { query: { mine: true } })
	const undo = async (d: Decision) => {
		try {
			const now = await del('/review/decisions/{decision}', { path: { decision: d.decision } })
			all.replace((x) => (x.decision === d.decision ? { ...x, ...now } : x))
			toast(r.undone, { kind: 'info' })
			stale('/flags', '/home', '/review/progress')
		} catch (e) {
			toast(errorText(e as Error), { kind: 'bad' })
		}
	}
	return (
		<>
			<PageHead title={r.decisions} back={{ href: '/periksa', text: r.toQueue }}>
				{r.decisionsLead}
			</PageHead>
			{all.error && !all.items.length ? (
				<ErrorNote error={all.error} retry={all.reload} />
			) : !all.loading && !all.items.length ? (
				<Empty icon="review" title={r.noDecisions}>
					{r.noDecisionsText}
				</Empty>
			) : (
				<Table
					label={r.decisions}
					rows={all.items}
					keyOf={(d) => d.decision}
					more={all.more}
					loading={all.loading}
					open={(d) => go(pairHref(d.pair))}
					columns={[
						{
							key: 'a',
							head: m.household.person,
							cell: (d) => (
								<span class="two">
									<span>{d.a?.name ?? '–'}</span>
									<span>{d.b?.name ?? '–'}</span>
								</span>
							),
						},
						{
							key: 'verdict',
							head: m.flags.status,
							width: '150px',
							cell: (d) => (
								<span class={d.undone_at ? 'muted' : ''}>
									{r.verdicts[d.verdict]}
									{d.undone_at && ` · ${m.household.undone}`}
								</span>
							),
						},
						{ key: 'reason', head: m.common.reason, cell: (d) => d.reason ?? '–', narrow: false },
						{ key: 'at', head: m.audit.when, width: '170px', cell: (d) => time(d.at), narrow: false },
						{
							key: 'undo',
							head: '',
							width: '120px',
							right: true,
							cell: (d) =>
								d.may_undo &&
								!d.undone_at && (
									<Button small kind="quiet" icon="undo" onClick={() => void undo(d)}>
										{r.undo}
									</Button>
								),
						},
					]}
					rowHeight={54}
				/>
			)}
		</>
	)
}
