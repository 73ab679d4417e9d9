// Which address shows which page; each page is a piece of its own, fetched when somebody goes there.
import type { ComponentType } from 'preact'
import type { Role } from '#api'
import type { IconName } from '../ui/icons'
import { match } from './router'

export type PageProps = { args: Record<string, string> }
type Loader = () => Promise<{ default: ComponentType<PageProps> }>
interface PageOf {
	pattern: string
	load: Loader
	nav?: NavName
	roles?: Role[]
}
export type NavName =
	| 'home'
	| 'lists'
	| 'flags'
	| 'review'
	| 'coverage'
	| 'overlap'
	| 'field'
	| 'household'
	| 'settings'
	| 'audit'

const LOOK: Role[] = ['administrator', 'bappeda', 'office']
export const NAV: Array<{ name: NavName; href: string; icon: IconName; roles: Role[]; key: string }> = [
	{ name: 'home', href: '/', icon: 'home', roles: ['administrator', 'bappeda', 'office', 'verifier'], key: 'g b' },
	{ name: 'lists', href: '/daftar', icon: 'lists', roles: LOOK, key: 'g d' },
	{
		name: 'flags',
		href: '/temuan',
		icon: 'flag',
		roles: ['administrator', 'bappeda', 'office', 'verifier'],
		key: 'g t',
	},
	{ name: 'review', href: '/periksa', icon: 'review', roles: LOOK, key: 'g p' },
	{ name: 'coverage', href: '/cakupan', icon: 'coverage', roles: LOOK, key: 'g c' },
	{ name: 'overlap', href: '/tumpang-tindih', icon: 'overlap', roles: LOOK, key: 'g o' },
	{ name: 'field', href: '/lapangan', icon: 'field', roles: ['administrator', 'bappeda', 'verifier'], key: 'g l' },
	{ name: 'household', href: '/keluarga', icon: 'family', roles: LOOK, key: 'g k' },
	{
		name: 'settings',
		href: '/pengaturan',
		icon: 'settings',
		roles: ['administrator', 'bappeda', 'office'],
		key: 'g s',
	},
	{ name: 'audit', href: '/jejak', icon: 'audit', roles: ['administrator', 'bappeda'], key: 'g j' },
]

const lists: Loader = () => import('../pages/lists/lists_page')
const flags: Loader = () => import('../pages/flags/flags_page')
const field: Loader = () => import('../pages/field/field_page')
const settings: Loader = () => import('../pages/settings/settings_page')
const ALL: PageOf[] = [
	{ pattern: '/', load: () => import('../pages/home/home_page'), nav: 'home' },
	{ pattern: '/daftar', load: lists, nav: 'lists' },
	{ pattern: '/daftar/periode', load: lists, nav: 'lists' },
	{ pattern: '/daftar/kirim', load: () => import('../pages/lists/send_page'), nav: 'lists' },
	{ pattern: '/daftar/{list}', load: () => import('../pages/lists/list_page'), nav: 'lists' },
	{ pattern: '/temuan', load: flags, nav: 'flags' },
	{ pattern: '/temuan/{flag}', load: flags, nav: 'flags' },
	{ pattern: '/periksa', load: () => import('../pages/review/review_page'), nav: 'review' },
	{ pattern: '/periksa/putusan', load: () => import('../pages/review/decisions_page'), nav: 'review' },
	{ pattern: '/periksa/{pair}', load: () => import('../pages/review/pair_page'), nav: 'review' },
	{ pattern: '/cakupan', load: () => import('../pages/coverage/coverage_page'), nav: 'coverage' },
	{ pattern: '/cakupan/terlewat', load: () => import('../pages/coverage/left_out_page'), nav: 'coverage' },
	{ pattern: '/tumpang-tindih', load: () => import('../pages/overlap/overlap_page'), nav: 'overlap' },
	{ pattern: '/lapangan', load: field, nav: 'field' },
	{ pattern: '/verifikasi', load: field, nav: 'field' },
	{ pattern: '/lapangan/{sheet}', load: () => import('../pages/field/sheet_page'), nav: 'field' },
	{ pattern: '/lapangan/usulan/{proposal}', load: () => import('../pages/field/proposal_page'), nav: 'field' },
	{ pattern: '/keluarga', load: () => import('../pages/household/search_page'), nav: 'household' },
	{ pattern: '/keluarga/{household}', load: () => import('../pages/household/household_page'), nav: 'household' },
	{ pattern: '/pengaturan', load: settings, nav: 'settings' },
	{ pattern: '/pengaturan/{tab}', load: settings, nav: 'settings' },
	{ pattern: '/jejak', load: () => import('../pages/audit/audit_page'), nav: 'audit' },
]

export function pageAt(path: string): { page: PageOf; args: Record<string, string> } | null {
	for (const page of ALL) {
		const args = match(page.pattern, path)
		if (args) return { page, args }
	}
	return null
}
// While a person reads one page, the likely next ones are fetched.
export function fetchPage(href: string) {
	void pageAt(href)
		?.page.load()
		.catch(() => undefined)
}
export const navFor = (role: Role) => NAV.filter((n) => n.roles.includes(role))
