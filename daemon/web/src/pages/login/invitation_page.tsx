// The first login: a one-time link (/undangan#TOKEN; what stands behind # never reaches a server's log), a password of one's own.
import { useEffect, useState } from 'preact/hooks'
import type { LinkOwner } from '#api'
import { post } from '../../api/client'
import { beginSession } from '../../app/begin'
import { go } from '../../app/router'
import { useT } from '../../i18n'
import { Button, errorText, LinkButton, Note, Skeleton, TextField } from '../../ui/basics'
import { Door } from './login_page'

export default function InvitationPage() {
	const m = useT().login
	const [token] = useState(() => location.hash.slice(1))
	const [who, setWho] = useState<LinkOwner | null>(null)
	const [bad, setBad] = useState(false)
	const [password, setPassword] = useState('')
	const [again, setAgain] = useState('')
	const [busy, setBusy] = useState(false)
	const [error, setError] = useState<Error | null>(null)
	useEffect(() => {
		post('/link', { body: { token }, quiet401: true }).then(setWho, () => setBad(true))
	}, [])
	if (bad)
		return (
			<Door title={m.linkBadTitle}>
				<p class="muted">{m.linkBad}</p>
				<LinkButton href="/" kind="main">
					{m.toLogin}
				</LinkButton>
			</Door>
		)
	if (!who)
		return (
			<Door title="Padan">
				<Skeleton lines={3} />
			</Door>
		)
	const differ = again !== '' && again !== password
	const submit = async (e: Event) => {
		e.preventDefault()
		if (again !== password) return
		setBusy(true)
		setError(null)
		try {
			await post('/link/password', { body: { token, password }, quiet401: true })
			await beginSession()
			go('/', { replace: true })
		} catch (failed) {
			setError(failed as Error)
			setBusy(false)
		}
	}
	return (
		<Door title={m.firstTitle(who.full_name || who.name)}>
			<p class="muted">{m.firstText(m.roles[who.role])}</p>
			<form class="stack" onSubmit={submit}>
				<input type="text" name="username" autocomplete="username" value={who.name} readOnly hidden />
				<TextField
					label={m.newPassword}
					type="password"
					autocomplete="new-password"
					minLength={8}
					help={m.newPasswordHelp}
					value={password}
					onValue={setPassword}
					required
					autofocus
				/>
				<TextField
					label={m.repeatPassword}
					type="password"
					autocomplete="new-password"
					error={differ ? m.differ : null}
					value={again}
					onValue={setAgain}
					required
				/>
				{error && <Note kind="bad">{errorText(error)}</Note>}
				<Button type="submit" kind="main" class="wide" busy={busy}>
					{m.begin}
				</Button>
			</form>
		</Door>
	)
}
