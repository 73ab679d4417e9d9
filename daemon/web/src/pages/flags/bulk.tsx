// Deciding many at once: of one kind only, at most 500, all or none.
import { useState } from 'preact/hooks'
import type { Flag } from '#api'
import { post } from '../../api/client'
import { stale } from '../../api/query'
import { useWords } from '../../app/vocabulary'
import { useT } from '../../i18n'
import { Button, Select } from '../../ui/basics'
import { ReasonDialog } from '../../ui/dialog'
import { toast } from '../../ui/toast'

type Verdict = 'confirmed' | 'dismissed' | 'assigned'

export function Bulk({ flags, done }: { flags: Flag[]; done(): void }) {
	const m = useT().flags
	const words = useWords()
	const [asked, setAsked] = useState<Verdict | null>(null)
	const [office, setOffice] = useState(words.raw.offices[0]?.office ?? '')
	const kinds = new Set(flags.map((f) => f.kind))
	const cannot = kinds.size > 1 ? m.bulkOneKind : flags.length > 500 ? m.bulkMany : null
	const run = (status: Verdict) => async (reason: string) => {
		const answer = await post('/flags/decisions', {
			body: {
				flags: flags.map((f) => ({ flag: f.flag, version: f.version })),
				status,
				reason: reason || null,
				office: status === 'assigned' ? office : null,
			},
		})
		toast(m.decided(answer.decided, m.words[status]!))
		stale('/home', '/flags/')
		done()
	}
	return (
		<div class="bulk" role="region" aria-label={m.marked(flags.length)}>
			<b class="num">{m.marked(flags.length)}</b>
			{cannot ? (
				<span class="muted">{cannot}</span>
			) : (
				<>
					<Button small kind="main" onClick={() => setAsked('confirmed')}>
						{m.confirm}
					</Button>
					<Button small onClick={() => setAsked('dismissed')}>
						{m.dismiss}
					</Button>
					<Button small onClick={() => setAsked('assigned')}>
						{m.assign}
					</Button>
				</>
			)}
			{asked === 'confirmed' && (
				<ReasonDialog
					title={m.confirmTitle(flags.length)}
					text={m.confirmText}
					label={m.reasonOptional}
					optional
					action={m.confirm}
					run={run('confirmed')}
					onClose={() => setAsked(null)}
				/>
			)}
			{asked === 'dismissed' && (
				<ReasonDialog
					title={m.dismissTitle(flags.length)}
					text={m.dismissText}
					label={m.dismiss}
					suggestions={m.dismissSuggest}
					action={m.dismiss}
					danger
					run={run('dismissed')}
					onClose={() => setAsked(null)}
				/>
			)}
			{asked === 'assigned' && (
				<ReasonDialog
					title={m.assignTitle(flags.length)}
					label={m.reasonOptional}
					optional
					action={m.assign}
					run={run('assigned')}
					onClose={() => setAsked(null)}
				>
					<Select
						label={m.assignTo}
						value={office}
						choices={words.raw.offices.filter((o) => o.active).map((o) => [o.office, o.name])}
						onValue={setOffice}
					/>
				</ReasonDialog>
			)}
		</div>
	)
}
