// Keluarga: one family through all lists and time.
import type { Household } from '#api'
import { stale, useRead } from '../../api/query'
import type { PageProps } from '../../app/pages'
import { pairHref } from '../../app/router'
import { useWords } from '../../app/vocabulary'
import { said, useT } from '../../i18n'
import { day, period, time } from '../../i18n/format'
import { Empty, ErrorNote, LinkButton, Note, PageHead, Skeleton } from '../../ui/basics'
import { Term } from '../../ui/help'
import { Certainty, KindMark, SeverityMark, StatusMark } from '../../ui/marks'
import { birthText } from '../flags/side_by_side'
import { Entries } from './entries'

export default function HouseholdPage({ args }: PageProps) {
	const m = useT()
	const h = m.household
	const words = useWords()
	const read = useRead('/households/{household}', { path: { household: Number(args.household) } })
	const d = read.data
	if (read.error && !d) return <ErrorNote error={read.error} retry={read.reload} />
	if (!d) return <Skeleton lines={8} />
	const place = [
		words.village(d.village, d.village_text),
		d.rt != null ? `RT ${d.rt}/RW ${d.rw ?? '–'}` : null,
		d.address,
	]
		.filter(Boolean)
		.join(' · ')
	return (
		<>
			<PageHead title={h.title(d.head ?? `${d.household}`)} back={{ href: '/keluarga', text: m.shell.household }}>
				<span class="row">
					<span>{place}</span>
					{d.desil != null && (
						<span class="tag">
							<Term code="desil">{m.coverage.desil(d.desil)}</Term>
						</span>
					)}
					<span class={`tag ${d.on_target ? 'good' : ''}`}>{d.on_target ? h.onTarget : h.offTarget}</span>
				</span>
			</PageHead>
			{d.became != null && (
				<Note kind="warn">
					{h.became}{' '}
					<LinkButton small href={`/keluarga/${d.became}`}>
						{h.toOther}
					</LinkButton>
				</Note>
			)}
			<div class="side">
				<div class="stack">
					<Members d={d} />
					<section class="card">
						<header>
							<h2>{h.programmes}</h2>
						</header>
						<div class="body">
							<PeriodGrid d={d} />
						</div>
					</section>
					<section class="stack tight">
						<h2>{h.entries}</h2>
						<Entries entries={d.entries} unmasked={() => stale('/households')} />
					</section>
				</div>
				<div class="stack">
					<section class="card">
						<header>
							<h2>{h.flags}</h2>
							{d.flags.length > 0 && (
								<a class="small" href={`/temuan?household=${d.household}&status=all`}>
									{m.home.allFlags}
								</a>
							)}
						</header>
						{d.flags.length ? (
							<ul class="waiting">
								{d.flags.map((f) => (
									<li key={f.flag}>
										<a href={`/temuan/${f.flag}`}>
											<SeverityMark severity={f.severity} words={false} />
											<span class="grow">
												<KindMark kind={f.kind} />
												<br />
												<span class="small">
													<StatusMark status={f.status} />
												</span>
											</span>
											<Certainty value={f.certainty} />
										</a>
									</li>
								))}
							</ul>
						) : (
							<p class="body muted">{h.noFlags}</p>
						)}
					</section>
					<section class="card">
						<header>
							<h2>{h.cards}</h2>
						</header>
						{d.cards.length === 0 && <p class="body muted">{h.noCards}</p>}
						<ul class="body stack tight" hidden={d.cards.length === 0}>
							{d.cards.map((c) => (
								<li key={c.kk} class="row between">
									<span class="nik">{c.kk}</span>
									<span class="muted small">{h.since(day(c.since), day(c.last_seen))}</span>
								</li>
							))}
						</ul>
					</section>
					{d.decisions.length > 0 && (
						<section class="card">
							<header>
								<h2>{h.decisions}</h2>
							</header>
							<ol class="body timeline">
								{d.decisions.map((x) => (
									<li key={x.decision} class={x.undone_at ? '' : 'strong'}>
										<a href={pairHref(x.pair)}>
											{x.a?.name ?? '–'} / {x.b?.name ?? '–'}
										</a>
										: {m.review.verdicts[x.verdict]}
										{x.undone_at && ` (${h.undone})`}
										<div class="muted">
											{time(x.at)} · {x.who}
											{x.reason ? ` · ${x.reason}` : ''}
										</div>
									</li>
								))}
							</ol>
						</section>
					)}
					{d.history.length > 0 && (
						<section class="card">
							<header>
								<h2>{h.history}</h2>
							</header>
							<ol class="body timeline">
								{d.history.map((x, i) => (
									<li key={i}>
										{x.what === 'merge' ? h.merge : h.split}{' '}
										<span class="muted">
											{x.old_id} → {x.new_id}
										</span>
										<div class="muted">{time(x.at)}</div>
									</li>
								))}
							</ol>
						</section>
					)}
					{d.looked && d.looked.length > 0 && (
						<section class="card">
							<header>
								<h2>{h.looked}</h2>
							</header>
							<ol class="body timeline">
								{together(d.looked).map(({ last: x, first, n }, i) => (
									<li key={i}>
										{said(x)}
										{n > 1 && <span class="muted"> {h.times(n)}</span>}
										{x.reason ? ` – ${x.reason}` : ''}
										<div class="muted">
											{n > 1 ? h.since(time(first.at), time(x.at)) : time(x.at)} · {x.who}
										</div>
									</li>
								))}
							</ol>
						</section>
					)}
				</div>
			</div>
		</>
	)
}

// The newest first; what one person did over and over stands once.
type Look = NonNullable<Household['looked']>[number]
function together(looks: Look[]) {
	const groups: Array<{ last: Look; first: Look; n: number }> = []
	for (const x of looks) {
		const g = groups[groups.length - 1]
		if (g && g.last.who === x.who && g.last.text === x.text && g.last.reason === x.reason) {
			g.first = x
			g.n++
		} else groups.push({ last: x, first: x, n: 1 })
	}
	return groups
}

function Members({ d }: { d: Household }) {
	const m = useT()
	const h = m.household
	const words = useWords()
	return (
		<section class="stack tight">
			<h2>{h.members}</h2>
			<div class="plain-wrap" tabIndex={0}>
				<table class="plain stacks">
					<thead>
						<tr>
							<th>{m.common.fieldNames.name}</th>
							<th>{m.common.fieldNames.relation}</th>
							<th>{m.common.fieldNames.birth}</th>
							<th>{m.common.fieldNames.nik}</th>
							<th>{m.shell.lists}</th>
						</tr>
					</thead>
					<tbody>
						{d.members.map((p) => (
							<tr key={p.person} class={p.here_now ? '' : 'muted'}>
								<td>
									<b>{p.name}</b>
									<div class="muted small">
										{p.sex ? m.common.sex[p.sex] : ''}
										{!p.here_now && ` · ${h.left}`}
									</div>
								</td>
								<td>{p.relation ? words.word('relations', p.relation) : '–'}</td>
								<td>{birthText(p.birth) ?? '–'}</td>
								<td class="nik">{p.nik ?? '–'}</td>
								<td class="wide">
									<span class="chips member-lists">
										{p.lists
											.filter((l) => l.current)
											.map((l) => (
												<a
													key={`${l.list}.${l.row}`}
													class="tag"
													title={words.subject(l.kind, l.subject)}
													href={`/daftar/${l.list}`}
												>
													{words.subject(l.kind, l.subject)}
												</a>
											))}
									</span>
								</td>
							</tr>
						))}
					</tbody>
				</table>
			</div>
		</section>
	)
}

// Which programme reached it in which period: a row a programme, a column a period.
function PeriodGrid({ d }: { d: Household }) {
	const h = useT().household
	const words = useWords()
	if (!d.programmes.length) return <p class="muted">{h.noProgrammes}</p>
	const periods = [...new Set(d.programmes.flatMap((p) => p.periods))].sort().slice(-12)
	const programmes = [...new Set(d.programmes.map((p) => p.programme))]
	if (!periods.length) return <Empty icon="lists" title={h.noProgrammes} />
	return (
		<div class="chart" tabIndex={0}>
			<table class="period-grid">
				<thead>
					<tr>
						<td />
						{periods.map((p) => (
							<th key={p} scope="col">
								{period(p)}
							</th>
						))}
					</tr>
				</thead>
				<tbody>
					{programmes.map((code) => {
						const mine = d.programmes.filter((p) => p.programme === code)
						return (
							<tr key={code}>
								<th scope="row">
									{words.programme(code)}
									<div class="small">{[...new Set(mine.map((p) => p.name))].join(', ')}</div>
								</th>
								{periods.map((p) => {
									const on = mine.find((x) => x.periods.includes(p))
									return (
										<td key={p}>
											<span
												class={on ? `on ${on.current ? 'current' : ''}` : ''}
												title={`${words.programme(code)} ${period(p)}`}
											>
												<span class="hidden">{on ? '●' : '–'}</span>
											</span>
										</td>
									)
								})}
							</tr>
						)
					})}
				</tbody>
			</table>
		</div>
	)
}
