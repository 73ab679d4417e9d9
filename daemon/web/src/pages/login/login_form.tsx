// Name and password; used by the login page and by the dialog over a page whose session has ended.
import { useEffect, useState } from 'preact/hooks'
import { post, Refused } from '../../api/client'
import { useT } from '../../i18n'
import { Button, errorText, Note, TextField } from '../../ui/basics'

export function LoginForm({ name: known, done }: { name?: string; done(): void | Promise<void> }) {
	const m = useT().login
	const [name, setName] = useState(known ?? '')
	const [password, setPassword] = useState('')
	const [busy, setBusy] = useState(false)
	const [error, setError] = useState<string | null>(null)
	const [wait, setWait] = useState(0)
	useEffect(() => {
		if (wait <= 0) return
		const timer = setTimeout(() => setWait(wait - 1), 1_000)
		return () => clearTimeout(timer)
	}, [wait])
	const submit = async (e: Event) => {
		e.preventDefault()
		setBusy(true)
		setError(null)
		try {
			await post('/login', { body: { name: name.trim(), password }, quiet401: true })
			await done()
		} catch (failed) {
			if (failed instanceof Refused && failed.status === 429) setWait(failed.problem.retry_after ?? 30)
			else setError(errorText(failed as Error))
			setPassword('')
		}
		setBusy(false)
	}
	return (
		<form class="stack" onSubmit={submit}>
			<TextField
				label={m.name}
				name="username"
				autocomplete="username"
				value={name}
				onValue={setName}
				required
				autofocus={!known}
				spellcheck={false}
				autocapitalize="none"
			/>
			<TextField
				label={m.password}
				name="password"
				type="password"
				autocomplete="current-password"
				value={password}
				onValue={setPassword}
				required
				autofocus={Boolean(known)}
			/>
			{error && <Note kind="bad">{error}</Note>}
			{wait > 0 && <Note kind="warn">{m.wait(wait)}</Note>}
			<Button type="submit" kind="main" class="wide" busy={busy} disabled={wait > 0}>
				{m.enter}
			</Button>
		</form>
	)
}
