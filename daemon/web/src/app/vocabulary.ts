// Every code that the server's answers bear, with its words: read once after login, again when the configuration changes.
import type { Programme, Term, Village, Vocabulary } from '#api'
import { get } from '../api/client'
import { lang, t } from '../i18n'
import { makeStore, useStore } from './store'

type Group =
	| 'flag_kinds'
	| 'severities'
	| 'flag_states'
	| 'flag_statuses'
	| 'list_states'
	| 'column_roles'
	| 'relations'
	| 'notes'
	| 'terms'

export interface Words {
	raw: Vocabulary
	programme(code: string | null | undefined): string
	programmeOf(code: string): Programme | undefined
	office(code: string | null | undefined): string
	village(id: number | null | undefined, text?: string | null): string
	kecamatan(id: number | null | undefined): string
	kecamatans: string[]
	word(group: Group, code: string | number | null | undefined): string
	help(group: Group, code: string): string
	subject(kind: string, subject: string): string
	sender(who: string, door: string | null | undefined): string // who sent a list, by which door
	note(note: string): string // "nik_repaired", "date_century:birth_date": what, and in which column
}

function makeWords(raw: Vocabulary): Words {
	const programmes = new Map(raw.programmes.map((p) => [p.programme, p]))
	const offices = new Map(raw.offices.map((o) => [o.office, o.name]))
	const references = new Map(raw.references.map((r) => [r.reference, r.name]))
	const villages = new Map<number, Village>(raw.villages.map((v) => [v.village, v]))
	const groups = new Map<string, Term>()
	const all: Group[] = [
		'flag_kinds',
		'severities',
		'flag_states',
		'flag_statuses',
		'list_states',
		'column_roles',
		'relations',
		'notes',
		'terms',
	]
	for (const g of all) for (const term of raw[g] ?? []) groups.set(`${g}.${term.code}`, term)
	const term = (group: Group, code: string | number) => groups.get(`${group}.${code}`)
	return {
		raw,
		programme: (code) => (code ? (programmes.get(code)?.name ?? code) : '–'),
		programmeOf: (code) => programmes.get(code),
		office: (code) => (code ? (offices.get(code) ?? code) : '–'),
		village: (id, text) => (id != null ? (villages.get(id)?.name ?? String(id)) : text || '–'),
		kecamatan: (id) => (id != null ? (villages.get(id)?.kecamatan ?? '–') : '–'),
		kecamatans: [...new Set(raw.villages.map((v) => v.kecamatan))].sort((a, b) => a.localeCompare(b)),
		word(group, code) {
			if (code == null) return '–'
			const found = term(group, code)
			return found ? (lang.value === 'en' ? found.text_en : found.text) || String(code) : String(code)
		},
		help(group, code) {
			const found = term(group, code)
			return found ? (lang.value === 'en' ? found.help_en : found.help) : ''
		},
		sender(who, door) {
			const m = t().lists
			const office = /^(?:padan_office_\d+_|inbox[/:])(.+)$/.exec(who)?.[1]
			if (office && offices.has(office))
				return m.by(offices.get(office)!, m.doors[door ?? (who.startsWith('padan_') ? 'sql' : 'inbox')] ?? '')
			if (door === 'cli') return who === 'postgres' ? m.doors.cli! : m.by(who, m.doors.cli!)
			return who
		},
		note(note) {
			const [code, role] = note.split(':') as [string, string?]
			return this.word('notes', code) + (role ? ` (${this.word('column_roles', role)})` : '')
		},
		subject(kind, subject) {
			if (kind === 'target') return lang.value === 'en' ? 'Target list' : 'Daftar sasaran'
			return kind === 'reference'
				? (references.get(subject) ?? subject)
				: (programmes.get(subject)?.name ?? subject)
		},
	}
}

const NOTHING: Vocabulary = {
	district: { district: 0, code: '', name: '' },
	offices: [],
	programmes: [],
	references: [],
	villages: [],
	rules: [],
	periods: [],
	flag_kinds: [],
	severities: [],
	flag_states: [],
	flag_statuses: [],
	list_states: [],
	column_roles: [],
	relations: [],
	notes: [],
	terms: [],
}
export const words = makeStore<Words>(makeWords(NOTHING))
export const useWords = () => useStore(words)

export async function loadVocabulary() {
	words.value = makeWords(await get('/vocabulary'))
}
