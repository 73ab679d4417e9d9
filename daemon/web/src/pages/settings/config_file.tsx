// The whole configuration as the file that `padan apply` reads: checked line by line, applied when it is right.
import { useEffect, useState } from 'preact/hooks'
import { post, put, Refused, type Answer } from '../../api/client'
import { stale, useRead } from '../../api/query'
import { loadVocabulary } from '../../app/vocabulary'
import { guardLeaving } from '../../app/router'
import { said, useT } from '../../i18n'
import { Button, errorText, ErrorNote, Note, Skeleton } from '../../ui/basics'
import { toast } from '../../ui/toast'

export function ConfigFile() {
	const s = useT().settings
	const read = useRead('/settings/configuration')
	const [text, setText] = useState<string | null>(null)
	const [checked, setChecked] = useState<{
		of: string
		answer: Answer<'/settings/configuration/check', 'post'>
	} | null>(null)
	const [busy, setBusy] = useState(false)
	const [error, setError] = useState<string | null>(null)
	const now = text ?? read.data?.contents ?? ''
	const changed = text !== null && text !== read.data?.contents
	useEffect(() => (changed ? guardLeaving(() => window.confirm(s.unsavedLeave)) : undefined), [changed])
	if (read.error && !read.data) return <ErrorNote error={read.error} retry={read.reload} />
	if (!read.data) return <Skeleton lines={2} height={200} />
	const run = async (what: () => Promise<void>) => {
		setBusy(true)
		setError(null)
		try {
			await what()
		} catch (e) {
			if (e instanceof Refused && e.status === 412) setError(s.changeOfOther)
			else setError(errorText(e as Error))
		}
		setBusy(false)
	}
	const check = () =>
		run(async () =>
			setChecked({ of: now, answer: await post('/settings/configuration/check', { body: { contents: now } }) }),
		)
	const apply = () =>
		run(async () => {
			await put('/settings/configuration', { body: { contents: now, version: read.data!.version } })
			setText(null)
			setChecked(null)
			toast(s.applied)
			stale('/settings')
			read.reload()
			void loadVocabulary().catch(() => undefined)
		})
	const answer = checked?.of === now ? checked.answer : null
	return (
		<>
			<textarea
				class="input config-text"
				aria-label={s.fileName}
				spellcheck={false}
				value={now}
				onInput={(e) => setText(e.currentTarget.value)}
			/>
			{error && <Note kind="bad">{error}</Note>}
			{answer && answer.faults.length > 0 && (
				<Note kind="bad">
					{answer.faults.map((f, i) => (
						<p key={i}>
							{f.line != null && <b>{s.line(f.line)}: </b>}
							{said(f)}
						</p>
					))}
				</Note>
			)}
			{answer && !answer.faults.length && (
				<Note kind="good">
					<p>{s.changes(answer.changes.length)}</p>
					{answer.changes.slice(0, 40).map((c, i) => (
						<p key={i} class="small mono">
							{c.thing} {c.code}
						</p>
					))}
				</Note>
			)}
			<div class="row end">
				<Button onClick={() => void check()} busy={busy} disabled={!changed}>
					{s.check}
				</Button>
				<Button kind="main" onClick={() => void apply()} disabled={!answer || answer.faults.length > 0 || busy}>
					{s.apply}
				</Button>
			</div>
		</>
	)
}
