// Daftar: what came, by whom, and what a period still waits for. A file may be dropped anywhere on this page.
import type { List, ListKind, ListState } from '#api'
import { session } from '../../api/client'
import { usePages, useRead } from '../../api/query'
import { go, goQuery, usePlace } from '../../app/router'
import { useStore } from '../../app/store'
import { useWords } from '../../app/vocabulary'
import { useT } from '../../i18n'
import { ago, num, period } from '../../i18n/format'
import { Check, Empty, ErrorNote, LinkButton, PageHead, Select, Skeleton } from '../../ui/basics'
import { ListStateMark } from '../../ui/marks'
import { Table } from '../../ui/table'
import { Periods } from './periods'
import { useDrop } from './drop'

export default function ListsPage() {
	const m = useT()
	const words = useWords()
	const who = useStore(session)!
	const { query } = usePlace()
	const filter = {
		...(query.get('kind') ? { kind: query.get('kind') as ListKind } : {}),
		...(query.get('subject') ? { subject: query.get('subject')! } : {}),
		...(query.get('period') ? { period: query.get('period')! } : {}),
		...(query.get('office') ? { office: query.get('office')! } : {}),
		...(query.get('state') ? { state: query.get('state') as ListState } : {}),
		...(query.get('current') ? { current: true } : {}),
	}
	const lists = usePages('/lists', { query: filter })
	const periods = useRead('/periods')
	const sends = who.may.includes('send_lists')
	const over = useDrop(sends)
	const filtered = Object.keys(filter).length > 0
	const set = (name: string) => (v: string) => goQuery({ [name]: v || null }, false)
	return (
		<div class={over ? 'dropping' : ''}>
			<PageHead
				title={m.shell.lists}
				actions={
					sends && (
						<LinkButton kind="main" icon="upload" href="/daftar/kirim">
							{m.lists.send}
						</LinkButton>
					)
				}
			>
				{m.lists.lead}
			</PageHead>
			{periods.data ? (
				<Periods periods={periods.data.items} reload={periods.reload} />
			) : periods.loading ? (
				<Skeleton lines={1} height={84} />
			) : null}
			<div class="filters">
				<Select
					hideLabel
					label={m.lists.kind}
					value={query.get('kind') ?? ''}
					choices={[['', m.flags.any(m.lists.kind)], ...Object.entries(m.lists.kinds)]}
					onValue={set('kind')}
				/>
				<Select
					hideLabel
					label={m.flags.programme}
					value={query.get('subject') ?? ''}
					choices={[
						['', m.flags.any(m.flags.programme)],
						...words.raw.programmes.map((p): [string, string] => [p.programme, p.name]),
					]}
					onValue={set('subject')}
				/>
				<Select
					hideLabel
					label={m.lists.period}
					value={query.get('period') ?? ''}
					choices={[
						['', m.flags.any(m.lists.period)],
						...words.raw.periods.map((p): [string, string] => [p, period(p)]),
					]}
					onValue={set('period')}
				/>
				{words.raw.offices.length > 1 && (
					<Select
						hideLabel
						label={m.lists.office}
						value={query.get('office') ?? ''}
						choices={[
							['', m.flags.any(m.lists.office)],
							...words.raw.offices.map((o): [string, string] => [o.office, o.name]),
						]}
						onValue={set('office')}
					/>
				)}
				<Check
					label={m.lists.onlyCurrent}
					checked={query.get('current') !== null}
					onValue={(v) => goQuery({ current: v ? '1' : null }, false)}
				/>
			</div>
			{lists.error && !lists.items.length ? (
				<ErrorNote error={lists.error} retry={lists.reload} />
			) : !lists.loading && !lists.items.length ? (
				<Empty
					icon="lists"
					title={m.lists.noneTitle}
					action={
						sends &&
						!filtered && (
							<LinkButton kind="main" icon="upload" href="/daftar/kirim">
								{m.lists.send}
							</LinkButton>
						)
					}
				>
					{filtered ? m.lists.noneFiltered : m.lists.none}
				</Empty>
			) : (
				<Table<List>
					label={m.shell.lists}
					rows={lists.items}
					keyOf={(l) => l.list}
					open={(l) => go(`/daftar/${l.list}`)}
					more={lists.more}
					loading={lists.loading}
					rowHeight={52}
					card={(l) => (
						<>
							<div class="row between">
								<b class="cut grow">{words.subject(l.kind, l.subject)}</b>
								<span class="muted small nowrap">{period(l.period)}</span>
							</div>
							<div class="row between small">
								<ListStateMark state={l.state} />
								<span class="num nowrap muted">{m.common.rows(l.rows_accepted ?? 0)}</span>
							</div>
							<div class="small muted cut">{l.office ? words.office(l.office) : l.file_name}</div>
						</>
					)}
					columns={[
						{
							key: 'subject',
							head: m.lists.subject,
							width: 'minmax(0,1.6fr)',
							cell: (l) => (
								<span class="two">
									<span>
										{words.subject(l.kind, l.subject)}{' '}
										{!l.current && l.state === 'done' && (
											<span class="tag">{m.lists.superseded}</span>
										)}
									</span>
									<span>{l.file_name}</span>
								</span>
							),
						},
						{ key: 'period', head: m.lists.period, width: '124px', cell: (l) => period(l.period) },
						{ key: 'office', head: m.lists.office, cell: (l) => words.office(l.office), narrow: false },
						{
							key: 'state',
							head: m.lists.state,
							width: '158px',
							cell: (l) => <ListStateMark state={l.state} />,
						},
						{
							key: 'rows',
							head: m.lists.accepted,
							width: '92px',
							right: true,
							cell: (l) => num(l.rows_accepted),
						},
						{
							key: 'rejected',
							head: m.lists.rejected,
							width: '84px',
							right: true,
							cell: (l) =>
								l.rows_rejected ? (
									<span class="not-ok-mark">{num(l.rows_rejected)}</span>
								) : (
									num(l.rows_rejected)
								),
							narrow: false,
						},
						{
							key: 'flags',
							head: m.lists.flags,
							width: '92px',
							right: true,
							cell: (l) =>
								l.open_flags ? <a href={`/temuan?list=${l.list}`}>{num(l.open_flags)}</a> : '0',
							narrow: false,
						},
						{
							key: 'received',
							head: m.lists.received,
							width: '128px',
							right: true,
							cell: (l) => ago(l.received_at),
							narrow: false,
						},
					]}
				/>
			)}
		</div>
	)
}
