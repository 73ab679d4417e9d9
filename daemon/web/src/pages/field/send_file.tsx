// A sheet that was filled in as a workbook comes back: who was at the doors, the file, and what became of its rows.
import { useState } from 'preact/hooks'
import type { SheetTaken } from '#api'
import { post } from '../../api/client'
import { stale } from '../../api/query'
import { said, useT } from '../../i18n'
import { Button, errorText, Field, Note, TextField } from '../../ui/basics'
import { Dialog } from '../../ui/dialog'

const MOST = 5_000_000

async function base64(file: File): Promise<string> {
	const url = await new Promise<string>((done, failed) => {
		const reader = new FileReader()
		reader.onload = () => done(reader.result as string)
		reader.onerror = () => failed(reader.error)
		reader.readAsDataURL(file)
	})
	return url.slice(url.indexOf(',') + 1)
}

export function SendFile({
	sheet,
	verifier: known,
	onClose,
	done,
}: {
	sheet: number
	verifier: string
	onClose(): void
	done(): void
}) {
	const m = useT()
	const f = m.field
	const [verifier, setVerifier] = useState(known)
	const [file, setFile] = useState<File | null>(null)
	const [busy, setBusy] = useState(false)
	const [problem, setProblem] = useState<string | null>(null)
	const [taken, setTaken] = useState<SheetTaken | null>(null)
	const send = async (e: Event) => {
		e.preventDefault()
		if (!file) return
		if (file.size > MOST) return setProblem(f.fileTooLarge)
		setBusy(true)
		setProblem(null)
		try {
			setTaken(
				await post('/sheets/{sheet}/workbook', {
					path: { sheet },
					body: { workbook: await base64(file), verifier: verifier.trim() },
				}),
			)
			stale('/sheets', '/home', '/flags')
			done()
		} catch (failed) {
			setProblem(errorText(failed as Error))
		}
		setBusy(false)
	}
	return (
		<Dialog title={f.sendFile} onClose={onClose}>
			{taken ? (
				<div class="stack" role="status">
					<Note kind="good">{f.fileTaken(taken.accepted)}</Note>
					<ul class="stack tight">
						{taken.repeated + taken.later > 0 && <li>{f.fileRepeated(taken.repeated + taken.later)}</li>}
						{taken.empty > 0 && <li>{f.fileEmpty(taken.empty)}</li>}
						{taken.unknown + taken.refused > 0 && <li>{f.fileUnknown(taken.unknown + taken.refused)}</li>}
						{taken.problems.map((p) => (
							<li key={p.line}>
								<b>{f.fileLine(p.line)}</b> {said(p)}
							</li>
						))}
					</ul>
					<div class="row end">
						<Button kind="main" onClick={onClose}>
							{m.common.close}
						</Button>
					</div>
				</div>
			) : (
				<form class="stack" onSubmit={(e) => void send(e)}>
					<p class="muted">{f.sendFileLead}</p>
					<TextField
						label={f.verifier}
						help={f.verifierHelp}
						value={verifier}
						onValue={setVerifier}
						required
						maxLength={100}
					/>
					<Field id="lembar-terisi" label={f.filledFile}>
						<input
							id="lembar-terisi"
							class="input"
							type="file"
							required
							accept=".xlsx,.csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet,text/csv"
							onChange={(e) => setFile(e.currentTarget.files?.[0] ?? null)}
						/>
					</Field>
					{problem && <Note kind="bad">{problem}</Note>}
					<div class="row end">
						<Button kind="quiet" onClick={onClose}>
							{m.common.cancel}
						</Button>
						<Button
							type="submit"
							kind="main"
							icon="upload"
							busy={busy}
							disabled={!file || !verifier.trim()}
						>
							{f.sendFile}
						</Button>
					</div>
				</form>
			)}
		</Dialog>
	)
}
