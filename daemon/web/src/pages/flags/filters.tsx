// The filter of Temuan: it lives in the address, so that a link shows a colleague the same. Counts beside the choices come
// from the summary of the same filter.
import { useState } from 'preact/hooks'
import type { FlagKind } from '#api'
import type { QueryOf } from '../../api/client'
import { goQuery, usePlace } from '../../app/router'
import { useWords } from '../../app/vocabulary'
import { useT } from '../../i18n'
import { num, period, share } from '../../i18n/format'
import type { Answer } from '../../api/client'
import { Select, type Choice } from '../../ui/basics'
import { Icon } from '../../ui/icons'

export type FlagQuery = QueryOf<'/flags'>
const NAMES = [
	'kind',
	'programme',
	'kecamatan',
	'village',
	'state',
	'status',
	'severity',
	'certainty_from',
	'certainty_to',
	'list',
	'rule',
	'assigned_to',
	'period',
	'person',
	'household',
] as const

export function useFlagQuery(): FlagQuery {
	const { query } = usePlace()
	const found: Record<string, string> = {}
	for (const name of [...NAMES, 'sort']) {
		const value = query.get(name)
		if (value) found[name] = value
	}
	return found as FlagQuery
}
export const isFiltered = (q: FlagQuery) => NAMES.some((n) => q[n] !== undefined)

export function Filters({ query, summary }: { query: FlagQuery; summary: Answer<'/flags/summary'> | undefined }) {
	const m = useT()
	const words = useWords()
	const [open, setOpen] = useState(false) // on a phone, where they stand behind a button
	const chosen = NAMES.filter((n) => query[n] !== undefined).length
	const all = (what: string): Choice => ['', m.flags.any(what)]
	const counted = (text: string, count: number | undefined) =>
		count === undefined ? text : `${text} (${num(count)})`
	const countOf = (buckets: Array<{ key: string | null; count: number }> | undefined, key: string) =>
		buckets?.find((b) => b.key === key)?.count
	const set = (name: string) => (value: string) => goQuery({ [name]: value || null }, false)
	const villages = words.raw.villages.filter((v) => !query.kecamatan || v.kecamatan === query.kecamatan)
	const pick = (name: keyof FlagQuery, label: string, choices: Choice[]) => (
		<span class={`select-wrap ${query[name] !== undefined ? 'on' : ''}`}>
			<Select
				hideLabel
				label={label}
				value={String(query[name] ?? '')}
				choices={choices}
				onValue={set(name as string)}
			/>
		</span>
	)
	return (
		<div class={`filters many ${open ? 'open' : ''}`} role="search" aria-label={m.flags.filters}>
			<button
				type="button"
				class={`filter-button filters-more ${chosen ? 'on' : ''}`}
				aria-expanded={open}
				onClick={() => setOpen(!open)}
			>
				{m.flags.filters}
				{chosen > 0 && <b class="num">{num(chosen)}</b>}
				<Icon name={open ? 'up' : 'down'} size={13} />
			</button>
			<Several
				label={m.flags.kind}
				name="kind"
				chosen={(query.kind ?? '').split(',').filter(Boolean)}
				choices={words.raw.flag_kinds.map((k) => ({
					key: k.code,
					text: words.word('flag_kinds', k.code),
					count: summary?.by_kind.find((c) => c.kind === (k.code as FlagKind))?.count,
				}))}
			/>
			{words.raw.programmes.length > 1 && (
				<Several
					label={m.flags.programme}
					name="programme"
					chosen={(query.programme ?? '').split(',').filter(Boolean)}
					choices={words.raw.programmes.map((p) => ({
						key: p.programme,
						text: p.name,
						count: countOf(summary?.by_programme, p.programme),
					}))}
				/>
			)}
			{words.kecamatans.length > 1 &&
				pick('kecamatan', m.flags.kecamatan, [
					all(m.flags.kecamatan),
					...words.kecamatans.map((k): Choice => [k, counted(k, countOf(summary?.by_kecamatan, k))]),
				])}
			{villages.length > 1 &&
				pick('village', m.flags.village, [
					all(m.flags.village),
					...villages.map((v): Choice => [String(v.village), v.name]),
				])}
			{pick('status', m.flags.status, Object.entries(m.flags.statusChoices))}
			{pick('state', m.flags.state, [
				all(m.flags.state),
				...words.raw.flag_states.map((s): Choice => [s.code, words.word('flag_states', s.code)]),
			])}
			{pick('severity', m.flags.severity, [
				all(m.flags.severity),
				...words.raw.severities.map((s): Choice => [s.code, words.word('severities', s.code)]),
			])}
			{pick('certainty_from', m.flags.certaintyFrom, [
				all(m.flags.certainty),
				...['0.5', '0.8', '0.9', '0.95', '0.99'].map((c): Choice => [c, `≥ ${share(Number(c))}`]),
			])}
			{query.list !== undefined && <Removable name="list" text={m.flags.onlyList(String(query.list))} />}
			{query.household !== undefined && <Removable name="household" text={m.flags.onlyHousehold} />}
			{query.period !== undefined && <Removable name="period" text={period(query.period)} />}
			{query.rule !== undefined && <Removable name="rule" text={String(query.rule)} />}
			{query.assigned_to !== undefined && (
				<Removable
					name="assigned_to"
					text={query.assigned_to === '-' ? m.flags.nobody : words.office(query.assigned_to)}
				/>
			)}
			{isFiltered(query) && (
				<button
					type="button"
					class="filter-button"
					onClick={() => goQuery(Object.fromEntries(NAMES.map((n) => [n, null])), false)}
				>
					<Icon name="close" size={13} />
					{m.flags.clear}
				</button>
			)}
		</div>
	)
}

function Removable({ name, text }: { name: string; text: string }) {
	const m = useT().flags
	return (
		<button
			type="button"
			class="chip on"
			aria-label={`${m.clear}: ${text}`}
			onClick={() => goQuery({ [name]: null }, false)}
		>
			{text}
			<Icon name="close" size={13} />
		</button>
	)
}

function Several({
	label,
	name,
	chosen,
	choices,
}: {
	label: string
	name: string
	chosen: string[]
	choices: Array<{ key: string; text: string; count?: number }>
}) {
	const toggle = (key: string, on: boolean) =>
		goQuery({ [name]: (on ? [...chosen, key] : chosen.filter((c) => c !== key)).join(',') || null }, false)
	const shown = chosen.length === 1 ? choices.find((c) => c.key === chosen[0])?.text : null
	return (
		<details
			class="menu start"
			onBlur={(e) => {
				if (e.relatedTarget && !e.currentTarget.contains(e.relatedTarget as Node)) e.currentTarget.open = false
			}}
			onKeyDown={(e) => {
				if (e.key === 'Escape') {
					e.currentTarget.open = false
					e.currentTarget.querySelector('summary')!.focus()
				}
			}}
		>
			<summary class={`filter-button ${chosen.length ? 'on' : ''}`}>
				{shown ?? label}
				{chosen.length > 1 && <b class="num">{chosen.length}</b>}
				<Icon name="down" size={13} />
			</summary>
			<div class="menu-items menu-list">
				{choices.map((c) => (
					<label class="check" key={c.key}>
						<input
							type="checkbox"
							checked={chosen.includes(c.key)}
							onChange={(e) => toggle(c.key, e.currentTarget.checked)}
						/>
						<span>
							{c.text}
							{c.count !== undefined && <span class="muted">{num(c.count)}</span>}
						</span>
					</label>
				))}
			</div>
		</details>
	)
}
