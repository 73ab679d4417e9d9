// Verifikasi lapangan: the sheets, making new ones, and what verification proposes for the target list.
import { useState } from 'preact/hooks'
import { post, session } from '../../api/client'
import { usePages, stale } from '../../api/query'
import { go } from '../../app/router'
import { useStore } from '../../app/store'
import { useWords } from '../../app/vocabulary'
import { useT } from '../../i18n'
import { ago, num, time } from '../../i18n/format'
import { Button, Empty, errorText, ErrorNote, Meter, PageHead, Segments, Skeleton } from '../../ui/basics'
import { toast } from '../../ui/toast'
import { queue } from './kept'
import { MakeSheets } from './make_sheets'

export default function FieldPage() {
	const m = useT()
	const f = m.field
	const words = useWords()
	const who = useStore(session)!
	const waiting = useStore(queue)
	const [state, setState] = useState<'open' | 'closed'>('open')
	const [making, setMaking] = useState(false)
	const sheets = usePages('/sheets', { query: { state } })
	const leads = who.role === 'administrator' || who.role === 'bappeda'
	return (
		<>
			<PageHead
				title={m.shell.field}
				actions={
					<>
						<Segments
							label={m.lists.state}
							value={state}
							choices={[
								['open', f.open],
								['closed', f.closed],
							]}
							onValue={(v) => setState(v)}
						/>
						{leads && (
							<Button kind="main" icon="plus" onClick={() => setMaking(true)}>
								{f.make}
							</Button>
						)}
					</>
				}
			>
				{leads ? f.lead : f.leadVerifier}
			</PageHead>
			{sheets.error && !sheets.items.length ? (
				<ErrorNote error={sheets.error} retry={sheets.reload} />
			) : sheets.loading && !sheets.items.length ? (
				<Skeleton lines={3} height={96} />
			) : !sheets.items.length ? (
				<Empty
					icon="field"
					title={f.noneTitle}
					action={
						leads &&
						state === 'open' && (
							<Button kind="main" icon="plus" onClick={() => setMaking(true)}>
								{f.make}
							</Button>
						)
					}
				>
					{leads ? f.none : f.noneVerifier}
				</Empty>
			) : (
				<div class="sheets">
					{sheets.items.map((s) => (
						<a key={s.sheet} class="card sheet-card" href={`/lapangan/${s.sheet}`}>
							<div class="row between">
								<b>{words.village(s.village)}</b>
								{waiting[s.sheet]?.length ? (
									<span class="tag warn">{num(waiting[s.sheet]!.length)}</span>
								) : null}
							</div>
							<span class="muted small">
								{s.title === `${words.village(s.village)}, ${words.kecamatan(s.village)}`
									? words.kecamatan(s.village)
									: s.title}
							</span>
							<Meter value={s.answered} max={s.items} label={f.answered(s.answered, s.items)} />
							<span class="row between small muted">
								<span class="num">{f.answered(s.answered, s.items)}</span>
								<span>{ago(s.made_at)}</span>
							</span>
						</a>
					))}
				</div>
			)}
			{sheets.more && (
				<div class="row center pad">
					<Button small onClick={sheets.more}>
						{m.common.more}
					</Button>
				</div>
			)}
			{leads && <Proposals />}
			{making && <MakeSheets onClose={() => setMaking(false)} />}
		</>
	)
}

function Proposals() {
	const m = useT()
	const f = m.field
	const pages = usePages('/proposals')
	const [busy, setBusy] = useState(false)
	const make = async () => {
		setBusy(true)
		try {
			const made = await post('/proposals', { body: {} })
			stale('/proposals')
			go(`/lapangan/usulan/${made.proposal}`)
		} catch (e) {
			toast(errorText(e as Error), { kind: 'bad' })
		}
		setBusy(false)
	}
	return (
		<section class="section proposals">
			<div class="row between">
				<div>
					<h2>{f.proposals}</h2>
					<p class="muted small">{f.proposalsLead}</p>
				</div>
				<Button onClick={() => void make()} busy={busy}>
					{f.makeProposal}
				</Button>
			</div>
			{pages.items.length === 0 ? (
				<p class="muted">{pages.loading ? m.common.loading : f.noProposals}</p>
			) : (
				<div class="plain-wrap">
					<table class="plain">
						<thead>
							<tr>
								<th>{f.proposals}</th>
								<th class="right">{f.keptHouseholds}</th>
								<th class="right">{f.takenOut}</th>
								<th class="right">{f.toAdd}</th>
								<th>{m.lists.state}</th>
							</tr>
						</thead>
						<tbody>
							{pages.items.map((p) => (
								<tr key={p.proposal}>
									<td>
										<a href={`/lapangan/usulan/${p.proposal}`}>{f.proposalOf(p.proposal)}</a>
										<div class="muted small">
											{time(p.made_at)} · {p.made_by}
										</div>
									</td>
									<td class="right">{num(p.kept)}</td>
									<td class="right">{num(p.taken_out)}</td>
									<td class="right">{num(p.to_add)}</td>
									<td>{f.proposalStates[p.state]}</td>
								</tr>
							))}
						</tbody>
					</table>
				</div>
			)}
		</section>
	)
}
