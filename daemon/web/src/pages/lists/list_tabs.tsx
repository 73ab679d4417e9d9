// Two tabs of a list: rows that were set aside, and the differences to the version before.
import { useState } from 'preact/hooks'
import type { Change, Difference, Entry, RejectCount } from '#api'
import { address } from '../../api/client'
import { usePages } from '../../api/query'
import { go } from '../../app/router'
import { useWords } from '../../app/vocabulary'
import { said, useT } from '../../i18n'
import { num } from '../../i18n/format'
import { Empty, ErrorNote, LinkButton, Segments } from '../../ui/basics'
import { Table } from '../../ui/table'
import { birthText } from '../flags/side_by_side'

export function Rejects({ list, total, reasons }: { list: number; total: number; reasons: RejectCount[] }) {
	const l = useT().lists
	const pages = usePages('/lists/{list}/rejects', { path: { list } })
	if (!total) return <Empty icon="check" title={l.noRejects} />
	if (pages.error && !pages.items.length) return <ErrorNote error={pages.error} retry={pages.reload} />
	return (
		<div class="stack">
			<div class="row between">
				<p class="muted">{l.rejectsLead}</p>
				<LinkButton icon="download" href={address('/lists/{list}/rejects.csv', { path: { list } })} download>
					{l.rejectsDownload}
				</LinkButton>
			</div>
			{reasons.length > 0 && (
				<div class="chips">
					{reasons.map((r, i) => (
						<span key={i} class="tag">
							{said(r)} <b class="num">{num(r.count)}</b>
						</span>
					))}
				</div>
			)}
			<Table
				label={l.rejects}
				rows={pages.items}
				keyOf={(r) => r.row}
				more={pages.more}
				loading={pages.loading}
				card={(r) => (
					<>
						<div class="two-lines">{said(r)}</div>
						<div class="muted mono small cut">{r.cells.filter(Boolean).join(' · ')}</div>
					</>
				)}
				columns={[
					{ key: 'line', head: l.line, width: '84px', right: true, cell: (r) => num(r.line) },
					{
						key: 'why',
						head: l.why,
						width: 'minmax(0,1fr)',
						cell: (r) => <span title={said(r)}>{said(r)}</span>,
					},
					{
						key: 'cells',
						head: l.content,
						width: 'minmax(0,1.6fr)',
						cell: (r) => <span class="muted mono">{r.cells.filter(Boolean).join(' · ')}</span>,
						narrow: false,
					},
				]}
			/>
		</div>
	)
}

export function Changes({ list, difference }: { list: number; difference: Difference | null }) {
	const m = useT()
	const l = m.lists
	const words = useWords()
	const [what, setWhat] = useState<Change['what']>(
		difference && !difference.added ? (difference.changed ? 'changed' : 'left') : 'added',
	)
	const pages = usePages('/lists/{list}/changes', { path: { list }, query: { what } })
	const entry = (e: Entry | null) =>
		e ? (
			<span class="two">
				<span>{e.name}</span>
				<span>
					{[birthText(e.birth), words.village(e.village, e.village_text), e.nik].filter(Boolean).join(' · ')}
				</span>
			</span>
		) : (
			<span class="muted">–</span>
		)
	const count = (n: number | undefined) => (n === undefined ? '' : ` ${num(n)}`)
	return (
		<div class="stack">
			<Segments
				label={l.changes}
				value={what}
				onValue={(v) => setWhat(v)}
				choices={[
					['added', l.added + count(difference?.added)],
					['left', l.left + count(difference?.left)],
					['changed', l.changed + count(difference?.changed)],
				]}
			/>
			{pages.error && !pages.items.length ? (
				<ErrorNote error={pages.error} retry={pages.reload} />
			) : !pages.loading && !pages.items.length ? (
				<Empty icon="lists" title={m.common.none} />
			) : (
				<Table
					label={l.changes}
					rows={pages.items}
					keyOf={(c) => `${c.what}.${c.person}`}
					rowHeight={52}
					more={pages.more}
					loading={pages.loading}
					open={(c) => {
						const h = c.now?.household ?? c.before?.household
						if (h != null) go(`/keluarga/${h}`)
					}}
					columns={[
						...(what !== 'added'
							? [{ key: 'before', head: l.before, cell: (c: Change) => entry(c.before) }]
							: []),
						...(what !== 'left' ? [{ key: 'now', head: l.now, cell: (c: Change) => entry(c.now) }] : []),
					]}
				/>
			)}
		</div>
	)
}
