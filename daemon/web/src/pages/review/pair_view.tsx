// A doubtful pair as a person decides on it: the two rows, their families beside, why the engine doubts, what hangs on it.
import type { PairDetail } from '#api'
import { useWords } from '../../app/vocabulary'
import { useT } from '../../i18n'
import { Note } from '../../ui/basics'
import { Term } from '../../ui/help'
import { Certainty, KindMark } from '../../ui/marks'
import { Family, SideBySide } from '../flags/side_by_side'
import { Waterfall } from './waterfall'

export function PairView({ pair: p }: { pair: PairDetail }) {
	const m = useT().review
	const words = useWords()
	const theirs = new Set(p.b_family.map((e) => e.person))
	const shared = new Set(p.a_family.map((e) => e.person).filter((x) => theirs.has(x)))
	const title = (e: PairDetail['a']) => m.familyOf(e.head_name || e.name)
	return (
		<div class="review-grid">
			<div class="stack">
				{(p.across || p.hard || p.opinions.length > 0) && (
					<div class="row">
						{p.across && (
							<span class="tag accent">
								<Term code="across">{m.across}</Term>: {p.offices.map(words.office).join(', ')}
							</span>
						)}
						{p.hard && (
							<span class="tag warn">
								<Term code="hard">{m.hard}</Term>
							</span>
						)}
						{p.opinions.map((o, i) => (
							<span key={i} class="tag">
								{m.opinion(o.who, m.verdicts[o.verdict]!)}
							</span>
						))}
					</div>
				)}
				<SideBySide a={p.a} b={p.b} comparison={p.comparison} />
				<section>
					<h2>{m.families}</h2>
					<div class="grid-2 families">
						<div>
							<h3>{title(p.a)}</h3>
							<Family entries={p.a_family} shared={shared} />
						</div>
						<div>
							<h3>{title(p.b)}</h3>
							<Family entries={p.b_family} shared={shared} />
						</div>
					</div>
				</section>
			</div>
			<aside class="stack">
				<section class="card pad">
					<Waterfall data={p.waterfall} />
				</section>
				<section class="card">
					<header>
						<h2>{m.hanging}</h2>
					</header>
					{p.flags_here.length ? (
						<ul class="waiting">
							{p.flags_here.map((f) => (
								<li key={f.flag}>
									<a href={`/temuan/${f.flag}`}>
										<span class="grow cut">
											<KindMark kind={f.kind} />{' '}
											<span class="muted">{words.programme(f.programme)}</span>
										</span>
										<Certainty value={f.certainty} />
									</a>
								</li>
							))}
						</ul>
					) : (
						<p class="body muted">{m.noHanging}</p>
					)}
				</section>
				{!p.may_decide && <Note>{m.notYours}</Note>}
			</aside>
		</div>
	)
}
