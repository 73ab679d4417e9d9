// From which probability on two rows are one person, and what errors that is expected to cost.
import { useState } from 'preact/hooks'
import { useRead } from '../../api/query'
import { useT } from '../../i18n'
import { num, num1, share, share1 } from '../../i18n/format'
import { Chart } from '../../charts/plot'
import { ErrorNote, Skeleton } from '../../ui/basics'
import { Term } from '../../ui/help'

export function Thresholds() {
	const s = useT().settings
	const read = useRead('/settings/thresholds')
	const [at, setAt] = useState<number | null>(null)
	const d = read.data
	if (read.error && !d) return <ErrorNote error={read.error} retry={read.reload} />
	if (!d) return <Skeleton lines={3} height={60} />
	const chosen = at ?? d.linked
	const point = d.curve.reduce(
		(best, p) => (Math.abs(p.threshold - chosen) < Math.abs(best.threshold - chosen) ? p : best),
		d.curve[0] ?? { threshold: chosen, linked: 0, expected_wrong: 0, expected_missed: 0 },
	)
	const lines = d.curve.flatMap((p) => [
		{ x: p.threshold, y: p.expected_wrong, what: 'wrong' },
		{ x: p.threshold, y: p.expected_missed, what: 'missed' },
	])
	return (
		<>
			<section class="card">
				<div class="body pad counts">
					<div>
						<b>{share1(d.linked)}</b>
						<span>
							<Term code="threshold">{s.linked}</Term>
						</span>
					</div>
					<div>
						<b>{share1(d.finding)}</b>
						<span>
							<Term code="certainty">{s.finding}</Term>
						</span>
					</div>
					<div>
						<b>{num(d.doubtful)}</b>
						<span>{s.doubtful(d.doubtful).replace(/^[\d.,]+ /, '')}</span>
					</div>
				</div>
			</section>
			{d.curve.length > 1 && (
				<section class="card pad stack">
					<div class="legend">
						<span>
							<i class="not-ok-key" />
							{s.wrong}
						</span>
						<span>
							<i class="ok-key" />
							{s.missed}
						</span>
					</div>
					<Chart
						label={s.thresholdText(
							share1(point.threshold),
							num1(point.expected_wrong),
							num1(point.expected_missed),
						)}
						deps={[d, chosen]}
						height={240}
						draw={(Plot, width) => [
							Plot.plot({
								width,
								height: 240,
								marginLeft: 52,
								marginRight: 30,
								x: {
									domain: [d.curve[0]!.threshold, d.curve[d.curve.length - 1]!.threshold],
									label: null,
									tickFormat: (v: number) => share(v),
									ticks: Math.floor(width / 110),
								},
								y: { label: null, grid: true, tickFormat: (v: number) => num(v), ticks: 5 },
								marks: [
									Plot.ruleX([d.linked], { stroke: 'var(--warn)', strokeDasharray: '4 3' }),
									Plot.ruleX([point.threshold], { stroke: 'var(--ink-3)' }),
									Plot.lineY(lines, {
										x: 'x',
										y: 'y',
										z: 'what',
										stroke: (p: { what: string }) =>
											p.what === 'wrong' ? 'var(--tone-a)' : 'var(--accent)',
										strokeWidth: 2,
									}),
								],
							}) as SVGSVGElement,
						]}
					/>
					<label class="stack tight">
						<span class="small muted">{s.threshold}</span>
						<input
							type="range"
							min={d.curve[0]!.threshold}
							max={d.curve[d.curve.length - 1]!.threshold}
							step="0.001"
							value={chosen}
							onInput={(e) => setAt(Number(e.currentTarget.value))}
						/>
					</label>
					<p role="status">
						{s.thresholdText(
							share1(point.threshold),
							num1(point.expected_wrong),
							num1(point.expected_missed),
						)}{' '}
						<span class="muted">
							{num(point.linked)} {s.linkedPairs}.
						</span>
					</p>
				</section>
			)}
		</>
	)
}
