// One list: how it went, what came back, its versions and how they differ.
import { useState } from 'preact/hooks'
import type { ListDetail } from '#api'
import { address, post } from '../../api/client'
import { stale, useRead } from '../../api/query'
import { jobNews } from '../../app/events'
import type { PageProps } from '../../app/pages'
import { goQuery, usePlace } from '../../app/router'
import { useStore } from '../../app/store'
import { useWords } from '../../app/vocabulary'
import { said, useT } from '../../i18n'
import { bytes, day, num, period, time } from '../../i18n/format'
import { Button, ErrorNote, LinkButton, Meter, Note, PageHead, Skeleton } from '../../ui/basics'
import { ReasonDialog } from '../../ui/dialog'
import { KindMark, ListStateMark } from '../../ui/marks'
import { toast } from '../../ui/toast'
import { Changes, Rejects } from './list_tabs'

type Tab = '' | 'ditolak' | 'beda' | 'kolom'

export default function ListPage({ args }: PageProps) {
	const m = useT()
	const l = m.lists
	const words = useWords()
	const id = Number(args.list)
	const read = useRead('/lists/{list}', { path: { list: id } })
	const tab = (usePlace().query.get('lihat') ?? '') as Tab
	const [asking, setAsking] = useState(false)
	const d = read.data
	if (read.error && !d) return <ErrorNote error={read.error} retry={read.reload} />
	if (!d) return <Skeleton lines={7} />
	const tabs: Array<[Tab, string, number | null]> = [
		['', l.overview, null],
		['ditolak', l.rejects, d.rows_rejected],
		...(d.difference
			? [
					['beda', l.changes, d.difference.added + d.difference.left + d.difference.changed] as [
						Tab,
						string,
						number,
					],
				]
			: []),
		['kolom', l.columns, d.columns.length],
	]
	return (
		<>
			<PageHead
				title={
					<>
						{words.subject(d.kind, d.subject)} <span class="muted">{period(d.period)}</span>
					</>
				}
				back={{ href: '/daftar', text: m.shell.lists }}
				actions={
					<>
						{d.open_flags > 0 && (
							<LinkButton href={`/temuan?list=${id}`} icon="flag">
								{m.household.openFlags(d.open_flags)}
							</LinkButton>
						)}
						{d.may_withdraw && (
							<Button kind="danger" onClick={() => setAsking(true)}>
								{l.withdraw}
							</Button>
						)}
					</>
				}
			>
				<span class="row">
					<ListStateMark state={d.state} />
					{d.current && <span class="tag good">{l.current}</span>}
					{d.superseded_by != null && (
						<a class="tag" href={`/daftar/${d.superseded_by}`}>
							{l.superseded}
						</a>
					)}{' '}
					<span>
						{d.file_name} · {words.sender(d.sender, d.door)} · {time(d.received_at)}
					</span>
				</span>
			</PageHead>
			{d.refused && (
				<Note kind="bad">
					<b>{l.refused}.</b> {said(d.refused)}
				</Note>
			)}
			{d.withdrawn_at && (
				<Note kind="warn">
					{l.withdrawn(d.withdrawn_by ?? '–', time(d.withdrawn_at))} {d.withdrawn_reason}
				</Note>
			)}
			{d.completes != null && (
				<Note>
					<a href={`/daftar/${d.completes}`}>{l.completes}</a>
				</Note>
			)}
			{(d.state === 'received' || d.state === 'working' || d.state === 'staging') && <Progress d={d} />}
			<div class="tabs runs-on" role="tablist">
				{tabs.map(([key, text, count]) => (
					<button
						key={key}
						type="button"
						role="tab"
						aria-selected={tab === key}
						onClick={() => goQuery({ lihat: key })}
					>
						{text}
						{count != null && count > 0 && <span class="muted num"> {num(count)}</span>}
					</button>
				))}
			</div>
			<div class="tab-body">
				{tab === '' && <Overview d={d} />}
				{tab === 'ditolak' && <Rejects list={id} total={d.rows_rejected ?? 0} reasons={d.rejects} />}
				{tab === 'beda' && <Changes list={id} difference={d.difference} />}
				{tab === 'kolom' && <Columns d={d} />}
			</div>
			{asking && (
				<ReasonDialog
					title={l.withdrawTitle}
					text={l.withdrawText}
					label={m.common.reason}
					action={l.withdraw}
					danger
					onClose={() => setAsking(false)}
					run={async (reason) => {
						await post('/lists/{list}/withdrawal', {
							path: { list: id },
							body: { reason, version: d.version },
						})
						toast(m.common.saved)
						stale('/lists', '/home', '/flags', '/periods', '/coverage', '/overlap')
						read.reload()
					}}
				/>
			)}
		</>
	)
}

function Progress({ d }: { d: ListDetail }) {
	const m = useT()
	const news = useStore(jobNews)
	const live = news?.list === d.list ? news : null
	const p = d.progress
	const done = live?.rows_done ?? p?.rows_done ?? 0
	const total = live?.rows_total ?? p?.rows_total ?? null
	const stage = live?.stage ?? p?.stage ?? null
	if (p?.failed)
		return (
			<Note kind="bad">
				<b>{m.lists.failed}.</b> {said(p.failed)} {p.attempts > 1 && m.lists.attempts(p.attempts)}
			</Note>
		)
	return (
		<section class="card upload" aria-live="polite">
			<div class="row between">
				<h2>{stage ? (m.home.stage[stage] ?? stage) : m.lists.progress}</h2>
				<span class="muted num">{p?.ahead && !stage ? m.home.queue(p.ahead) : m.home.rowsOf(done, total)}</span>
			</div>
			<Meter value={done} max={total ?? 1} label={m.home.rowsOf(done, total)} />
		</section>
	)
}

function Overview({ d }: { d: ListDetail }) {
	const m = useT()
	const words = useWords()
	const l = m.lists
	const x = d.difference
	return (
		<div class="side">
			<div class="stack">
				<section class="card">
					<div class="body pad counts">
						<div>
							<b>{num(d.rows_read)}</b>
							<span>{l.read}</span>
						</div>
						<div>
							<b>{num(d.rows_accepted)}</b>
							<span>{l.accepted.toLowerCase()}</span>
						</div>
						<div>
							<b class={d.rows_rejected ? 'not-ok-mark' : ''}>{num(d.rows_rejected)}</b>
							<span>{l.rejected.toLowerCase()}</span>
						</div>
						<div>
							<b>{num(d.open_flags)}</b>
							<span>{l.flags.toLowerCase()}</span>
						</div>
					</div>
				</section>
				{x && (
					<section class="card">
						<header>
							<h2>{l.difference}</h2>
							<a class="small" href={`/daftar/${x.before}`}>
								{l.before}
							</a>
						</header>
						<div class="body counts">
							<div>
								<b>{num(x.added)}</b>
								<span>{l.added}</span>
							</div>
							<div>
								<b>{num(x.left)}</b>
								<span>{l.left}</span>
							</div>
							<div>
								<b>{num(x.changed)}</b>
								<span>{l.changed}</span>
							</div>
							<div>
								<b>{num(x.same)}</b>
								<span>{l.same}</span>
							</div>
						</div>
					</section>
				)}
				<section class="card">
					<header>
						<h2>{l.flagsOf}</h2>
					</header>
					{d.flags_by_kind.length ? (
						<ul class="waiting">
							{d.flags_by_kind.map((f) => (
								<li key={f.kind}>
									<a href={`/temuan?list=${d.list}&kind=${f.kind}`}>
										<b class="num">{num(f.count)}</b>
										<span class="grow">
											<KindMark kind={f.kind} />
										</span>
									</a>
								</li>
							))}
						</ul>
					) : (
						<p class="body muted">{l.noFlags}</p>
					)}
				</section>
				<section class="card">
					<header>
						<h2>{l.notes}</h2>
					</header>
					{d.notes.length ? (
						<ul class="body stack tight">
							{d.notes.map((n, i) => (
								<li key={i} class="row between tight">
									<span>{words.note(said(n))}</span>
									<b class="num">{num(n.count)}</b>
								</li>
							))}
						</ul>
					) : (
						<p class="body muted">{l.noNotes}</p>
					)}
				</section>
			</div>
			<div class="stack">
				<section class="card">
					<header>
						<h2>{l.versions}</h2>
					</header>
					<ol class="body timeline">
						{d.versions.map((v) => (
							<li key={v.list} class={v.current ? 'strong' : ''}>
								{v.list === d.list ? (
									<b>{time(v.received_at)}</b>
								) : (
									<a href={`/daftar/${v.list}`}>{time(v.received_at)}</a>
								)}
								<div class="muted">
									{period(v.period)} · {m.common.rows(v.rows_accepted ?? 0)} ·{' '}
									{words.sender(v.sender, v.door)}
									{v.current ? ` · ${l.current}` : ''}
								</div>
							</li>
						))}
					</ol>
				</section>
				<section class="card">
					<dl class="body pad facts small">
						<dt>{l.fileName}</dt>
						<dd>{d.file_name}</dd>
						<dt>{l.door}</dt>
						<dd>{l.doors[d.door] ?? d.door}</dd>
						<dt>{l.size}</dt>
						<dd>
							{bytes(d.bytes)}
							{d.encoding ? ` · ${d.encoding}` : ''}
							{d.sheet ? ` · ${d.sheet}` : ''}
						</dd>
						{d.decree_number && (
							<>
								<dt>{l.decree}</dt>
								<dd>{l.decreeOf(d.decree_number, day(d.decree_date))}</dd>
							</>
						)}
						<dt>SHA-256</dt>
						<dd class="mono">{d.sha256.slice(0, 16)}…</dd>
					</dl>
				</section>
				{(d.rows_rejected ?? 0) > 0 && (
					<a
						class="button plain"
						href={address('/lists/{list}/rejects.csv', { path: { list: d.list } })}
						download
					>
						{l.rejectsDownload}
					</a>
				)}
			</div>
		</div>
	)
}

function Columns({ d }: { d: ListDetail }) {
	const l = useT().lists
	const words = useWords()
	return (
		<div class="plain-wrap">
			<table class="plain">
				<thead>
					<tr>
						<th>#</th>
						<th>{l.header}</th>
						<th>{l.role}</th>
					</tr>
				</thead>
				<tbody>
					{d.columns.map((c) => (
						<tr key={c.column}>
							<td class="fit muted num">{c.column + 1}</td>
							<td>{c.header}</td>
							<td class={c.role === 'ignore' ? 'muted' : ''}>
								{words.word('column_roles', c.role)}
								{!c.sure && (
									<>
										{' '}
										<span class="tag warn">{l.unsureColumn}</span>
									</>
								)}
							</td>
						</tr>
					))}
				</tbody>
			</table>
		</div>
	)
}
