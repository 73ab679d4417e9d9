// The frame: pages at the left (a drawer on a phone), what is at hand at the top, the page itself.
import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { patch, post, session } from '../api/client'
import { forgetAll } from '../api/query'
import { lang, setLang, useT } from '../i18n'
import { Button } from '../ui/basics'
import { Icon } from '../ui/icons'
import { Banners } from './banners'
import { KeysDialog } from './keys_dialog'
import { useKeys } from './keys'
import { fetchPage, navFor, type NavName } from './pages'
import { Palette } from './palette'
import { PasswordDialog } from './password_dialog'
import { go, usePlace } from './router'
import { useStore } from './store'
import { nextTheme, theme } from './theme'

export async function logout() {
	await post('/logout', { body: {} }).catch(() => undefined)
	forgetAll()
	location.href = '/'
}
export async function switchLang() {
	const next = lang.value === 'en' ? 'id' : 'en'
	await setLang(next)
	await patch('/session', { body: { lang: next } }).catch(() => undefined) // this browser remembers it all the same
}

export function Shell({ current, children }: { current?: NavName; children: ComponentChildren }) {
	const m = useT()
	const who = useStore(session)!
	const place = usePlace()
	const [drawer, setDrawer] = useState(false)
	const [open, setOpen] = useState<'palette' | 'keys' | 'password' | null>(null)
	const nav = navFor(who.role)
	useEffect(() => setDrawer(false), [place.path])
	useEffect(() => {
		document.title = `${current ? m.shell[current] : 'Padan'} · ${who.district.name || 'Padan'}`
	}, [current, m])
	useKeys(m.keys.everywhere, [
		{ keys: 'ctrl+k', says: m.keys.palette, always: true, run: () => setOpen('palette') },
		{
			keys: '/',
			says: '',
			run: () =>
				(
					document.querySelector<HTMLElement>('main [type=search]') ??
					document.querySelector<HTMLElement>('.palette-button')
				)?.focus(),
		},
		{ keys: '?', says: m.keys.help, run: () => setOpen('keys') },
		...nav.map((n) => ({ keys: n.key, says: m.keys.goTo(m.shell[n.name]), run: () => go(n.href) })),
	])
	return (
		<div class="shell">
			<a
				class="skip"
				href="#isi"
				onClick={(e) => {
					e.preventDefault()
					document.getElementById('isi')?.focus()
				}}
			>
				{m.shell.skip}
			</a>
			<header class="topbar">
				<Button
					kind="quiet"
					icon="menu"
					aria-label={m.shell.menu}
					aria-expanded={drawer}
					onClick={() => setDrawer(!drawer)}
				/>
				<a class="brand" href="/">
					<img src="/padan.svg" alt="" width="22" height="22" />
					Padan
				</a>
				<Button kind="quiet" icon="search" aria-label={m.shell.palette} onClick={() => setOpen('palette')} />
			</header>
			{drawer && <div class="scrim" onClick={() => setDrawer(false)} />}
			<aside class={`sidebar ${drawer ? 'open' : ''}`}>
				<a class="brand" href="/">
					<img src="/padan.svg" alt="" width="22" height="22" />
					Padan<span class="district">{who.district.name.replace(/^Kabupaten /, 'Kab. ')}</span>
				</a>
				<button type="button" class="palette-button" onClick={() => setOpen('palette')}>
					<Icon name="search" size={15} />
					<span>{m.shell.palette}</span>
					<kbd>Ctrl K</kbd>
				</button>
				<nav aria-label={m.shell.nav}>
					{nav.map((n) => (
						<a
							key={n.name}
							href={n.href}
							aria-current={current === n.name ? 'page' : undefined}
							onPointerEnter={() => fetchPage(n.href)}
						>
							<Icon name={n.icon} size={18} />
							<span>{m.shell[n.name]}</span>
						</a>
					))}
				</nav>
				<Account onPassword={() => setOpen('password')} onKeys={() => setOpen('keys')} />
			</aside>
			<main id="isi" tabIndex={-1}>
				<Banners />
				{children}
			</main>
			{open === 'palette' && <Palette onClose={() => setOpen(null)} onOpen={setOpen} />}
			{open === 'keys' && <KeysDialog onClose={() => setOpen(null)} />}
			{open === 'password' && <PasswordDialog onClose={() => setOpen(null)} />}
		</div>
	)
}

function Account({ onPassword, onKeys }: { onPassword(): void; onKeys(): void }) {
	const m = useT()
	const who = useStore(session)!
	const t = useStore(theme)
	const dark = t === 'dark' || (t === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches)
	return (
		<div class="account">
			<details class="menu up">
				<summary>
					<span class="avatar" aria-hidden="true">
						{initials(who.full_name || who.name)}
					</span>
					<span class="account-name">
						<b>{who.full_name || who.name}</b>
						<span>{who.office_name || m.login.roles[who.role]}</span>
					</span>
				</summary>
				<div
					class="menu-items"
					onClick={(e) => {
						e.currentTarget.closest('details')!.open = false
					}}
				>
					<button type="button" onClick={onPassword}>
						<Icon name="lock" />
						{m.login.changePassword}
					</button>
					<button type="button" onClick={onKeys}>
						<Icon name="help" />
						{m.keys.title}
						<kbd>?</kbd>
					</button>
					<button type="button" onClick={() => void logout()}>
						<Icon name="logout" />
						{m.shell.logout}
					</button>
				</div>
			</details>
			<div class="account-tools">
				<Button
					kind="quiet"
					small
					icon={dark ? 'sun' : 'moon'}
					aria-label={dark ? m.shell.themeLight : m.shell.themeDark}
					onClick={nextTheme}
				/>
				<Button kind="quiet" small onClick={() => void switchLang()} lang={lang.value === 'en' ? 'id' : 'en'}>
					<span aria-hidden="true">{lang.value === 'en' ? 'ID' : 'EN'}</span>
					<span class="hidden">{m.shell.language}</span>
				</Button>
			</div>
		</div>
	)
}

const initials = (name: string) =>
	name
		.split(/\s+/)
		.slice(0, 2)
		.map((w) => w[0] ?? '')
		.join('')
		.toUpperCase()
