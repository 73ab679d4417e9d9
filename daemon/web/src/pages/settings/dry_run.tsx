// What a rule would flag, before it is saved.
import { useState } from 'preact/hooks'
import { post, type Answer } from '../../api/client'
import { useWords } from '../../app/vocabulary'
import { useT } from '../../i18n'
import { num } from '../../i18n/format'
import { Button, errorText, Note } from '../../ui/basics'
import { Family } from '../flags/side_by_side'

export function DryRun({ code, values }: { code: string; values: Record<string, string> }) {
	const s = useT().settings
	const words = useWords()
	const [busy, setBusy] = useState(false)
	const [result, setResult] = useState<{ of: string; answer: Answer<'/settings/rules/dry-run', 'post'> } | null>(null)
	const [error, setError] = useState<string | null>(null)
	const now = JSON.stringify(values)
	const run = async () => {
		setBusy(true)
		setError(null)
		try {
			setResult({ of: now, answer: await post('/settings/rules/dry-run', { body: { code, values } }) })
		} catch (e) {
			setError(errorText(e as Error))
		}
		setBusy(false)
	}
	const r = result?.of === now ? result.answer : null
	return (
		<section class="stack tight" aria-live="polite">
			<div>
				<Button onClick={() => void run()} busy={busy}>
					{s.dryRun}
				</Button>
			</div>
			{error && <Note kind="bad">{error}</Note>}
			{r && (
				<Note kind={r.new > r.before ? 'warn' : 'info'}>
					<p>
						<b>{s.dryRunResult(r.flagged, r.before)}</b> {s.dryRunNew(r.new)}, {s.dryRunGone(r.gone)}.{' '}
						{r.estimated && s.estimated}
					</p>
					<div class="chips">
						{r.by_programme.map((b) => (
							<span key={b.key} class="tag">
								{words.programme(b.key)} <b class="num">{num(b.count)}</b>
							</span>
						))}
					</div>
					{r.examples.length > 0 && (
						<details>
							<summary>{s.examples}</summary>
							<Family entries={r.examples} />
						</details>
					)}
				</Note>
			)}
		</section>
	)
}
