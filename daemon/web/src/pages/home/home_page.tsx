// Beranda: three figures that matter to this role, what waits for me, what happened since I was here, what is being worked on.
import { useEffect, useRef } from 'preact/hooks'
import type { Figure, FlagCount, Happening, List, Waiting } from '#api'
import { get, session } from '../../api/client'
import { useRead } from '../../api/query'
import { jobNews } from '../../app/events'
import { useStore } from '../../app/store'
import { useWords, type Words } from '../../app/vocabulary'
import { said, useT } from '../../i18n'
import { ago, num, num1, period, share1 } from '../../i18n/format'
import { Spark } from '../../charts/spark'
import { Empty, ErrorNote, LinkButton, Meter, PageHead, Skeleton } from '../../ui/basics'
import { Icon } from '../../ui/icons'
import { toneOf, Trend } from '../../ui/marks'

const valueOf = (f: Figure, v: number | null) =>
	f.unit === 'share' ? share1(v) : Number.isInteger(v) ? num(v) : num1(v)

export default function HomePage() {
	const m = useT()
	const who = useStore(session)!
	const home = useRead('/home')
	const since = useRef<string | null | undefined>(undefined)
	// "Since I was here" stays as it was on arrival, though the server is told that I am here now.
	if (home.data && since.current === undefined) since.current = home.data.since
	const here = since.current !== undefined
	useEffect(() => {
		if (here) void get('/home', { query: { seen: true } }).catch(() => undefined)
	}, [here])
	if (home.error) return <ErrorNote error={home.error} retry={home.reload} />
	const data = home.data
	const may = (what: string) => who.may.includes(what)
	return (
		<>
			<PageHead
				title={m.home.hello((who.full_name || who.name).split(' ')[0]!)}
				actions={
					may('send_lists') && (
						<LinkButton href="/daftar/kirim" icon="upload" kind="main">
							{m.shell.sendList}
						</LinkButton>
					)
				}
			>
				{data ? (since.current ? m.home.since(ago(since.current)) : m.home.firstTime) : ' '}
			</PageHead>
			{!data ? (
				<Skeleton lines={3} height={90} />
			) : data.empty ? (
				<Empty
					icon="lists"
					title={m.home.emptyTitle}
					action={
						may('send_lists') && (
							<LinkButton kind="main" icon="upload" href="/daftar/kirim">
								{m.shell.sendList}
							</LinkButton>
						)
					}
				>
					{may('send_lists') ? m.home.emptySend : m.home.emptyWait}
				</Empty>
			) : (
				<div class="home">
					<div class="grid-3">
						{data.figures.map((f) => (
							<FigureCard key={f.code} figure={f} />
						))}
					</div>
					{data.lists_working.length > 0 && <Working lists={data.lists_working} />}
					<div class="side">
						<div class="stack">
							<section class="card">
								<header>
									<h2>{m.home.waiting}</h2>
								</header>
								{data.waiting.length ? (
									<WaitingList items={data.waiting} />
								) : (
									<p class="body muted">{m.home.nothingWaiting}</p>
								)}
							</section>
							<section class="card">
								<header>
									<h2>{m.home.kinds}</h2>
									<a class="small" href="/temuan">
										{m.home.allFlags}
									</a>
								</header>
								<Kinds counts={data.flags_by_kind} />
							</section>
						</div>
						<section class="card">
							<header>
								<h2>{m.home.happened}</h2>
							</header>
							<div class="body">
								{data.happened.length ? (
									<Happened items={data.happened} since={since.current ?? null} />
								) : (
									<p class="muted">{m.home.nothingHappened}</p>
								)}
							</div>
						</section>
					</div>
				</div>
			)}
		</>
	)
}

function FigureCard({ figure: f }: { figure: Figure }) {
	const m = useT().home
	const values = f.trend.map((p) => p.value)
	return (
		<a class="card figure" href={f.link}>
			<span class="figure-name">{said(f)}</span>
			<span class="figure-value">
				{valueOf(f, f.value)}
				<Trend now={f.value} before={f.before} better={f.better} />
			</span>
			<span class="muted small">
				{f.code === 'open_flags' ? `${m.withoutData} · ` : ''}
				{f.before == null
					? m.noTrend
					: f.by === 'list'
						? m.beforeList(valueOf(f, f.before))
						: m.before(valueOf(f, f.before))}
			</span>
			{values.filter((v) => v != null).length > 1 && (
				<Spark values={values} labels={f.trend.map((p) => period(p.period))} />
			)}
		</a>
	)
}

function WaitingList({ items }: { items: Waiting[] }) {
	const m = useT().home
	return (
		<ul class="waiting">
			{items.map((w) => (
				<li key={w.code}>
					<a href={w.link}>
						<b class="num">{num(w.count)}</b>
						<span class="grow">{said(w)}</span>
						{w.urgent && <span class="tag warn">{m.urgent}</span>}
						<Icon name="right" size={14} />
					</a>
				</li>
			))}
		</ul>
	)
}

function Kinds({ counts }: { counts: FlagCount[] }) {
	const m = useT().home
	const words = useWords()
	const shown = counts.filter((c) => c.count > 0).sort((a, b) => b.count - a.count)
	const most = Math.max(1, ...shown.map((c) => c.count))
	if (!shown.length) return <p class="body muted">{m.nothingWaiting}</p>
	return (
		<ul class="kinds">
			{shown.map((c) => (
				<li key={c.kind}>
					<a href={`/temuan?kind=${c.kind}`} class={toneOf(c.kind)}>
						<span class="kinds-name">{words.word('flag_kinds', c.kind)}</span>
						<span
							class="kinds-bar"
							title={`${m.finding} ${num(c.finding)} · ${m.toCheck} ${num(c.to_check)} · ${m.provisional} ${num(c.provisional)}`}
						>
							<span class="solid" style={{ width: `${(c.finding / most) * 100}%` }} />
							<span class="soft" style={{ width: `${((c.to_check + c.provisional) / most) * 100}%` }} />
						</span>
						<span class="num right">{num(c.count)}</span>
					</a>
				</li>
			))}
			<li class="legend">
				<span>
					<i class="l-solid" />
					{m.finding}
				</span>
				<span>
					<i class="l-soft" />
					{m.toCheck} / {m.provisional}
				</span>
			</li>
		</ul>
	)
}

// "pkh 2024-07 diperiksa" in the programme's and the month's own names.
const plain = (text: string, words: Words) =>
	text.replace(
		/^(\S+) (\d{4}(?:-\d\d)?) /,
		(_, subject: string, p: string) =>
			`${words.subject(subject === 'target' ? 'target' : words.programmeOf(subject) ? 'programme' : 'reference', subject)} ${period(p)} `,
	)

function Happened({ items, since }: { items: Happening[]; since: string | null }) {
	const m = useT().home
	const words = useWords()
	return (
		<ol class="timeline">
			{items.slice(0, 14).map((h, i) => {
				const fresh = since !== null && h.at > since
				const text = (
					<>
						{plain(said(h), words)}
						{h.count && h.list == null && h.count > 1 ? ` (${num(h.count)})` : ''}
					</>
				)
				return (
					<li key={i} class={fresh ? 'strong' : ''}>
						{h.link ? <a href={h.link}>{text}</a> : text}
						<div class="muted">
							{ago(h.at)}
							{h.who ? ` · ${words.sender(h.who, h.door)}` : ''}
							{fresh ? ` · ${m.new}` : ''}
						</div>
					</li>
				)
			})}
		</ol>
	)
}

function Working({ lists }: { lists: List[] }) {
	const m = useT().home
	const words = useWords()
	const news = useStore(jobNews)
	return (
		<section class="card working" aria-live="polite">
			<header>
				<h2>{m.working}</h2>
			</header>
			<ul class="body stack tight">
				{lists.map((l) => {
					const live = news?.list === l.list ? news : null
					const done = live?.rows_done ?? l.progress?.rows_done ?? 0
					const total = live?.rows_total ?? l.progress?.rows_total ?? l.rows_accepted ?? l.rows_read
					const stage = live?.stage ?? l.progress?.stage
					return (
						<li key={l.list}>
							<a href={`/daftar/${l.list}`} class="row between">
								<b>
									{words.subject(l.kind, l.subject)} · {period(l.period)}
								</b>
								<span class="muted small num">
									{stage ? (m.stage[stage] ?? stage) : m.queue(l.progress?.ahead ?? 0)} ·{' '}
									{m.rowsOf(done, total)}
								</span>
							</a>
							<Meter value={done} max={total ?? 1} label={m.rowsOf(done, total)} />
						</li>
					)
				})}
			</ul>
		</section>
	)
}
