// Dialogs: the browser's own <dialog> (focus stays inside, Esc closes), and the usual one that asks for a reason.
import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { useT } from '../i18n'
import { Button, errorText, Note, TextArea } from './basics'

export function Dialog({
	title,
	children,
	onClose,
	wide,
	closable = true,
}: {
	title: string
	children: ComponentChildren
	onClose(): void
	wide?: boolean
	closable?: boolean
}) {
	const ref = useRef<HTMLDialogElement>(null)
	const m = useT().common
	useEffect(() => {
		const dialog = ref.current!
		const before = document.activeElement as HTMLElement | null
		dialog.showModal()
		const first =
			dialog.querySelector<HTMLElement>('[autofocus], input:not([type=checkbox]), textarea, select') ??
			dialog.querySelector<HTMLElement>('.dialog-body button')
		first?.focus()
		return () => {
			if (dialog.open) dialog.close()
			before?.focus?.()
		}
	}, [])
	return (
		<dialog
			ref={ref}
			class={wide ? 'wide' : ''}
			aria-label={title}
			onCancel={(e) => {
				e.preventDefault()
				if (closable) onClose()
			}}
			onClick={(e) => {
				if (closable && e.target === ref.current) onClose()
			}}
		>
			<div class="dialog-head">
				<h2>{title}</h2>
				{closable && <Button kind="quiet" icon="close" aria-label={m.close} onClick={onClose} />}
			</div>
			<div class="dialog-body">{children}</div>
		</dialog>
	)
}

// Asks for a reason (or shows a question alone), does it, says what went wrong without losing what was typed.
export function ReasonDialog({
	title,
	text,
	label,
	action,
	danger,
	optional,
	suggestions,
	run,
	onClose,
	children,
}: {
	title: string
	text?: ComponentChildren
	label?: string
	action: string
	danger?: boolean
	optional?: boolean
	suggestions?: string[]
	run(reason: string): Promise<unknown>
	onClose(): void
	children?: ComponentChildren
}) {
	const m = useT().common
	const [reason, setReason] = useState('')
	const [busy, setBusy] = useState(false)
	const [error, setError] = useState<Error | null>(null)
	const submit = async (e: Event) => {
		e.preventDefault()
		setBusy(true)
		setError(null)
		try {
			await run(reason.trim())
			onClose()
		} catch (failed) {
			setError(failed as Error)
			setBusy(false)
		}
	}
	return (
		<Dialog title={title} onClose={onClose}>
			<form onSubmit={submit} class="stack">
				{text && <p class="muted">{text}</p>}
				{children}
				{label && (
					<>
						<TextArea
							label={label}
							value={reason}
							onValue={setReason}
							required={!optional}
							maxLength={500}
						/>
						{suggestions && (
							<div class="chips">
								{suggestions.map((s) => (
									<button key={s} type="button" class="chip" onClick={() => setReason(s)}>
										{s}
									</button>
								))}
							</div>
						)}
					</>
				)}
				{error && <Note kind="bad">{errorText(error)}</Note>}
				<div class="row end">
					<Button onClick={onClose}>{m.cancel}</Button>
					<Button
						type="submit"
						kind={danger ? 'danger' : 'main'}
						busy={busy}
						disabled={Boolean(label) && !optional && !reason.trim()}
					>
						{action}
					</Button>
				</div>
			</form>
		</Dialog>
	)
}
