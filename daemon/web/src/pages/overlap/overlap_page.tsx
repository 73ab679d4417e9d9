// Tumpang tindih: programmes against each other as a matrix and as an UpSet picture; a click leads to the households.
import { useMemo } from 'preact/hooks'
import type { OverlapCell, OverlapSet } from '#api'
import { session, type Answer } from '../../api/client'
import { usePages, useRead } from '../../api/query'
import { goQuery, usePlace } from '../../app/router'
import { useWords } from '../../app/vocabulary'
import { useT } from '../../i18n'
import { ago, num } from '../../i18n/format'
import { Chart } from '../../charts/plot'
import { Empty, ErrorNote, PageHead, Segments, Select, Skeleton } from '../../ui/basics'
import { HouseholdTable } from '../household/household_table'

type Overlap = Answer<'/overlap'>
const SETS_SHOWN = 18
const short = (name: string, most = 30) => (name.length > most ? `${name.slice(0, most - 1).trimEnd()}…` : name)

export default function OverlapPage() {
	const m = useT()
	const o = m.overlap
	const words = useWords()
	const { query } = usePlace()
	const level = (query.get('tingkat') ?? 'household') as 'household' | 'person'
	const kecamatan = query.get('kecamatan') ?? ''
	const only = query.get('hanya') === 'dilarang'
	const chosen = query.get('program')
	const exact = query.get('persis') !== null
	const read = useRead('/overlap', { query: { level, ...(kecamatan ? { kecamatan } : {}) } })
	const households = usePages(chosen ? '/overlap/households' : null, {
		query: { programmes: chosen ?? '', ...(exact ? { exact: true } : {}), ...(kecamatan ? { kecamatan } : {}) },
	})
	const d = read.data
	const names = (chosen ?? '').split(',').filter(Boolean).map(words.programme).join(' + ')
	return (
		<>
			<PageHead title={m.shell.overlap}>
				{o.lead}
				{session.value?.role === 'office' ? ` ${o.own}` : ''}
			</PageHead>
			<div class="filters">
				<Segments
					label={m.settings.level}
					value={level}
					choices={[
						['household', o.household],
						['person', o.person],
					]}
					onValue={(v) => goQuery({ tingkat: v === 'household' ? null : v, program: null, persis: null })}
				/>
				<Segments
					label={o.forbidden}
					value={only ? 'dilarang' : ''}
					choices={[
						['', o.onlyAllowed],
						['dilarang', o.onlyForbidden],
					]}
					onValue={(v) => goQuery({ hanya: v })}
				/>
				{words.kecamatans.length > 1 && (
					<Select
						hideLabel
						label={m.flags.kecamatan}
						value={kecamatan}
						choices={[
							['', m.coverage.allKecamatan],
							...words.kecamatans.map((k): [string, string] => [k, k]),
						]}
						onValue={(v) => goQuery({ kecamatan: v })}
					/>
				)}
				<span class="grow" />
				{d && <span class="muted small">{m.coverage.countedAt(ago(d.at))}</span>}
			</div>
			{read.error && !d ? (
				<ErrorNote error={read.error} retry={read.reload} />
			) : !d ? (
				<Skeleton lines={2} height={220} />
			) : d.sets.length === 0 ? (
				<Empty icon="overlap" title={o.emptyTitle}>
					{o.empty}
				</Empty>
			) : (
				<div class="stack">
					<section class="card">
						<header>
							<div>
								<h2>{o.upset}</h2>
								<p class="muted small">{o.upsetHelp}</p>
							</div>
							<Legend />
						</header>
						<div class="body">
							<UpSet
								data={d}
								only={only}
								open={(s) => goQuery({ program: s.programmes.join(','), persis: '1' })}
							/>
						</div>
					</section>
					<section class="card">
						<header>
							<div>
								<h2>{o.matrix}</h2>
								<p class="muted small">{o.matrixHelp}</p>
							</div>
						</header>
						<div class="body chart" tabIndex={0}>
							<Matrix
								data={d}
								only={only}
								chosen={exact ? null : chosen}
								open={(c) => goQuery({ program: `${c.a},${c.b}`, persis: null })}
							/>
						</div>
					</section>
					{chosen && (
						<section class="stack" id="keluarga">
							<div class="row between">
								<div>
									<h2>
										{o.households(names)}
										{exact ? `, ${o.exact}` : ''}
									</h2>
									<p class="muted small">
										{households.first ? m.common.households(households.first.total) : ' '}
									</p>
								</div>
							</div>
							{households.error && !households.items.length ? (
								<ErrorNote error={households.error} retry={households.reload} />
							) : (
								<HouseholdTable pages={households} label={o.households(names)} />
							)}
						</section>
					)}
				</div>
			)}
		</>
	)
}

function Legend() {
	const o = useT().overlap
	return (
		<div class="legend">
			<span>
				<i class="ok-key" />
				{o.allowed}
			</span>
			<span>
				<i class="not-ok-key" />
				{o.forbidden}
			</span>
		</div>
	)
}

function Matrix({
	data,
	only,
	chosen,
	open,
}: {
	data: Overlap
	only: boolean
	chosen: string | null
	open(c: OverlapCell): void
}) {
	const o = useT().overlap
	const words = useWords()
	const programmes = data.programmes.map((p) => p.key!).filter(Boolean)
	const cells = useMemo(
		() =>
			new Map(
				data.cells.flatMap((c) => [
					[`${c.a},${c.b}`, c],
					[`${c.b},${c.a}`, c],
				]),
			),
		[data],
	)
	const most = Math.max(1, ...data.cells.map((c) => c.count))
	const heat = (n: number) => Math.max(1, Math.ceil((n / most) ** 0.5 * 4))
	return (
		<table class="matrix">
			<thead>
				<tr>
					<td />
					{programmes.map((p) => (
						<th key={p} scope="col">
							<span title={words.programme(p)}>{short(words.programme(p), 20)}</span>
						</th>
					))}
				</tr>
			</thead>
			<tbody>
				{programmes.map((a, i) => (
					<tr key={a}>
						<th scope="row">{words.programme(a)}</th>
						{programmes.map((b, j) => {
							if (i === j)
								return (
									<td key={b}>
										<span class="none self">{num(data.programmes[i]!.count)}</span>
									</td>
								)
							const c = cells.get(`${a},${b}`)
							if (j > i || !c?.count || (only && !c.forbidden))
								return (
									<td key={b}>
										<span class="none">{j > i ? '' : c?.count ? '·' : '0'}</span>
									</td>
								)
							return (
								<td key={b}>
									<button
										type="button"
										class={`heat-${heat(c.count)} ${c.forbidden ? 'not-ok' : 'ok'}`}
										aria-pressed={chosen === `${c.a},${c.b}`}
										aria-label={o.cell(
											words.programme(a),
											words.programme(b),
											c.count,
											c.forbidden,
										)}
										title={
											c.share_of_a == null
												? undefined
												: o.shareOf(c.share_of_a, words.programme(c.a))
										}
										onClick={() => open(c)}
									>
										{num(c.count)}
									</button>
								</td>
							)
						})}
					</tr>
				))}
			</tbody>
		</table>
	)
}

function UpSet({ data, only, open }: { data: Overlap; only: boolean; open(s: OverlapSet): void }) {
	const o = useT().overlap
	const words = useWords()
	const all = data.sets
		.filter((s) => s.programmes.length > 1 && (!only || s.forbidden))
		.sort((a, b) => b.count - a.count)
	const sets = all.slice(0, SETS_SHOWN)
	const programmes = data.programmes.map((p) => p.key!).filter((p) => p && sets.some((s) => s.programmes.includes(p)))
	const color = (s: OverlapSet) => (s.forbidden ? 'var(--tone-a)' : 'var(--accent)')
	const describe = sets.map((s) => `${s.programmes.map(words.programme).join(' + ')}: ${num(s.count)}`).join('; ')
	if (!sets.length) return <p class="muted">{o.emptyTitle}</p>
	return (
		<>
			<Chart
				label={describe}
				deps={[data, only, words]}
				height={300}
				min={420}
				draw={(Plot, width) => {
					const name = (p: string) =>
						short(words.programme(p), Math.max(9, Math.min(30, Math.floor((width * 0.38 - 14) / 7))))
					const labels = programmes.map(name)
					const left = 14 + 7 * Math.max(...labels.map((l) => l.length))
					const marginLeft = Math.max(left, 46)
					const keys = sets.map((_, i) => String(i))
					const x = { type: 'band' as const, domain: keys, axis: null, padding: 0.32 }
					const narrow = Math.min(width, marginLeft + 20 + sets.length * 54)
					const every = Math.ceil(26 / ((narrow - marginLeft - 12) / sets.length))
					const bars = Plot.plot({
						width: narrow,
						height: 170,
						marginLeft,
						marginRight: 12,
						marginTop: 20,
						marginBottom: 6,
						x,
						y: { label: null, ticks: 4, tickFormat: (v: number) => num(v), grid: true },
						marks: [
							Plot.barY(sets, {
								x: (_: OverlapSet, i: number) => keys[i],
								y: 'count',
								fill: color,
								ry1: 3,
							}),
							Plot.text(sets, {
								x: (_: OverlapSet, i: number) => keys[i],
								y: 'count',
								// Side by side they need room: on a phone the tallest of each few alone bear their number.
								text: (s: OverlapSet, i: number) => (i % every ? '' : num(s.count)),
								dy: -9,
								className: 'strong',
							}),
							Plot.ruleY([0], { stroke: 'var(--line-strong)' }),
						],
					}) as SVGSVGElement
					const dots = sets.flatMap((s, i) =>
						programmes.map((p) => ({ x: keys[i]!, y: name(p), on: s.programmes.includes(p), s })),
					)
					const links = sets.map((s, i) => {
						const at = s.programmes
							.map((p) => programmes.indexOf(p))
							.filter((n) => n >= 0)
							.sort((a, b) => a - b)
						return {
							x: keys[i]!,
							from: name(programmes[at[0]!]!),
							to: name(programmes[at[at.length - 1]!]!),
							s,
						}
					})
					const matrix = Plot.plot({
						width: narrow,
						height: programmes.length * 25 + 14,
						marginLeft,
						marginRight: 12,
						marginTop: 6,
						marginBottom: 6,
						x,
						y: { type: 'point', domain: labels, label: null, tickSize: 0, padding: 0.5 },
						marks: [
							Plot.dot(dots, { x: 'x', y: 'y', r: 5, fill: 'var(--line)' }),
							Plot.link(links, {
								x: 'x',
								y1: 'from',
								y2: 'to',
								stroke: (l: { s: OverlapSet }) => color(l.s),
								strokeWidth: 2.5,
							}),
							Plot.dot(
								dots.filter((p) => p.on),
								{ x: 'x', y: 'y', r: 6, fill: (p: { s: OverlapSet }) => color(p.s) },
							),
						],
					}) as SVGSVGElement
					// Rounded bars are paths, others rectangles.
					bars.querySelectorAll<SVGElement>('[aria-label=bar] > *').forEach((rect, i) => {
						rect.classList.add('clickable')
						rect.addEventListener('click', () => open(sets[i]!))
					})
					return [bars, matrix]
				}}
			/>
			{all.length > SETS_SHOWN && <p class="muted small">{o.limited(SETS_SHOWN)}</p>}
			<details class="small">
				<summary class="muted">{o.asList}</summary>
				<ul class="chips">
					{sets.map((s) => (
						<li key={s.programmes.join()}>
							<button type="button" class="chip" onClick={() => open(s)}>
								{s.programmes.map(words.programme).join(' + ')} <b class="num">{num(s.count)}</b>
								{s.forbidden && <span class="not-ok-mark"> · {o.forbidden}</span>}
							</button>
						</li>
					))}
				</ul>
			</details>
		</>
	)
}
