// Cakupan: of the households that should be reached, how many are – by place, programme, desil, period.
import type { Coverage } from '#api'
import { session } from '../../api/client'
import { useRead } from '../../api/query'
import { go, goQuery, usePlace } from '../../app/router'
import { useWords } from '../../app/vocabulary'
import { useT } from '../../i18n'
import { ago, num, period, share1 } from '../../i18n/format'
import { Chart } from '../../charts/plot'
import { Empty, ErrorNote, LinkButton, Note, PageHead, Segments, Select, Skeleton } from '../../ui/basics'
import { Term } from '../../ui/help'
import { Trend } from '../../ui/marks'
import { Table } from '../../ui/table'

type By = 'kecamatan' | 'village' | 'programme' | 'desil' | 'period'

export default function CoveragePage() {
	const m = useT()
	const c = m.coverage
	const words = useWords()
	const { query } = usePlace()
	const by = (query.get('menurut') ?? 'kecamatan') as By
	const programme = query.get('programme') ?? ''
	const kecamatan = query.get('kecamatan') ?? ''
	const desil = query.get('desil') ?? ''
	const filter = {
		by,
		...(programme ? { programme } : {}),
		...(kecamatan ? { kecamatan } : {}),
		...(desil ? { desil: Number(desil) } : {}),
	}
	const read = useRead('/coverage', { query: filter })
	const d = read.data
	const nameOf = (r: Coverage) =>
		by === 'programme'
			? words.programme(r.key)
			: by === 'desil'
				? c.desil(r.key ?? '–')
				: by === 'period'
					? period(r.key)
					: !r.key
						? c.unknownPlace
						: by === 'village'
							? words.village(Number(r.key), r.name)
							: r.name
	const leftOut = (r: Coverage) =>
		`/cakupan/terlewat?${new URLSearchParams({
			...(by === 'kecamatan' && r.key ? { kecamatan: r.key } : kecamatan ? { kecamatan } : {}),
			...(by === 'village' && r.key ? { village: r.key } : {}),
			...(by === 'desil' && r.key ? { desil: r.key } : desil ? { desil } : {}),
		})}`
	// An office sees how far its own programmes reach; whom others reach, and so who is left out, is the district's to see.
	const own = session.value?.role === 'office'
	const places = by !== 'programme' && by !== 'period' && !own
	const leftName = own ? c.notOurs : c.leftOut
	const rows = d
		? [...d.rows].sort((a, b) =>
				by === 'period' || by === 'desil'
					? 0
					: by === 'programme'
						? b.reached - a.reached
						: b.left_out - a.left_out,
			)
		: []
	return (
		<>
			<PageHead
				title={m.shell.coverage}
				actions={
					places && (
						<LinkButton
							href={`/cakupan/terlewat?${new URLSearchParams({ ...(kecamatan ? { kecamatan } : {}) })}`}
							icon="lists"
						>
							{c.showLeftOut}
						</LinkButton>
					)
				}
			>
				{own ? c.leadOwn : c.lead}
			</PageHead>
			<div class="filters">
				<Segments
					label={c.by}
					value={by}
					choices={Object.entries(c.groups) as Array<[By, string]>}
					onValue={(v) => goQuery({ menurut: v === 'kecamatan' ? null : v }, false)}
				/>
				<Select
					hideLabel
					label={c.programme}
					value={programme}
					choices={[
						['', c.anyProgramme],
						...words.raw.programmes.map((p): [string, string] => [p.programme, p.name]),
					]}
					onValue={(v) => goQuery({ programme: v })}
				/>
				{words.kecamatans.length > 1 && by !== 'kecamatan' && (
					<Select
						hideLabel
						label={c.groups.kecamatan}
						value={kecamatan}
						choices={[['', c.allKecamatan], ...words.kecamatans.map((k): [string, string] => [k, k])]}
						onValue={(v) => goQuery({ kecamatan: v })}
					/>
				)}
			</div>
			{read.error && !d ? (
				<ErrorNote error={read.error} retry={read.reload} />
			) : !d ? (
				<Skeleton lines={6} height={36} />
			) : !d.total.target ? (
				<Empty icon="coverage" title={c.emptyTitle}>
					{c.empty}
				</Empty>
			) : (
				<div class="stack">
					{d.provisional && (
						<Note kind="warn">{c.provisional(d.awaited.map(words.programme).join(', '))}</Note>
					)}
					<section class="card">
						<div class="body pad counts">
							<div>
								<b>{share1(d.total.share)}</b>
								<span>
									<Term code="coverage">{c.share}</Term>
								</span>
							</div>
							<div>
								<b>{num(d.total.target)}</b>
								<span>
									<Term code="target">{c.target.toLowerCase()}</Term>
									{d.target_period ? ` · ${period(d.target_period)}` : ''}
								</span>
							</div>
							<div>
								<b>{num(d.total.reached)}</b>
								<span>{c.reached.toLowerCase()}</span>
							</div>
							<div>
								<b class="not-ok-mark">{num(d.total.left_out)}</b>
								<span>{leftName.toLowerCase()}</span>
							</div>
							<div class="grow" />
							<span class="muted small">{c.countedAt(ago(d.at))}</span>
						</div>
					</section>
					{rows.length > 1 && rows.length <= 24 && (
						<section class="card pad">
							<Picture
								rows={rows}
								nameOf={nameOf}
								by={by}
								left={leftName}
								open={places ? (r) => go(leftOut(r)) : undefined}
							/>
						</section>
					)}
					<Table
						label={c.lead}
						rows={rows}
						keyOf={(r) => r.key ?? r.name}
						open={
							by === 'kecamatan'
								? (r) => go(`/cakupan?menurut=village&kecamatan=${encodeURIComponent(r.key ?? '')}`)
								: places
									? (r) => go(leftOut(r))
									: undefined
						}
						columns={[
							{ key: 'name', head: c.groups[by], width: 'minmax(0,1.3fr)', cell: (r) => nameOf(r) },
							{
								key: 'bar',
								head: <span class="hidden">{c.picture('')}</span>,
								width: 'minmax(0,1.4fr)',
								narrow: false,
								cell: (r) => (
									<span class="cover-bar" role="img" aria-label={share1(r.share)}>
										<span style={{ width: `${(r.share ?? 0) * 100}%` }} />
									</span>
								),
							},
							{ key: 'share', head: c.share, width: '84px', right: true, cell: (r) => share1(r.share) },
							{
								key: 'before',
								head: c.change,
								width: '84px',
								right: true,
								narrow: false,
								cell: (r) =>
									r.before == null ? '–' : <Trend now={r.share} before={r.before} better="up" />,
							},
							{
								key: 'target',
								head: c.target,
								width: '88px',
								right: true,
								narrow: false,
								cell: (r) => num(r.target),
							},
							{
								key: 'left',
								head: leftName,
								width: '94px',
								right: true,
								cell: (r) =>
									r.left_out && places ? <a href={leftOut(r)}>{num(r.left_out)}</a> : num(r.left_out),
							},
						]}
					/>
				</div>
			)}
		</>
	)
}

function Picture({
	rows,
	nameOf,
	by,
	left: leftName,
	open,
}: {
	rows: Coverage[]
	nameOf(r: Coverage): string
	by: By
	left: string
	open?: (r: Coverage) => void
}) {
	const c = useT().coverage
	if (by === 'period') {
		const data = [...rows].reverse().map((r) => ({ at: nameOf(r), share: r.share ?? 0 }))
		return (
			<Chart
				label={c.picture(c.share)}
				deps={[rows]}
				draw={(Plot, width) => [
					Plot.plot({
						width,
						height: 220,
						marginLeft: 46,
						x: { type: 'point', domain: data.map((x) => x.at), label: null },
						y: { domain: [0, 1], label: null, ticks: 5, tickFormat: (v: number) => share1(v), grid: true },
						marks: [
							Plot.lineY(data, { x: 'at', y: 'share', stroke: 'var(--accent)', strokeWidth: 2 }),
							Plot.dot(data, { x: 'at', y: 'share', fill: 'var(--accent)', r: 4 }),
							Plot.text(data, {
								x: 'at',
								y: 'share',
								text: (x: { share: number }) => share1(x.share),
								dy: -12,
							}),
						],
					}) as SVGSVGElement,
				]}
			/>
		)
	}
	const whole = rows.map(nameOf)
	// On a phone a long name is cut at its end, not at its beginning.
	const room = Math.max(10, Math.floor((Math.min(innerWidth, 900) * 0.33 - 14) / 7.4))
	const names = whole.map((n) => (n.length > room ? `${n.slice(0, room - 1).trimEnd()}…` : n))
	const data = rows.flatMap((r, i) => [
		{ name: names[i]!, n: r.reached, what: 'reached' },
		{ name: names[i]!, n: r.left_out, what: 'left' },
	])
	return (
		<>
			<div class="legend">
				<span>
					<i class="l-reached" />
					{c.reached}
				</span>
				<span>
					<i class="l-left" />
					{leftName}
				</span>
			</div>
			<Chart
				label={c.picture(whole.map((n, i) => `${n} ${share1(rows[i]!.share)}`).join(', '))}
				deps={[rows]}
				height={rows.length * 26}
				draw={(Plot, width) => {
					const left = Math.min(width * 0.36, 14 + 7.4 * Math.max(...names.map((n) => n.length)))
					const svg = Plot.plot({
						width,
						height: rows.length * 26 + 34,
						marginLeft: left,
						marginRight: 56,
						marginTop: 4,
						x: {
							label: null,
							ticks: Math.max(2, Math.floor(width / 140)),
							tickFormat: (v: number) => num(v),
							grid: true,
						},
						y: { domain: names, label: null, tickSize: 0 },
						marks: [
							Plot.barX(data, {
								y: 'name',
								x: 'n',
								fill: (x: { what: string }) => (x.what === 'left' ? 'var(--tone-a)' : 'var(--accent)'),
								fillOpacity: (x: { what: string }) => (x.what === 'left' ? 0.75 : 1),
								insetTop: 4,
								insetBottom: 4,
							}),
							Plot.text(rows, {
								y: (_: Coverage, i: number) => names[i],
								x: 'target',
								text: (r: Coverage) => share1(r.share),
								textAnchor: 'start',
								dx: 6,
							}),
						],
					}) as SVGSVGElement
					if (open)
						svg.querySelectorAll<SVGElement>('[aria-label=bar] > *').forEach((rect, i) => {
							rect.classList.add('clickable')
							rect.addEventListener('click', () => open(rows[Math.floor(i / 2)]!))
						})
					return [svg]
				}}
			/>
		</>
	)
}
