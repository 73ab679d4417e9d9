// Rows of lists about one family; a row's numbers can be opened for a reason, which is recorded.
import { useState } from 'preact/hooks'
import type { Entry } from '#api'
import { post, session } from '../../api/client'
import { useWords } from '../../app/vocabulary'
import { useT } from '../../i18n'
import { period } from '../../i18n/format'
import { Button } from '../../ui/basics'
import { ReasonDialog } from '../../ui/dialog'
import { birthText } from '../flags/side_by_side'

export function Entries({ entries, unmasked }: { entries: Entry[]; unmasked(): void }) {
	const m = useT()
	const h = m.household
	const words = useWords()
	const [asked, setAsked] = useState<Entry | null>(null)
	const [open, setOpen] = useState<Map<string, Entry>>(new Map())
	const key = (e: Entry) => `${e.list}.${e.row}`
	return (
		<div class="plain-wrap" tabIndex={0}>
			<table class="plain stacks">
				<thead>
					<tr>
						<th>{m.common.fieldNames.list}</th>
						<th>{m.common.fieldNames.name}</th>
						<th>
							{m.common.fieldNames.nik} / {m.common.fieldNames.kk}
						</th>
						<th>{m.common.fieldNames.birth}</th>
						<th />
					</tr>
				</thead>
				<tbody>
					{entries.map((masked) => {
						const e = open.get(key(masked)) ?? masked
						return (
							<tr key={key(e)} class={e.current ? '' : 'muted'}>
								<td>
									<a href={`/daftar/${e.list}`}>{words.subject(e.kind, e.subject)}</a>
									<div class="muted small">
										{period(e.period)} · {h.line(e.line)}
									</div>
								</td>
								<td class="wide">
									{e.name}
									{e.notes.length > 0 && (
										<div class="muted small">{e.notes.map((n) => words.note(n)).join(', ')}</div>
									)}
								</td>
								<td class="nik">
									{e.nik ?? '–'}
									<div class="muted">{e.kk ?? '–'}</div>
								</td>
								<td>{birthText(e.birth) ?? '–'}</td>
								<td class="fit">
									{session.value?.may.includes('unmask') && e === masked && (
										<Button
											small
											kind="quiet"
											icon="eye"
											aria-label={`${h.unmask}: ${e.name}`}
											onClick={() => setAsked(e)}
										/>
									)}
								</td>
							</tr>
						)
					})}
				</tbody>
			</table>
			{asked && (
				<ReasonDialog
					title={h.unmaskTitle}
					text={h.unmaskText}
					label={h.unmaskReason}
					suggestions={h.unmaskSuggest}
					action={h.unmaskDo}
					onClose={() => setAsked(null)}
					run={async (reason) => {
						const whole = await post('/unmask', { body: { list: asked.list, row: asked.row, reason } })
						setOpen(new Map(open).set(key(asked), whole))
						unmasked()
					}}
				/>
			)}
		</div>
	)
}
