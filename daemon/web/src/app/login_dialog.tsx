// The dialog over a page whose session ended. The page below stays as it is; see login_again.ts.
import { useState } from 'preact/hooks'
import { get, session } from '../api/client'
import { useT } from '../i18n'
import { Dialog } from '../ui/dialog'
import { LoginForm } from '../pages/login/login_form'
import { loggedInAgain, loginWanted } from './login_again'
import { startEvents } from './events'
import { useStore } from './store'

export function LoginAgain() {
	const wanted = useStore(loginWanted)
	const m = useT().login
	const [name] = useState(session.value?.name ?? '')
	if (!wanted) return null
	return (
		<Dialog title={m.again} closable={false} onClose={() => undefined}>
			<p class="muted">{m.againText}</p>
			<LoginForm
				name={name}
				done={async () => {
					const now = await get('/session')
					if (now.name !== name) return location.reload()
					session.value = now
					startEvents()
					loggedInAgain()
				}}
			/>
		</Dialog>
	)
}
