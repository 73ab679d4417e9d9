// Pengaturan: one tab a subject; the tabs a role has are those it may read.
import type { ComponentType } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { session } from '../../api/client'
import type { PageProps } from '../../app/pages'
import { useStore } from '../../app/store'
import { useT } from '../../i18n'
import { PageHead } from '../../ui/basics'
import { Sections } from './sections'
import { Thresholds } from './thresholds'
import { Alerts, ColumnMemory, Jobs } from './lists_tabs'
import { Users } from './users'
import { Tokens } from './tokens'
import { Models } from './models'
import { ConfigFile } from './config_file'

interface Tab {
	key: string
	show: ComponentType
	roles: string[]
}
const ADMINISTRATOR = ['administrator']
const ALL = [...ADMINISTRATOR, 'bappeda']
const TABS: Tab[] = [
	{ key: 'offices', show: () => <Sections kind="office" />, roles: ADMINISTRATOR },
	{ key: 'programmes', show: () => <Sections kind="programme" />, roles: ADMINISTRATOR },
	{ key: 'references', show: () => <Sections kind="reference" />, roles: ADMINISTRATOR },
	{ key: 'rules', show: () => <Sections kind="rule" />, roles: ADMINISTRATOR },
	{ key: 'thresholds', show: Thresholds, roles: ALL },
	{ key: 'columns', show: ColumnMemory, roles: ['administrator', 'office'] },
	{ key: 'alerts', show: Alerts, roles: ['administrator', 'bappeda', 'office'] },
	{ key: 'users', show: Users, roles: ADMINISTRATOR },
	{ key: 'tokens', show: Tokens, roles: ADMINISTRATOR },
	{
		key: 'models',
		show: () => (
			<>
				<Models />
				<Jobs />
			</>
		),
		roles: ALL,
	},
	{ key: 'file', show: ConfigFile, roles: ADMINISTRATOR },
]

export default function SettingsPage({ args }: PageProps) {
	const m = useT()
	const who = useStore(session)!
	const tabs = TABS.filter((t) => t.roles.includes(who.role))
	const tab = tabs.find((t) => t.key === (args.tab === 'pemberitahuan' ? 'alerts' : args.tab)) ?? tabs[0]
	// On a phone the tabs stand in one line that is wider than it: the present one is brought into sight, nothing else moves.
	const line = useRef<HTMLElement>(null)
	useEffect(() => {
		const current = line.current?.querySelector<HTMLElement>('[aria-current]')
		if (current) line.current!.scrollLeft = current.offsetLeft - line.current!.offsetLeft - 48
	}, [tab?.key])
	if (!tab) return null
	return (
		<>
			<PageHead title={m.shell.settings}>{m.settings.leads[tab.key]}</PageHead>
			<div class="settings">
				<nav aria-label={m.shell.settings} ref={line} class="runs-on">
					{tabs.map((t) => (
						<a key={t.key} href={`/pengaturan/${t.key}`} aria-current={t === tab ? 'page' : undefined}>
							{m.settings.tabs[t.key]}
						</a>
					))}
				</nav>
				<div class="stack" key={tab.key}>
					<tab.show />
				</div>
			</div>
		</>
	)
}
