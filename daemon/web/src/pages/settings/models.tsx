// Model versions: which one is in use, what each has learnt from, learning anew.
import { useState } from 'preact/hooks'
import type { Model } from '#api'
import { get, post, session } from '../../api/client'
import { stale, usePages } from '../../api/query'
import { useT } from '../../i18n'
import { time } from '../../i18n/format'
import { Button, errorText, ErrorNote, Skeleton } from '../../ui/basics'
import { Dialog, ReasonDialog } from '../../ui/dialog'
import { toast } from '../../ui/toast'

export function Models() {
	const m = useT()
	const s = m.settings
	const pages = usePages('/models')
	const [using, setUsing] = useState<Model | null>(null)
	const [training, setTraining] = useState(false)
	const [text, setText] = useState<string | null>(null)
	const administrator = session.value?.role === 'administrator'
	if (pages.error && !pages.items.length) return <ErrorNote error={pages.error} retry={pages.reload} />
	if (pages.loading && !pages.items.length) return <Skeleton lines={3} height={40} />
	const view = (x: Model) =>
		get('/models/{model}', { path: { model: x.model ?? 0 } }).then(
			(t) => setText(t.contents),
			(e: Error) => toast(errorText(e), { kind: 'bad' }),
		)
	return (
		<>
			{administrator && (
				<div class="row end">
					<Button small onClick={() => setTraining(true)}>
						{s.train}
					</Button>
				</div>
			)}
			<div class="plain-wrap" tabIndex={0}>
				<table class="plain headless">
					<tbody>
						{pages.items.map((x) => (
							<tr key={x.model ?? 0}>
								<td>
									<b>{x.model === null ? s.shipped : `${s.tabs.models} ${x.model}`}</b>{' '}
									{x.in_use && <span class="tag good">{s.inUse}</span>}
									<div class="muted small">
										{x.made_at ? `${time(x.made_at)} · ` : ''}
										{s.modelLists(x.lists)}
									</div>
								</td>
								<td class="fit">
									<span class="row">
										<Button small kind="quiet" onClick={() => void view(x)}>
											{s.view}
										</Button>
										{administrator && !x.in_use && (
											<Button small kind="quiet" onClick={() => setUsing(x)}>
												{s.use}
											</Button>
										)}
									</span>
								</td>
							</tr>
						))}
					</tbody>
				</table>
			</div>
			{using && (
				<ReasonDialog
					title={s.useTitle}
					text={s.useText}
					label={m.common.reason}
					action={s.use}
					onClose={() => setUsing(null)}
					run={async (reason) => {
						await post('/models/{model}/use', { path: { model: using.model ?? 0 }, body: { reason } })
						toast(m.common.saved)
						stale('/models', '/jobs')
						pages.reload()
					}}
				/>
			)}
			{training && (
				<ReasonDialog
					title={s.train}
					text={s.trainText}
					label={m.common.reason}
					action={s.train}
					onClose={() => setTraining(false)}
					run={async (reason) => {
						await post('/models/train', { body: { reason } })
						toast(s.trainStarted)
						stale('/jobs')
					}}
				/>
			)}
			{text !== null && (
				<Dialog title={s.tabs.models!} wide onClose={() => setText(null)}>
					<pre class="config-text" tabIndex={0}>
						{text}
					</pre>
				</Dialog>
			)}
		</>
	)
}
