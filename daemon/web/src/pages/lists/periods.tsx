// Which lists a period still waits for, and closing it.
import { useState } from 'preact/hooks'
import type { PeriodState } from '#api'
import { put, session } from '../../api/client'
import { stale } from '../../api/query'
import { useWords } from '../../app/vocabulary'
import { useT } from '../../i18n'
import { period } from '../../i18n/format'
import { Button } from '../../ui/basics'
import { ReasonDialog } from '../../ui/dialog'
import { Icon } from '../../ui/icons'
import { toast } from '../../ui/toast'

export function Periods({ periods, reload }: { periods: PeriodState[]; reload(): void }) {
	const m = useT()
	const words = useWords()
	const [asked, setAsked] = useState<PeriodState | null>(null)
	const administrator = session.value?.role === 'administrator'
	// A period that only the target list has waits for no programme; it is shown as long as there is no other.
	const begun = periods.filter((p) => p.programmes.some((a) => a.came))
	const shown = (begun.length ? begun : periods.filter((p) => p.programmes.some((a) => a.expected))).slice(0, 4)
	if (!shown.length) return null
	return (
		<div class="periods">
			{shown.map((p) => {
				const expected = p.programmes.filter((a) => a.expected || a.came)
				const missing = expected.filter((a) => !a.came).length
				return (
					<section class="card period-card" key={p.period} aria-label={period(p.period)}>
						<div class="row between">
							<h2>{period(p.period)}</h2>
							<span class={`tag ${p.state === 'closed' ? '' : p.complete ? 'good' : 'warn'}`}>
								{p.state === 'closed'
									? m.lists.closed
									: p.complete
										? m.lists.complete
										: m.lists.awaited(missing)}
							</span>
						</div>
						<div class="chips">
							{expected.map((a) => (
								<span
									key={a.programme}
									class={`tag ${a.came ? 'good' : ''}`}
									title={a.came ? m.lists.came : m.lists.waits}
								>
									<Icon name={a.came ? 'check' : 'clock'} size={12} />
									{a.list ? (
										<a href={`/daftar/${a.list}`}>{words.programme(a.programme)}</a>
									) : (
										words.programme(a.programme)
									)}
								</span>
							))}
						</div>
						{administrator && (
							<div>
								<Button small icon="lock" onClick={() => setAsked(p)}>
									{p.state === 'open' ? m.lists.closePeriod : m.lists.openPeriod}
								</Button>
							</div>
						)}
					</section>
				)
			})}
			{asked && (
				<ReasonDialog
					title={
						asked.state === 'open'
							? m.lists.closeTitle(period(asked.period))
							: m.lists.openTitle(period(asked.period))
					}
					text={asked.state === 'open' ? m.lists.closeText(asked.provisional_flags) : m.lists.openText}
					label={m.common.reason}
					action={asked.state === 'open' ? m.lists.closePeriod : m.lists.openPeriod}
					onClose={() => setAsked(null)}
					run={async (reason) => {
						await put('/periods/{period}', {
							path: { period: asked.period },
							body: { state: asked.state === 'open' ? 'closed' : 'open', reason, version: asked.version },
						})
						stale('/flags', '/home', '/coverage')
						toast(m.common.saved)
						reload()
					}}
				/>
			)}
		</div>
	)
}
