// The frame around every page: nobody logged in, somebody, or not known yet.
import { useEffect, useState } from 'preact/hooks'
import type { ComponentType } from 'preact'
import { Refused, session } from '../api/client'
import { Skeleton, Empty } from '../ui/basics'
import { Toasts } from '../ui/toast'
import { useT } from '../i18n'
import { beginSession } from './begin'
import { startEvents, stopEvents } from './events'
import { LoginAgain } from './login_dialog'
import { match } from './router'
import { pageAt, type PageProps } from './pages'
import { reachable } from './reach'
import { Piece } from './piece'
import { usePlace } from './router'
import { Banners } from './banners'
import { Shell } from './shell'
import { useStore } from './store'
import { loadVocabulary } from './vocabulary'

const sheet = () => import('../pages/field/sheet_page')
const login = () => import('../pages/login/login_page')
const invitation = () => import('../pages/login/invitation_page')

export function App() {
	const who = useStore(session)
	const place = usePlace()
	const up = useStore(reachable)
	useEffect(() => {
		if (place.path === '/undangan') return
		if (session.value !== undefined) return
		beginSession({ quiet401: true }).catch((e) => {
			session.value = e instanceof Refused ? null : undefined
		})
	}, [place.path])
	if (place.path === '/undangan')
		return (
			<>
				<Piece load={invitation} args={{}} />
				<Banners />
			</>
		)
	// Opened without a connection: a sheet that this device keeps can be filled in; who it is will be asked when there is one.
	const kept = who === undefined && !up ? match('/lapangan/{sheet}', place.path) : null
	if (kept)
		return (
			<>
				<main id="isi">
					<Piece load={sheet} args={kept} />
				</main>
				<Banners />
				<Toasts />
			</>
		)
	if (who === undefined)
		return (
			<>
				<div class="starting">
					<Skeleton lines={4} />
				</div>
				<Banners />
			</>
		)
	if (who === null)
		return (
			<>
				<Piece load={login} args={{}} />
				<Banners />
			</>
		)
	return <Inside key={who.name} />
}

function Inside() {
	const place = usePlace()
	const m = useT().common
	const [ready, setReady] = useState(false)
	useEffect(() => {
		loadVocabulary().finally(() => setReady(true))
		startEvents()
		return stopEvents
	}, [])
	const found = pageAt(place.path)
	return (
		<>
			<Shell current={found?.page.nav}>
				{!ready ? (
					<Skeleton lines={6} />
				) : found ? (
					<Piece
						load={found.page.load as () => Promise<{ default: ComponentType<PageProps> }>}
						args={found.args}
					/>
				) : (
					<Empty icon="search" title={m.absentTitle}>
						{m.absent}
					</Empty>
				)}
			</Shell>
			<LoginAgain />
			<Toasts />
		</>
	)
}
