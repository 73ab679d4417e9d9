// Offices, programmes, references and rules: sections of the configuration, made and changed one by one.
import { useState } from 'preact/hooks'
import type { Setting } from '#api'
import { del, put, Refused, session } from '../../api/client'
import { stale, useRead } from '../../api/query'
import { loadVocabulary, useWords } from '../../app/vocabulary'
import { useT } from '../../i18n'
import { day, time } from '../../i18n/format'
import { Button, Empty, errorText, ErrorNote, Note, Skeleton, TextField } from '../../ui/basics'
import { Dialog, ReasonDialog } from '../../ui/dialog'
import { SeverityMark } from '../../ui/marks'
import { toast } from '../../ui/toast'
import { DryRun } from './dry_run'
import { clean, emptyValues, Values } from './section_fields'
import type { Severity } from '#api'

export type Kind = Setting['kind']

export function Sections({ kind }: { kind: Kind }) {
	const m = useT()
	const s = m.settings
	const words = useWords()
	const read = useRead('/settings')
	const [editing, setEditing] = useState<Setting | 'new' | null>(null)
	const [dropping, setDropping] = useState<Setting | null>(null)
	const administrator = session.value?.role === 'administrator'
	if (read.error && !read.data) return <ErrorNote error={read.error} retry={read.reload} />
	if (!read.data) return <Skeleton lines={5} height={34} />
	const sections = read.data.sections.filter((x) => x.kind === kind)
	const parameter = (v: Record<string, string>) =>
		(v.kind === 'max_desil'
			? v.desil
			: v.kind === 'quota'
				? m.audit.entries(Number(v.entries))
				: v.kind === 'cooldown'
					? `${v.years} ${s.years.toLowerCase()}`
					: v.kind === 'barred_by'
						? words.subject('reference', v.reference ?? '')
						: '') ?? ''
	const about = (x: Setting): string => {
		const v = x.values
		if (kind === 'programme')
			return [words.office(v.office), v.unit ? s.units[v.unit] : '', v.inclusion === 'no' ? '–' : '']
				.filter(Boolean)
				.join(' · ')
		if (kind === 'rule')
			return [
				`${s.ruleKinds[v.kind ?? ''] ?? v.kind} ${parameter(v)}`.trim(),
				(v.programmes ?? '')
					.split(/[\s,]+/)
					.filter(Boolean)
					.map(words.programme)
					.join(', '),
				v.valid_from
					? `${s.validFrom.toLowerCase()} ${day(v.valid_from)}${v.valid_to ? ` – ${day(v.valid_to)}` : ''}`
					: '',
			]
				.filter(Boolean)
				.join(' · ')
		return v.email ?? v.office ?? ''
	}
	return (
		<>
			<div class="row between">
				<span class="muted small">
					{s.appliedBy(
						words.sender(read.data.applied_by, read.data.applied_by === 'postgres' ? 'cli' : null),
						time(read.data.applied_at),
					)}
				</span>
				{administrator ? (
					<Button kind="main" icon="plus" small onClick={() => setEditing('new')}>
						{s.new}
					</Button>
				) : (
					<span class="muted small">{s.notAllowed}</span>
				)}
			</div>
			{!sections.length ? (
				<Empty icon="settings" title={s.noneYet} />
			) : (
				<div class="plain-wrap">
					<table class="plain headless">
						<tbody>
							{sections.map((x) => (
								<tr key={x.code}>
									<td>
										<b>{x.values.name ?? x.code}</b>{' '}
										{x.values.name && <code class="muted">{x.code}</code>}
										<div class="muted small">{about(x)}</div>
										{x.values.legal_basis && <div class="muted small">{x.values.legal_basis}</div>}
									</td>
									{kind === 'rule' && (
										<td class="fit">
											<SeverityMark severity={(x.values.severity ?? 'medium') as Severity} />
										</td>
									)}
									<td class="fit">
										{administrator && (
											<span class="row">
												<Button
													small
													kind="quiet"
													onClick={() => setEditing(x)}
													aria-label={`${s.edit} ${x.code}`}
												>
													{s.edit}
												</Button>
												<Button
													small
													kind="quiet"
													onClick={() => setDropping(x)}
													aria-label={`${s.remove} ${x.code}`}
												>
													{s.remove}
												</Button>
											</span>
										)}
									</td>
								</tr>
							))}
						</tbody>
					</table>
				</div>
			)}
			{editing && (
				<Edit
					kind={kind}
					section={editing === 'new' ? null : editing}
					version={read.data.version}
					onClose={() => setEditing(null)}
					reread={read.reload}
				/>
			)}
			{dropping && (
				<ReasonDialog
					title={s.removeTitle(dropping.code)}
					text={s.removeText}
					action={s.remove}
					danger
					onClose={() => setDropping(null)}
					run={async () => {
						await del('/settings/{thing}/{code}', {
							path: { thing: kind, code: dropping.code },
							query: { version: read.data!.version },
						})
						applied()
						read.reload()
					}}
				/>
			)}
		</>
	)
}

function applied() {
	stale('/settings', '/flags', '/home', '/coverage', '/overlap')
	void loadVocabulary().catch(() => undefined)
}

function Edit({
	kind,
	section,
	version,
	onClose,
	reread,
}: {
	kind: Kind
	section: Setting | null
	version: string
	onClose(): void
	reread(): void
}) {
	const m = useT()
	const s = m.settings
	const [code, setCode] = useState(section?.code ?? '')
	const [values, setValues] = useState<Record<string, string>>({ ...(section?.values ?? emptyValues(kind)) })
	const [faults, setFaults] = useState<Map<string, string>>(new Map())
	const [error, setError] = useState<string | null>(null)
	const [busy, setBusy] = useState(false)
	const submit = async (e: Event) => {
		e.preventDefault()
		setBusy(true)
		setError(null)
		setFaults(new Map())
		try {
			await put('/settings/{thing}/{code}', {
				path: { thing: kind, code },
				body: { values: clean(kind, values), version },
			})
			toast(s.applied)
			applied()
			reread()
			onClose()
		} catch (failed) {
			const problem = failed instanceof Refused ? failed.problem : null
			if (failed instanceof Refused && failed.status === 412) {
				reread()
				setError(s.changeOfOther)
			} else setError(errorText(failed as Error))
			setFaults(new Map((problem?.faults ?? []).filter((f) => f.field).map((f) => [f.field!, f.text])))
			setBusy(false)
		}
	}
	return (
		<Dialog title={section ? `${s.edit} ${section.code}` : s.new} wide onClose={onClose}>
			<form class="stack" onSubmit={(e) => void submit(e)}>
				<div class="fields">
					{!section && (
						<TextField
							label={s.code}
							help={s.codeHelp}
							value={code}
							onValue={setCode}
							required
							maxLength={60}
							pattern="[a-z0-9][a-z0-9_\-]*"
						/>
					)}
					<Values
						kind={kind}
						values={values}
						faults={faults}
						change={(name, value) => setValues((v) => ({ ...v, [name]: value }))}
					/>
				</div>
				{kind === 'rule' && <DryRun code={code || 'baru'} values={clean(kind, values)} />}
				{error && <Note kind="bad">{error}</Note>}
				<div class="row end">
					<Button onClick={onClose}>{m.common.cancel}</Button>
					<Button type="submit" kind="main" busy={busy} disabled={!code}>
						{m.common.save}
					</Button>
				</div>
			</form>
		</Dialog>
	)
}
