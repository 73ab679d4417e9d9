// Sending a list: the file, then what its columns are taken for, then which list it is. Nothing counts before the last step.
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Preview } from '#api'
import { del, post } from '../../api/client'
import { guardLeaving } from '../../app/router'
import { forgetUpload, sendFile, unfinished, unfit, type Sending } from '../../app/upload'
import { useT } from '../../i18n'
import { bytes } from '../../i18n/format'
import { Button, errorText, Meter, Note, PageHead } from '../../ui/basics'
import { Icon } from '../../ui/icons'
import { ColumnsStep } from './columns_step'
import { takeDropped, useDrop } from './drop'

type Stage =
	| { step: 'pick' }
	| { step: 'sending'; file: File; received: number; paused: boolean }
	| { step: 'columns'; file: string; preview: Preview }

export default function SendPage() {
	const m = useT().lists
	const shell = useT().shell
	const cancel = useT().common.cancel
	const [stage, setStage] = useState<Stage>({ step: 'pick' })
	const [error, setError] = useState<string | null>(null)
	const sending = useRef<Sending | null>(null)
	const input = useRef<HTMLInputElement>(null)
	const [old, setOld] = useState(unfinished)
	const take = (file: File) => {
		const wrong = unfit(file)
		if (wrong)
			return setError(
				wrong === 'type'
					? m.wrongType(file.name)
					: wrong === 'big'
						? m.tooBig(file.name)
						: m.emptyFile(file.name),
			)
		setError(null)
		setStage({ step: 'sending', file, received: 0, paused: false })
		sending.current?.stop()
		const mine = sendFile(file, {
			progress: (received) => setStage((s) => (s.step === 'sending' ? { ...s, received } : s)),
			paused: (paused) => setStage((s) => (s.step === 'sending' ? { ...s, paused } : s)),
		})
		sending.current = mine
		mine.done
			.then((upload) => post('/uploads/{upload}/preview', { path: { upload: upload.upload }, body: {} }))
			.then((preview) => {
				if (sending.current === mine) setStage({ step: 'columns', file: file.name, preview })
			})
			.catch((e: Error) => {
				if (e.name === 'AbortError') return
				forgetUpload()
				setOld(null)
				setStage({ step: 'pick' })
				setError(errorText(e))
			})
	}
	useEffect(() => {
		const dropped = takeDropped()
		if (dropped) take(dropped)
		return () => sending.current?.stop()
	}, [])
	useEffect(() => {
		if (stage.step !== 'sending') return
		const ask = (e: BeforeUnloadEvent) => e.preventDefault()
		window.addEventListener('beforeunload', ask)
		const free = guardLeaving(() => true)
		return () => {
			window.removeEventListener('beforeunload', ask)
			free()
		}
	}, [stage.step])
	const over = useDrop(stage.step === 'pick', take)
	const again = () => {
		sending.current?.stop()
		forgetUpload()
		setOld(null)
		setStage({ step: 'pick' })
	}
	const at = stage.step === 'columns' ? 1 : 0
	return (
		<>
			<PageHead title={m.send} back={{ href: '/daftar', text: shell.lists }} />
			<ol class="steps">
				{[m.step1, m.step2, m.step3].map((text, i) => (
					<li
						key={text}
						class={i < at ? 'past' : i === at || (at === 1 && i === 2) ? 'now' : ''}
						aria-current={i === at ? 'step' : undefined}
					>
						<i>{i < at ? '✓' : i + 1}</i>
						{text}
					</li>
				))}
			</ol>
			{error && <Note kind="bad">{error}</Note>}
			{stage.step === 'pick' && (
				<div class="stack">
					{old && (
						<Note kind="warn">
							{m.resumeOld(old.name)}{' '}
							<Button
								small
								kind="quiet"
								onClick={() => {
									void del('/uploads/{upload}', { path: { upload: old.upload } }).catch(
										() => undefined,
									)
									forgetUpload()
									setOld(null)
								}}
							>
								{m.drop}
							</Button>
						</Note>
					)}
					<label class={`dropzone ${over ? 'over' : ''}`}>
						<span class="empty-icon">
							<Icon name="upload" size={26} />
						</span>
						<h2>{m.dropTitle}</h2>
						<p>{m.dropText}</p>
						<span class="button main">{m.pick}</span>
						<input
							ref={input}
							class="hidden"
							type="file"
							accept=".csv,.tsv,.txt,.xlsx"
							aria-label={m.pick}
							onChange={(e) => {
								const f = e.currentTarget.files?.[0]
								e.currentTarget.value = ''
								if (f) take(f)
							}}
						/>
					</label>
				</div>
			)}
			{stage.step === 'sending' && (
				<section class="card upload" aria-live="polite">
					<div class="row between">
						<h2>{m.sending(stage.file.name)}</h2>
						<span class="muted num">{m.sentOf(bytes(stage.received), bytes(stage.file.size))}</span>
					</div>
					<Meter
						value={stage.received}
						max={stage.file.size}
						label={m.sentOf(bytes(stage.received), bytes(stage.file.size))}
						tone={stage.paused ? 'warn' : undefined}
					/>
					{stage.paused && <Note kind="warn">{m.paused}</Note>}
					<div class="row end">
						<Button onClick={again}>{cancel}</Button>
					</div>
				</section>
			)}
			{stage.step === 'columns' && <ColumnsStep first={stage.preview} fileName={stage.file} again={again} />}
		</>
	)
}
