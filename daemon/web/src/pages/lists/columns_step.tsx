// What each column of the file is taken for, and which list it is. Every change is checked by the server at once.
import { useRef, useState } from 'preact/hooks'
import type { Column, ColumnRole, ListKind, Preview } from '#api'
import { post, session } from '../../api/client'
import { stale } from '../../api/query'
import { go } from '../../app/router'
import { forgetUpload } from '../../app/upload'
import { loadVocabulary, useWords } from '../../app/vocabulary'
import { said, useT } from '../../i18n'
import { Button, errorText, Note, Segments, Select, TextField, type Choice } from '../../ui/basics'
import { toast } from '../../ui/toast'

export function ColumnsStep({ first, fileName, again }: { first: Preview; fileName: string; again(): void }) {
	const m = useT()
	const l = m.lists
	const words = useWords()
	const [preview, setPreview] = useState(first)
	const [changed, setChanged] = useState<Map<number, ColumnRole>>(new Map())
	const [checking, setChecking] = useState(false)
	const [error, setError] = useState<string | null>(null)
	const run = useRef(0)
	const choices = (map: Map<number, ColumnRole>) => [...map].map(([column, role]) => ({ column, role }))
	const change = async (column: number, role: ColumnRole) => {
		const next = new Map(changed).set(column, role)
		setChanged(next)
		setPreview((p) => ({
			...p,
			columns: p.columns.map((c) => (c.column === column ? { ...c, role, sure: true } : c)),
		}))
		setChecking(true)
		const mine = ++run.current
		try {
			const now = await post('/uploads/{upload}/preview', {
				path: { upload: first.upload },
				body: { columns: choices(next) },
			})
			if (mine === run.current) setPreview(now)
		} catch (e) {
			setError(errorText(e as Error))
		}
		if (mine === run.current) setChecking(false)
	}
	const roles: Choice[] = words.raw.column_roles.map((r) => [r.code, words.word('column_roles', r.code)])
	return (
		<div class="stack">
			<section class="stack">
				<div class="row between">
					<div>
						<h2>{l.columnsTitle}</h2>
						<p class="muted">{preview.remembered ? l.remembered : l.columnsLead}</p>
					</div>
					<span class="muted small">
						{fileName} · {l.about(preview.type, preview.encoding, preview.header_line)}
						{preview.sheet ? ` · ${l.sheetOf(preview.sheet, preview.sheets)}` : ''}
					</span>
				</div>
				{preview.missing.length > 0 && (
					<Note kind="bad">
						{preview.missing.map((x, i) => (
							<p key={i}>{said(x)}</p>
						))}
					</Note>
				)}
				{preview.notes.length > 0 && (
					<Note>
						{preview.notes.map((x, i) => (
							<p key={i}>{said(x)}</p>
						))}
					</Note>
				)}
				<div class="columns-grid" aria-busy={checking}>
					{preview.columns.map((c) => (
						<ColumnCard
							key={c.column}
							column={c}
							roles={roles}
							change={(role) => void change(c.column, role)}
						/>
					))}
				</div>
				<details>
					<summary>{l.sample}</summary>
					<div class="plain-wrap sample" tabIndex={0}>
						<table class="plain">
							<thead>
								<tr>
									{preview.columns.map((c) => (
										<th key={c.column}>{c.header}</th>
									))}
								</tr>
							</thead>
							<tbody>
								{preview.sample.map((row, i) => (
									<tr key={i}>
										{row.map((cell, j) => (
											<td key={j}>{cell}</td>
										))}
									</tr>
								))}
							</tbody>
						</table>
					</div>
				</details>
			</section>
			{error && <Note kind="bad">{error}</Note>}
			<Which
				preview={preview}
				changes={choices(changed)}
				again={again}
				usable={preview.missing.length === 0 && !checking}
			/>
		</div>
	)
}

function ColumnCard({ column: c, roles, change }: { column: Column; roles: Choice[]; change(role: ColumnRole): void }) {
	const l = useT().lists
	return (
		<div class={`column-card ${c.sure ? '' : 'unsure'} ${c.role === 'ignore' ? 'ignored' : ''}`}>
			<div class="row between">
				<b class="cut">{c.header || `#${c.column + 1}`}</b>
				{!c.sure && <span class="tag warn">{l.unsureColumn}</span>}
			</div>
			<Select
				hideLabel
				label={`${l.role}: ${c.header}`}
				value={c.role}
				choices={roles}
				onValue={(v) => change(v as ColumnRole)}
			/>
			<span class="examples" title={c.examples?.join(' · ')}>
				{c.examples?.filter(Boolean).slice(0, 3).join(' · ') || ' '}
			</span>
		</div>
	)
}

function Which({
	preview,
	changes,
	again,
	usable,
}: {
	preview: Preview
	changes: Array<{ column: number; role: ColumnRole }>
	again(): void
	usable: boolean
}) {
	const m = useT()
	const l = m.lists
	const words = useWords()
	const who = session.value!
	const own = (office: string | null) => who.role !== 'office' || office === who.office
	const programmes = words.raw.programmes.filter((p) => p.active && own(p.office))
	const references = words.raw.references.filter((r) => r.active && (who.role === 'administrator' || own(r.office)))
	const kinds: Array<[ListKind, string]> = [
		...(programmes.length ? [['programme', l.kinds.programme] as [ListKind, string]] : []),
		...(who.role === 'administrator' ? [['target', l.kinds.target] as [ListKind, string]] : []),
		...(references.length ? [['reference', l.kinds.reference] as [ListKind, string]] : []),
	]
	const guess = preview.guess
	const [kind, setKind] = useState<ListKind>(
		guess.kind && kinds.some(([k]) => k === guess.kind) ? guess.kind : (kinds[0]?.[0] ?? 'programme'),
	)
	const options =
		kind === 'reference'
			? references.map((r): Choice => [r.reference, r.name])
			: programmes.map((p): Choice => [p.programme, p.name])
	const [subject, setSubject] = useState(
		options.some(([c]) => c === guess.subject) ? guess.subject! : options.length === 1 ? options[0]![0] : '',
	)
	const [when, setWhen] = useState(guess.period ?? words.raw.periods[0] ?? new Date().toISOString().slice(0, 7))
	const [decree, setDecree] = useState('')
	const [decreeDate, setDecreeDate] = useState('')
	const [busy, setBusy] = useState(false)
	const [error, setError] = useState<string | null>(null)
	const periodOk = /^[12][0-9]{3}(-(0[1-9]|1[0-2]))?$/.test(when)
	const ready = usable && periodOk && (kind === 'target' || subject !== '')
	const submit = async (e: Event) => {
		e.preventDefault()
		setBusy(true)
		setError(null)
		try {
			const sent = await post('/uploads/{upload}/list', {
				path: { upload: preview.upload },
				body: {
					kind,
					...(kind === 'target' ? {} : { subject }),
					period: when,
					...(changes.length ? { columns: changes } : {}),
					decree_number: decree || null,
					decree_date: decreeDate || null,
				},
			})
			forgetUpload()
			stale('/lists', '/periods', '/home')
			void loadVocabulary().catch(() => undefined)
			toast(sent.duplicate ? l.duplicate : l.accepting, { kind: sent.duplicate ? 'info' : 'good' })
			go(`/daftar/${sent.list}`)
		} catch (failed) {
			setError(errorText(failed as Error))
			setBusy(false)
		}
	}
	return (
		<form class="card" onSubmit={submit}>
			<header>
				<h2>{l.whichList}</h2>
				{kinds.length > 1 && (
					<Segments
						label={l.kind}
						value={kind}
						choices={kinds}
						onValue={(k) => {
							setKind(k)
							setSubject('')
						}}
					/>
				)}
			</header>
			<div class="body stack">
				<div class="fields">
					{kind !== 'target' && (
						<Select
							label={kind === 'reference' ? l.reference : l.programme}
							value={subject}
							choices={[['', l.chooseSubject], ...options]}
							onValue={setSubject}
						/>
					)}
					<TextField
						label={l.periodLabel}
						help={l.periodHelp}
						value={when}
						onValue={setWhen}
						error={periodOk ? null : l.periodHelp}
						required
						inputMode="numeric"
					/>
					{kind === 'target' && (
						<TextField
							label={`${l.decree} (${l.optional})`}
							value={decree}
							onValue={setDecree}
							maxLength={100}
						/>
					)}
					{kind === 'target' && (
						<TextField
							label={`${l.decreeDate} (${l.optional})`}
							type="date"
							value={decreeDate}
							onValue={setDecreeDate}
						/>
					)}
				</div>
				{error && <Note kind="bad">{error}</Note>}
				<div class="row end">
					<Button onClick={again}>{l.changeFile}</Button>
					<Button type="submit" kind="main" icon="check" busy={busy} disabled={!ready}>
						{l.submit}
					</Button>
				</div>
			</div>
		</form>
	)
}
