import { useState } from 'preact/hooks'
import { get, post, session } from '../api/client'
import { useT } from '../i18n'
import { Button, errorText, Note, TextField } from '../ui/basics'
import { Dialog } from '../ui/dialog'
import { toast } from '../ui/toast'

export function PasswordDialog({ onClose }: { onClose(): void }) {
	const m = useT()
	const [old, setOld] = useState('')
	const [fresh, setFresh] = useState('')
	const [again, setAgain] = useState('')
	const [busy, setBusy] = useState(false)
	const [error, setError] = useState<Error | null>(null)
	const differ = again !== '' && again !== fresh
	const submit = async (e: Event) => {
		e.preventDefault()
		if (again !== fresh) return
		setBusy(true)
		setError(null)
		try {
			await post('/password', { body: { old, new: fresh } })
			session.value = await get('/session')
			toast(m.login.changed)
			onClose()
		} catch (failed) {
			setError(failed as Error)
		}
		setBusy(false)
	}
	return (
		<Dialog title={m.login.changePassword} onClose={onClose}>
			<form class="stack" onSubmit={submit}>
				<TextField
					label={m.login.oldPassword}
					type="password"
					autocomplete="current-password"
					value={old}
					onValue={setOld}
					required
				/>
				<TextField
					label={m.login.newPassword}
					type="password"
					autocomplete="new-password"
					minLength={8}
					help={m.login.newPasswordHelp}
					value={fresh}
					onValue={setFresh}
					required
				/>
				<TextField
					label={m.login.repeatPassword}
					type="password"
					autocomplete="new-password"
					error={differ ? m.login.differ : null}
					value={again}
					onValue={setAgain}
					required
				/>
				{error && <Note kind="bad">{errorText(error)}</Note>}
				<div class="row end">
					<Button onClick={onClose}>{m.common.cancel}</Button>
					<Button type="submit" kind="main" busy={busy}>
						{m.common.save}
					</Button>
				</div>
			</form>
		</Dialog>
	)
}
