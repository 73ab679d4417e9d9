import { beginSession } from '../../app/begin'
import { go } from '../../app/router'
import { lang, setLang, useT } from '../../i18n'
import { Button } from '../../ui/basics'
import { LoginForm } from './login_form'
import type { ComponentChildren } from 'preact'

export function Door({ title, children }: { title: string; children: ComponentChildren }) {
	const m = useT()
	return (
		<main class="door">
			<div class="door-card">
				<div class="door-brand">
					<img src="/padan.svg" alt="" width="36" height="36" />
					<div>
						<b>Padan</b>
						<span>{m.login.lead}</span>
					</div>
				</div>
				<h1>{title}</h1>
				{children}
			</div>
			<Button kind="quiet" small onClick={() => void setLang(lang.value === 'en' ? 'id' : 'en')}>
				{lang.value === 'en' ? 'Bahasa Indonesia' : 'English'}
			</Button>
		</main>
	)
}

export default function LoginPage() {
	const m = useT().login
	return (
		<Door title={m.title}>
			<LoginForm
				done={async () => {
					await beginSession()
					if (location.pathname === '/masuk') go('/', { replace: true })
				}}
			/>
			<p class="muted small">{m.forgot}</p>
		</Door>
	)
}
