// How the weight of a pair adds up: from the prior, field by field, to the sum, beside the threshold. Weights are log2.
import type { Waterfall as Data } from '#api'
import { said, useT } from '../../i18n'
import { num1, share1, signed } from '../../i18n/format'
import { Note } from '../../ui/basics'
import { Term } from '../../ui/help'

export function Waterfall({ data }: { data: Data }) {
	const m = useT().review
	let sum = data.prior
	const steps = data.parts.map((p) => {
		const from = sum
		sum += p.weight
		return { ...p, from, to: sum }
	})
	const ends = [0, data.prior, data.weight, data.threshold, ...steps.map((s) => s.to)]
	const low = Math.min(...ends) - 0.5
	const span = Math.max(...ends) + 0.5 - low
	const x = (v: number) => ((v - low) / span) * 100
	const bar = (from: number, to: number) => ({
		left: `${x(Math.min(from, to))}%`,
		width: `${Math.max(0.6, (Math.abs(to - from) / span) * 100)}%`,
	})
	return (
		<figure class="waterfall">
			<figcaption class="row between">
				<h2>
					<Term code="weight">{m.waterfall}</Term>
				</h2>
				<span class="num">
					{share1(data.probability)} <span class="muted small">{m.probability}</span>
				</span>
			</figcaption>
			{data.from === 'stored' && <Note>{data.busy ? m.waterfallBusy : m.waterfallStored}</Note>}
			<ol>
				{data.from === 'engine' && (
					<li class="base">
						<span class="name">
							{m.start} <span class="muted small">{m.startHelp}</span>
						</span>
						<span class="track">
							<i class="zero" style={{ left: `${x(0)}%` }} />
							<i class="limit" style={{ left: `${x(data.threshold)}%` }} />
							<span style={bar(0, data.prior)} />
						</span>
						<b class="num">{signed(data.prior)}</b>
					</li>
				)}
				{steps.map((s, i) => (
					<li key={i} class={s.weight >= 0 ? 'plus' : 'minus'} title={s.level}>
						<span class="name">{said(s)}</span>
						<span class="track">
							<i class="zero" style={{ left: `${x(0)}%` }} />
							<i class="limit" style={{ left: `${x(data.threshold)}%` }} />
							<span style={bar(s.from, s.to)} />
						</span>
						<b class="num">{signed(s.weight)}</b>
					</li>
				))}
				<li class="sum">
					<span class="name">{m.sum}</span>
					<span class="track">
						<i class="zero" style={{ left: `${x(0)}%` }} />
						<i class="limit" style={{ left: `${x(data.threshold)}%` }} />
						<span style={bar(0, data.weight)} />
					</span>
					<b class="num">{num1(data.weight)}</b>
				</li>
			</ol>
			<p class="muted small row">
				<i class="limit-key" /> <Term code="threshold">{m.threshold}</Term> {num1(data.threshold)}
			</p>
		</figure>
	)
}
