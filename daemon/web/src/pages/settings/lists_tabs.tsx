// Remembered columns, alerts, work that waits.
import { useState } from 'preact/hooks'
import type { Alert, ColumnMemory as Memory } from '#api'
import { post, session } from '../../api/client'
import { usePages, useRead } from '../../api/query'
import { useWords } from '../../app/vocabulary'
import { useT } from '../../i18n'
import { ago, time } from '../../i18n/format'
import { Button, Empty, errorText, ErrorNote, Segments, Skeleton } from '../../ui/basics'
import { Table } from '../../ui/table'
import { toast } from '../../ui/toast'

export function ColumnMemory() {
	const m = useT()
	const s = m.settings
	const words = useWords()
	const read = useRead('/settings/columns')
	if (read.error && !read.data) return <ErrorNote error={read.error} retry={read.reload} />
	if (!read.data) return <Skeleton lines={4} height={40} />
	const forget = (x: Memory) =>
		post('/settings/columns/forget', { body: { office: x.office, header: x.header } }).then(
			() => {
				toast(m.common.saved)
				read.reload()
			},
			(e: Error) => toast(errorText(e), { kind: 'bad' }),
		)
	const synonyms = Object.entries(read.data.synonyms)
	return (
		<>
			{!read.data.remembered.length ? (
				<Empty icon="lists" title={s.noneYet} />
			) : (
				<div class="plain-wrap">
					<table class="plain stacks">
						<thead>
							<tr>
								<th>{s.office}</th>
								<th>{s.header}</th>
								<th>{s.used}</th>
								<th />
							</tr>
						</thead>
						<tbody>
							{read.data.remembered.map((x, i) => (
								<tr key={i}>
									<td>{words.office(x.office)}</td>
									<td class="wide">
										<span class="chips">
											{x.header.map((h, j) => (
												<span key={j} class={`tag ${x.roles[j] === 'ignore' ? '' : 'accent'}`}>
													{h || '–'}
													{x.roles[j] && x.roles[j] !== 'ignore'
														? ` → ${words.word('column_roles', x.roles[j])}`
														: ''}
												</span>
											))}
										</span>
									</td>
									<td class="fit muted">{ago(x.used_at)}</td>
									<td class="fit">
										<Button small kind="quiet" onClick={() => void forget(x)}>
											{s.forget}
										</Button>
									</td>
								</tr>
							))}
						</tbody>
					</table>
				</div>
			)}
			{synonyms.length > 0 && (
				<section class="card">
					<header>
						<h2>{s.synonyms}</h2>
					</header>
					<dl class="facts body">
						{synonyms.map(([role, list]) => [
							<dt key={role}>{words.word('column_roles', role)}</dt>,
							<dd key={`${role}d`}>{list.join(', ')}</dd>,
						])}
					</dl>
				</section>
			)}
		</>
	)
}

export function Alerts() {
	const m = useT()
	const s = m.settings
	const [state, setState] = useState<'' | Alert['state']>('')
	const pages = usePages('/alerts', { query: state ? { state } : {} })
	const administrator = session.value?.role === 'administrator'
	const retry = (a: Alert) =>
		post('/alerts/{alert}/retry', { path: { alert: a.alert } }).then(
			(now) => pages.replace((x) => (x.alert === now.alert ? now : x)),
			(e: Error) => toast(errorText(e), { kind: 'bad' }),
		)
	return (
		<>
			<div class="row">
				<Segments
					label={m.lists.state}
					value={state}
					onValue={(v) => setState(v)}
					choices={[
						['', m.common.all],
						['waiting', s.waiting],
						['sent', s.sent],
						['dead', s.dead],
					]}
				/>
			</div>
			{pages.error && !pages.items.length ? (
				<ErrorNote error={pages.error} retry={pages.reload} />
			) : !pages.loading && !pages.items.length ? (
				<Empty icon="clock" title={s.noneYet}>
					{s.noAlerts}
				</Empty>
			) : (
				<Table<Alert>
					label={s.tabs.alerts!}
					rows={pages.items}
					keyOf={(a) => a.alert}
					rowHeight={50}
					more={pages.more}
					loading={pages.loading}
					card={(a) => (
						<>
							<div class="row between">
								<b class="cut grow">{a.recipient}</b>
								<span
									class={`tag ${a.state === 'sent' ? 'good' : a.state === 'dead' ? 'bad' : 'warn'}`}
								>
									{s[a.state]}
								</span>
							</div>
							<div class="row between small muted">
								<span class="cut grow">{a.last_error ?? s.alertKinds[a.kind] ?? a.kind}</span>
								{administrator && a.state === 'dead' ? (
									<Button small kind="quiet" onClick={() => void retry(a)}>
										{s.retry}
									</Button>
								) : (
									<span class="nowrap">{ago(a.sent_at ?? a.created_at)}</span>
								)}
							</div>
						</>
					)}
					columns={[
						{
							key: 'to',
							head: s.recipient,
							width: 'minmax(0,1.4fr)',
							cell: (a) => (
								<span class="two">
									<span>{a.recipient}</span>
									<span>{a.last_error ?? s.alertKinds[a.kind] ?? a.kind}</span>
								</span>
							),
						},
						{ key: 'channel', head: s.channel, width: '92px', cell: (a) => a.channel, narrow: false },
						{
							key: 'state',
							head: m.lists.state,
							width: '110px',
							cell: (a) => (
								<span
									class={`tag ${a.state === 'sent' ? 'good' : a.state === 'dead' ? 'bad' : 'warn'}`}
								>
									{s[a.state]}
								</span>
							),
						},
						{
							key: 'attempts',
							head: s.attempts,
							width: '90px',
							right: true,
							cell: (a) => a.attempts,
							narrow: false,
						},
						{
							key: 'at',
							head: m.audit.when,
							width: '150px',
							cell: (a) => ago(a.sent_at ?? a.created_at),
							narrow: false,
						},
						{
							key: 'retry',
							head: '',
							width: '110px',
							right: true,
							cell: (a) =>
								administrator &&
								a.state === 'dead' && (
									<Button small kind="quiet" onClick={() => void retry(a)}>
										{s.retry}
									</Button>
								),
						},
					]}
				/>
			)}
		</>
	)
}

export function Jobs() {
	const m = useT()
	const pages = usePages('/jobs')
	if (!pages.items.length) return null
	return (
		<section class="stack tight">
			<h2>{m.settings.jobs}</h2>
			<div class="plain-wrap">
				<table class="plain headless">
					<tbody>
						{pages.items.slice(0, 30).map((j) => (
							<tr key={j.job}>
								<td>
									{m.settings.jobKinds[j.kind] ?? j.kind}
									{j.list != null && (
										<>
											{' '}
											<a href={`/daftar/${j.list}`}>
												{m.lists.subject} {j.list}
											</a>
										</>
									)}
								</td>
								<td>
									<span
										class={`tag ${j.state === 'failed' ? 'bad' : j.state === 'done' ? 'good' : ''}`}
									>
										{m.settings.jobStates[j.state] ?? j.state}
									</span>
								</td>
								<td class="fit muted">{time(j.created_at)}</td>
							</tr>
						))}
					</tbody>
				</table>
			</div>
		</section>
	)
}
