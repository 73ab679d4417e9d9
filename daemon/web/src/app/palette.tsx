// Ctrl-K: every page, every command, every programme and village, found by a few letters of its name.
import { useMemo, useRef, useState } from 'preact/hooks'
import { session } from '../api/client'
import { lang, useT } from '../i18n'
import { Dialog } from '../ui/dialog'
import { Icon, type IconName } from '../ui/icons'
import { navFor } from './pages'
import { go } from './router'
import { logout, switchLang } from './shell'
import { nextTheme } from './theme'
import { useWords } from './vocabulary'

interface Item {
	text: string
	group: string
	icon: IconName
	hint?: string
	run(): void
}

// Letters in order, near each other and at beginnings of words first.
function fits(text: string, wanted: string): number {
	const a = text.toLowerCase()
	const at = a.indexOf(wanted)
	if (at >= 0) return 100 - at + (at === 0 || a[at - 1] === ' ' ? 50 : 0)
	let i = 0
	for (const letter of a) if (letter === wanted[i]) i++
	return i === wanted.length ? 10 - a.length / 50 : 0
}

export function Palette({ onClose, onOpen }: { onClose(): void; onOpen(what: 'keys' | 'password'): void }) {
	const m = useT()
	const words = useWords()
	const [text, setText] = useState('')
	const [at, setAt] = useState(0)
	const list = useRef<HTMLUListElement>(null)
	const who = session.value!
	const items = useMemo<Item[]>(() => {
		const may = (what: string) => who.may.includes(what)
		const pages: Item[] = navFor(who.role).map((n) => ({
			text: m.shell[n.name],
			group: m.shell.pages,
			icon: n.icon,
			hint: n.key,
			run: () => go(n.href),
		}))
		const looks = who.role !== 'verifier'
		return [
			...pages,
			...(may('send_lists')
				? [
						{
							text: m.shell.sendList,
							group: m.shell.commands,
							icon: 'upload' as const,
							run: () => go('/daftar/kirim'),
						},
					]
				: []),
			...(looks
				? [
						{
							text: m.shell.findPerson,
							group: m.shell.commands,
							icon: 'search' as const,
							run: () => go('/keluarga'),
						},
					]
				: []),
			{ text: m.shell.toggleTheme, group: m.shell.commands, icon: 'moon', run: nextTheme },
			{
				text: lang.value === 'en' ? 'Bahasa Indonesia' : 'English',
				group: m.shell.commands,
				icon: 'more',
				run: () => void switchLang(),
			},
			{ text: m.keys.title, group: m.shell.commands, icon: 'help', hint: '?', run: () => onOpen('keys') },
			{ text: m.login.changePassword, group: m.shell.commands, icon: 'lock', run: () => onOpen('password') },
			{ text: m.shell.logout, group: m.shell.commands, icon: 'logout', run: () => void logout() },
			...(text
				? words.raw.flag_kinds.map((k) => ({
						text: words.word('flag_kinds', k.code),
						group: m.shell.flags,
						icon: 'flag' as const,
						run: () => go(`/temuan?kind=${k.code}`),
					}))
				: []),
			...(text
				? words.raw.programmes.map((p) => ({
						text: p.name,
						group: m.flags.programme,
						icon: 'lists' as const,
						run: () => go(`/temuan?programme=${p.programme}`),
					}))
				: []),
			...(text
				? words.raw.villages.map((v) => ({
						text: `${v.name}, ${v.kecamatan}`,
						group: m.flags.village,
						icon: 'field' as const,
						run: () => go(`/temuan?village=${v.village}`),
					}))
				: []),
		]
	}, [m, words, who, Boolean(text)])
	const wanted = text.trim().toLowerCase()
	const shown = wanted
		? items
				.map((item) => ({ item, score: fits(item.text, wanted) }))
				.filter((x) => x.score > 0)
				.sort((a, b) => b.score - a.score)
				.slice(0, 12)
				.map((x) => x.item)
		: items
	const choose = (item: Item | undefined) => {
		if (!item) return
		onClose()
		setTimeout(item.run)
	}
	const move = (by: number) => {
		const next = (at + by + shown.length) % Math.max(1, shown.length)
		setAt(next)
		list.current?.children[next]?.scrollIntoView({ block: 'nearest' })
	}
	return (
		<Dialog title={m.shell.palette} onClose={onClose}>
			<div class="palette">
				<input
					class="input"
					type="search"
					autofocus
					placeholder={m.shell.palette}
					aria-label={m.shell.palette}
					role="combobox"
					aria-expanded="true"
					aria-controls="palette-list"
					aria-activedescendant={shown[at] ? `palette-${at}` : undefined}
					value={text}
					onInput={(e) => {
						setText(e.currentTarget.value)
						setAt(0)
					}}
					onKeyDown={(e) => {
						if (e.key === 'ArrowDown') {
							e.preventDefault()
							move(1)
						} else if (e.key === 'ArrowUp') {
							e.preventDefault()
							move(-1)
						} else if (e.key === 'Enter') {
							e.preventDefault()
							choose(shown[at])
						}
					}}
				/>
				<ul id="palette-list" role="listbox" aria-label={m.shell.commands} ref={list}>
					{shown.map((item, i) => (
						<li
							key={item.group + item.text}
							id={`palette-${i}`}
							role="option"
							aria-selected={i === at}
							onPointerMove={() => setAt(i)}
							onClick={() => choose(item)}
						>
							<Icon name={item.icon} />
							<span>{item.text}</span>
							<span class="muted">{item.group}</span>
							{item.hint && <kbd>{item.hint}</kbd>}
						</li>
					))}
				</ul>
				{shown.length === 0 && <p class="muted pad">{m.shell.paletteEmpty}</p>}
			</div>
		</Dialog>
	)
}
