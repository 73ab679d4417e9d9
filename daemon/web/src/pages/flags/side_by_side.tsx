// Two rows of lists beside each other, what differs marked letter by letter; one row alone; the rows of a family.
import { useState } from 'preact/hooks'
import type { Entry, FieldComparison } from '#api'
import { post, session } from '../../api/client'
import { useWords } from '../../app/vocabulary'
import { said, useT } from '../../i18n'
import { day, period } from '../../i18n/format'
import { Button } from '../../ui/basics'
import { ReasonDialog } from '../../ui/dialog'
import { Term } from '../../ui/help'
import { Icon } from '../../ui/icons'
import { letters, positions, type Run } from './letters'

export const birthText = (b: string | null | undefined) =>
	!b ? null : b.length === 10 ? day(b) : b.length === 7 ? period(b) : b
const rtText = (e: Entry) => (e.rt == null && e.rw == null ? null : `${e.rt ?? '–'}/${e.rw ?? '–'}`)

interface Line {
	key: string
	label: string
	a: string | null
	b: string | null
	mono?: boolean
	comparison?: FieldComparison
	marks: boolean // differences letter by letter make sense
}

export function useLines(a: Entry, b: Entry | null, comparison: FieldComparison[]): Line[] {
	const m = useT().common
	const words = useWords()
	const of = (field: FieldComparison['field']) => comparison.find((c) => c.field === field)
	const line = (
		key: keyof typeof m.fieldNames,
		value: (e: Entry) => string | null | undefined,
		marks: boolean,
		mono = false,
		field = key as FieldComparison['field'],
	): Line => ({
		key,
		label: m.fieldNames[key],
		a: value(a) || null,
		b: b ? value(b) || null : null,
		mono,
		comparison: of(field),
		marks,
	})
	const relation = (e: Entry) => (e.relation ? words.word('relations', e.relation) : null)
	return [
		line('name', (e) => e.name, true),
		line('nik', (e) => e.nik, true, true),
		line('kk', (e) => e.kk, true, true),
		line('birth', (e) => birthText(e.birth), true),
		line('sex', (e) => (e.sex ? m.sex[e.sex] : null), false),
		line('relation', relation, false),
		line('village', (e) => words.village(e.village, e.village_text), true),
		line('rt', rtText, true),
		line('address', (e) => e.address, true),
		line('head', (e) => e.head_name, true),
		line('father', (e) => e.father_name, true),
		line('birthPlace', (e) => e.birth_place, true),
		line('family_id', (e) => e.family_id, true, true),
		line('desil', (e) => (e.desil == null ? null : String(e.desil)), false),
	].filter((l) => l.a !== null || l.b !== null)
}

function Runs({ runs }: { runs: Run[] }) {
	return <>{runs.map((r, i) => (r.same ? r.text : <mark key={i}>{r.text}</mark>))}</>
}

function values(line: Line): [Run[], Run[]] {
	const a = line.a ?? ''
	const b = line.b ?? ''
	const at = line.comparison?.differs_at
	if (at?.length) return [positions(a, at), positions(b, at)]
	if (line.a === null || line.b === null || !line.marks) return [[{ text: a, same: true }], [{ text: b, same: true }]]
	return letters(a, b)
}

export function SideBySide({
	a,
	b,
	comparison,
	headA,
	headB,
}: {
	a: Entry
	b: Entry
	comparison: FieldComparison[]
	headA?: string
	headB?: string
}) {
	const m = useT()
	const words = useWords()
	const lines = useLines(a, b, comparison)
	const head = (e: Entry, text?: string) => (
		<th scope="col">
			<b>{text ?? words.subject(e.kind, e.subject)}</b>
			{period(e.period)} · {m.household.line(e.line)}
		</th>
	)
	return (
		<div class="plain-wrap">
			<table class="pairs">
				<colgroup>
					<col class="label" />
					<col />
					<col class="verdict" />
					<col />
				</colgroup>
				<thead>
					<tr>
						<th scope="col">
							<span class="hidden">{m.review.field}</span>
						</th>
						{head(a, headA)}
						<th /> {head(b, headB)}
					</tr>
				</thead>
				<tbody>
					{lines.map((line) => {
						const [left, right] = values(line)
						const verdict =
							line.comparison?.verdict ??
							(line.a === null || line.b === null ? 'unknown' : line.a === line.b ? 'agrees' : 'differs')
						const why = line.comparison ? said(line.comparison) : m.flags[verdict]
						return (
							<tr key={line.key} class={verdict}>
								<th scope="row">
									<FieldName line={line} />
								</th>
								<td class={line.mono ? 'nik' : ''}>
									{line.a === null ? (
										<span class="absent">{m.review.missing}</span>
									) : (
										<Runs runs={left} />
									)}
								</td>
								<td class={`verdict ${verdict}`} title={why}>
									{verdict === 'agrees' &&
										(line.a === line.b ? (
											<Icon name="check" />
										) : (
											<span class="nearly" aria-hidden="true">
												≈
											</span>
										))}
									{verdict === 'differs' && <Icon name="close" />}
									<span class="hidden">{why}</span>
								</td>
								<td class={line.mono ? 'nik' : ''}>
									{line.b === null ? (
										<span class="absent">{m.review.missing}</span>
									) : (
										<Runs runs={right} />
									)}
								</td>
							</tr>
						)
					})}
				</tbody>
			</table>
		</div>
	)
}

function FieldName({ line }: { line: Line }) {
	return /^(nik|kk|desil)$/.test(line.key) ? <Term code={line.key}>{line.label}</Term> : <>{line.label}</>
}

export function EntryCard({ entry, flag }: { entry: Entry; flag?: number }) {
	const m = useT()
	const words = useWords()
	const [shown, setShown] = useState(entry)
	const [asking, setAsking] = useState(false)
	const lines = useLines(shown, null, [])
	return (
		<div class="card">
			<header>
				<span>
					<b>{words.subject(shown.kind, shown.subject)}</b>{' '}
					<span class="muted">
						{period(shown.period)} · {m.household.line(shown.line)}
					</span>
				</span>
				{session.value?.may.includes('unmask') && shown === entry && (
					<Button small kind="quiet" icon="eye" onClick={() => setAsking(true)}>
						{m.household.unmask}
					</Button>
				)}
			</header>
			<dl class="facts body">
				{lines.map((l) => (
					<>
						<dt>
							<FieldName line={l} />
						</dt>
						<dd class={l.mono ? 'nik' : ''}>{l.a}</dd>
					</>
				))}
				{shown.notes.length > 0 && (
					<>
						<dt>{m.common.fieldNames.notes}</dt>
						<dd>{shown.notes.map((n) => words.note(n)).join(', ')}</dd>
					</>
				)}
			</dl>
			{asking && (
				<ReasonDialog
					title={m.household.unmaskTitle}
					text={m.household.unmaskText}
					label={m.household.unmaskReason}
					suggestions={m.household.unmaskSuggest}
					action={m.household.unmaskDo}
					run={async (reason) =>
						setShown(
							await post('/unmask', {
								body: { list: entry.list, row: entry.row, reason, flag: flag ?? null },
							}),
						)
					}
					onClose={() => setAsking(false)}
				/>
			)}
		</div>
	)
}

export function Family({ entries, shared, empty }: { entries: Entry[]; shared?: Set<number>; empty?: string }) {
	const m = useT()
	const words = useWords()
	if (!entries.length) return <p class="muted">{empty ?? m.review.alone}</p>
	return (
		<div class="plain-wrap">
			<table class="plain headless">
				<tbody>
					{entries.map((e) => (
						<tr key={`${e.list}.${e.row}`} class={shared?.has(e.person) ? 'shared' : ''}>
							<td>
								{e.name}
								{shared?.has(e.person) && (
									<>
										{' '}
										<span class="tag good">{m.review.alsoThere}</span>
									</>
								)}
								<div class="muted small">
									{[
										e.relation ? words.word('relations', e.relation) : null,
										birthText(e.birth),
										words.subject(e.kind, e.subject),
									]
										.filter(Boolean)
										.join(' · ')}
								</div>
							</td>
							<td class="fit nik">{e.nik ?? '–'}</td>
						</tr>
					))}
				</tbody>
			</table>
		</div>
	)
}
