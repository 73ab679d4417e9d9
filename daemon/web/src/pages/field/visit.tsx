// One visit: whom to ask what, and six large answers.
import { useState } from 'preact/hooks'
import type { SheetItem, VisitAnswer, VisitResult } from '#api'
import { said, useT } from '../../i18n'
import { time } from '../../i18n/format'
import { Button, TextArea } from '../../ui/basics'
import { Icon } from '../../ui/icons'
import { KindMark } from '../../ui/marks'

const RESULTS: VisitResult[] = ['right', 'wrong', 'not_found', 'moved', 'died', 'refused_to_answer']

export function Visit({
	visit: v,
	answer,
	waits,
	open,
	take,
}: {
	visit: SheetItem
	answer: VisitAnswer | null
	waits: boolean
	open: boolean
	take(result: VisitResult, note: string): void
}) {
	const f = useT().field
	const [changing, setChanging] = useState(false)
	const [note, setNote] = useState(answer?.note ?? '')
	const [noting, setNoting] = useState(false)
	const ask = open && (!answer || changing)
	return (
		<article class={`card visit ${answer && !changing ? 'answered' : ''}`} aria-label={v.name ?? `${v.item}`}>
			<div class="row between">
				<h2>
					{v.item}. {v.name ?? '–'}
				</h2>
				<span class="small">
					<KindMark kind={v.kind} />
				</span>
			</div>
			<p class="muted small">
				{f.rt(v.rt, v.rw)}
				{v.address ? ` · ${v.address}` : ''}
				{v.birth ? ` · ${v.birth}` : ''}
				{v.nik ? ' · ' : ''}
				<span class="nik">{v.nik}</span>
			</p>
			<p class="visit-ask">{said(v.ask)}</p>
			<p class="muted">{said(v.why)}</p>
			{v.members.length > 0 && (
				<p class="small">
					<span class="muted">{f.members}:</span> {v.members.join(', ')}
				</p>
			)}
			{answer && !changing ? (
				<div class="row between no-print">
					<span>
						<b>{f.results[answer.result]}</b>
						{answer.note ? ` – ${answer.note}` : ''}{' '}
						<span class="muted small">
							{answer.verifier} · {time(answer.at)}
						</span>
						{waits && (
							<span class="tag warn">
								<Icon name="clock" size={12} />
							</span>
						)}
					</span>
					{open && (
						<Button small kind="quiet" onClick={() => setChanging(true)}>
							{f.undoAnswer}
						</Button>
					)}
				</div>
			) : ask ? (
				<div class="no-print stack tight">
					<div class="answers" role="group" aria-label={said(v.ask)}>
						{RESULTS.map((r) => (
							<button
								key={r}
								type="button"
								title={f.resultHelp[r]}
								aria-pressed={answer?.result === r}
								onClick={() => {
									take(r, note)
									setChanging(false)
								}}
							>
								{f.results[r]}
							</button>
						))}
					</div>
					{noting || note ? (
						<TextArea label={f.note} value={note} onValue={setNote} rows={2} maxLength={500} />
					) : (
						<div>
							<Button small kind="quiet" onClick={() => setNoting(true)}>
								+ {f.note}
							</Button>
						</div>
					)}
				</div>
			) : null}
			<p class="paper-only">
				{RESULTS.map((r) => `☐ ${f.results[r]}`).join('    ')}
				<br />
				{f.note}: ______________________________________________
			</p>
		</article>
	)
}
