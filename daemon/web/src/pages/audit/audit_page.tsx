// Jejak audit: who saw and did what; whether the chain is whole; whose numbers were opened, and why.
import { useState } from 'preact/hooks'
import type { AuditRow } from '#api'
import { post, session, type Answer } from '../../api/client'
import { usePages } from '../../api/query'
import { goQuery, usePlace } from '../../app/router'
import { said, useT } from '../../i18n'
import { num, time } from '../../i18n/format'
import { Button, Empty, errorText, ErrorNote, Note, PageHead, Segments } from '../../ui/basics'
import { Table } from '../../ui/table'
import { toast } from '../../ui/toast'

export default function AuditPage() {
	const m = useT()
	const a = m.audit
	const { query } = usePlace()
	const administrator = session.value?.role === 'administrator'
	const view = administrator && query.get('lihat') !== 'nik' ? 'trail' : 'nik'
	const [whole, setWhole] = useState<Answer<'/audit/verify', 'post'> | null>(null)
	const [busy, setBusy] = useState(false)
	const verify = async () => {
		setBusy(true)
		try {
			setWhole(await post('/audit/verify'))
		} catch (e) {
			toast(errorText(e as Error), { kind: 'bad' })
		}
		setBusy(false)
	}
	return (
		<>
			<PageHead
				title={m.shell.audit}
				actions={
					administrator && (
						<>
							<Segments
								label={m.shell.audit}
								value={view}
								choices={[
									['trail', a.trail],
									['nik', a.unmaskings],
								]}
								onValue={(v) => goQuery({ lihat: v === 'nik' ? 'nik' : null })}
							/>
							<Button icon="audit" busy={busy} onClick={() => void verify()}>
								{a.verify}
							</Button>
						</>
					)
				}
			>
				{view === 'trail' ? a.lead : a.unmaskLead}
			</PageHead>
			{whole && (
				<div class="stack tight gap-below">
					<Note kind={whole.whole ? 'good' : 'bad'}>
						{whole.whole ? a.whole(whole.rows) : a.broken(whole.broken_at ?? 0)}{' '}
						<span class="muted mono small">{a.head(whole.head_hash.slice(0, 16))}</span>
					</Note>
				</div>
			)}
			{view === 'trail' ? <Trail /> : <Unmaskings />}
		</>
	)
}

function Trail() {
	const m = useT()
	const a = m.audit
	const { query } = usePlace()
	const filter = Object.fromEntries(
		['action', 'from', 'to', 'kind', 'id', 'user'].flatMap((n) => (query.get(n) ? [[n, query.get(n)!]] : [])),
	)
	const pages = usePages('/audit', { query: filter })
	return (
		<>
			<div class="filters">
				<label class="row small">
					<span class="muted">{a.from}</span>
					<input
						class="input"
						type="date"
						value={query.get('from') ?? ''}
						onChange={(e) => goQuery({ from: e.currentTarget.value })}
					/>
				</label>
				<label class="row small">
					<span class="muted">{a.to}</span>
					<input
						class="input"
						type="date"
						value={query.get('to') ?? ''}
						onChange={(e) => goQuery({ to: e.currentTarget.value })}
					/>
				</label>
				<input
					class="input"
					aria-label={a.action}
					placeholder={a.action}
					value={query.get('action') ?? ''}
					onChange={(e) => goQuery({ action: e.currentTarget.value })}
				/>
			</div>
			{pages.error && !pages.items.length ? (
				<ErrorNote error={pages.error} retry={pages.reload} />
			) : !pages.loading && !pages.items.length ? (
				<Empty icon="audit" title={a.noneTitle}>
					{a.none}
				</Empty>
			) : (
				<Table<AuditRow>
					label={a.trail}
					rows={pages.items}
					keyOf={(r) => r.number}
					more={pages.more}
					loading={pages.loading}
					rowHeight={44}
					card={(r) => (
						<>
							<b class="cut">{said(r) || r.action}</b>
							<div class="small cut">
								{r.kind ? (a.kinds[r.kind] ?? r.kind) : ''} {r.ids.slice(0, 4).join(', ')}
								{r.ids.length > 4 ? ` +${num(r.ids.length - 4)}` : ''}
							</div>
							<div class="row between small muted">
								<span>{r.who}</span>
								<span>{time(r.at)}</span>
							</div>
						</>
					)}
					columns={[
						{
							key: 'number',
							head: a.number,
							width: '76px',
							right: true,
							cell: (r) => num(r.number),
							narrow: false,
						},
						{ key: 'at', head: a.when, width: '164px', cell: (r) => time(r.at) },
						{ key: 'who', head: a.who, width: '140px', cell: (r) => r.who },
						{
							key: 'what',
							head: a.what,
							width: 'minmax(0,1.6fr)',
							cell: (r) => <span title={r.action}>{said(r) || r.action}</span>,
						},
						{
							key: 'about',
							head: a.about,
							cell: (r) => (
								<span class="muted">
									{r.kind ? (a.kinds[r.kind] ?? r.kind) : ''} {r.ids.slice(0, 4).join(', ')}
									{r.ids.length > 4 ? ` +${num(r.ids.length - 4)}` : ''}
								</span>
							),
							narrow: false,
						},
						{
							key: 'from',
							head: a.address,
							width: '120px',
							cell: (r) => <span class="muted mono">{r.address}</span>,
							narrow: false,
						},
					]}
				/>
			)}
		</>
	)
}

function Unmaskings() {
	const a = useT().audit
	const pages = usePages('/audit/unmaskings')
	if (pages.error && !pages.items.length) return <ErrorNote error={pages.error} retry={pages.reload} />
	if (!pages.loading && !pages.items.length)
		return (
			<Empty icon="eye" title={a.noneTitle}>
				{a.noUnmaskings}
			</Empty>
		)
	return (
		<Table
			label={a.unmaskings}
			rows={pages.items}
			keyOf={(u) => `${u.at}${u.who}${u.row}`}
			more={pages.more}
			loading={pages.loading}
			rowHeight={44}
			card={(u) => (
				<>
					<b class="cut">{u.reason}</b>
					<div class="row between small muted">
						<span>
							{u.who} · {a.entries(u.entries)}
						</span>
						<span>{time(u.at)}</span>
					</div>
				</>
			)}
			columns={[
				{ key: 'at', head: a.when, width: '164px', cell: (u) => time(u.at) },
				{ key: 'who', head: a.who, width: '150px', cell: (u) => u.who },
				{ key: 'what', head: a.what, cell: (u) => `${u.what} · ${a.entries(u.entries)}`, narrow: false },
				{
					key: 'reason',
					head: a.reason,
					width: 'minmax(0,1.5fr)',
					cell: (u) => <span title={u.reason}>{u.reason}</span>,
				},
			]}
		/>
	)
}
