// Making sheets for villages, each of its open flags that no open sheet holds.
import { useMemo, useState } from 'preact/hooks'
import type { FlagKind } from '#api'
import { post } from '../../api/client'
import { stale, useRead } from '../../api/query'
import { go } from '../../app/router'
import { useWords } from '../../app/vocabulary'
import { useT } from '../../i18n'
import { num } from '../../i18n/format'
import { Button, Check, errorText, Note, TextField } from '../../ui/basics'
import { Dialog } from '../../ui/dialog'
import { toast } from '../../ui/toast'

export function MakeSheets({
	villages: given,
	kinds: givenKinds,
	onClose,
}: {
	villages?: number[]
	kinds?: FlagKind[]
	onClose(): void
}) {
	const m = useT()
	const f = m.field
	const words = useWords()
	const summary = useRead('/flags/summary', { query: { status: 'undecided' } })
	const counts = useMemo(() => new Map(summary.data?.by_village.map((b) => [b.key, b.count])), [summary.data])
	const [chosen, setChosen] = useState(new Set(given ?? []))
	const [kinds, setKinds] = useState(new Set<FlagKind>(givenKinds ?? []))
	const [search, setSearch] = useState('')
	const [most, setMost] = useState('100')
	const [busy, setBusy] = useState(false)
	const [error, setError] = useState<Error | null>(null)
	const wanted = search.trim().toLowerCase()
	const toggle = <T,>(set: Set<T>, key: T): Set<T> => {
		const next = new Set(set)
		if (!next.delete(key)) next.add(key)
		return next
	}
	const submit = async (e: Event) => {
		e.preventDefault()
		setBusy(true)
		setError(null)
		try {
			const made = await post('/sheets', {
				body: {
					villages: [...chosen],
					most: Number(most) || 100,
					...(kinds.size ? { kinds: [...kinds] } : {}),
				},
			})
			toast(f.made(made.items.length))
			stale('/sheets', '/home')
			onClose()
			go(made.items.length === 1 ? `/lapangan/${made.items[0]!.sheet}` : '/lapangan')
		} catch (failed) {
			setError(failed as Error)
			setBusy(false)
		}
	}
	return (
		<Dialog title={f.makeTitle} wide onClose={onClose}>
			<form class="stack" onSubmit={(e) => void submit(e)}>
				<p class="muted">{f.makeText}</p>
				<TextField label={f.searchVillage} type="search" value={search} onValue={setSearch} />
				<div class="pick-villages" role="group" aria-label={f.villages} tabIndex={0}>
					{words.kecamatans.map((k) => {
						const here = words.raw.villages.filter(
							(v) => v.kecamatan === k && (!wanted || `${v.name} ${k}`.toLowerCase().includes(wanted)),
						)
						return here.length
							? [
									<h3 key={k}>{k}</h3>,
									...here.map((v) => {
										const n = counts.get(String(v.village))
										return (
											<Check
												key={v.village}
												label={`${v.name}${n ? ` (${num(n)})` : ''}`}
												checked={chosen.has(v.village)}
												onValue={() => setChosen(toggle(chosen, v.village))}
											/>
										)
									}),
								]
							: null
					})}
				</div>
				<div class="chips" role="group" aria-label={f.kinds}>
					{words.raw.flag_kinds.map((k) => (
						<button
							key={k.code}
							type="button"
							class={`chip ${kinds.has(k.code as FlagKind) ? 'on' : ''}`}
							aria-pressed={kinds.has(k.code as FlagKind)}
							onClick={() => setKinds(toggle(kinds, k.code as FlagKind))}
						>
							{words.word('flag_kinds', k.code)}
						</button>
					))}
				</div>
				<TextField label={f.most} type="number" min={1} max={500} value={most} onValue={setMost} />
				{error && <Note kind="bad">{errorText(error)}</Note>}
				<div class="row end">
					<Button onClick={onClose}>{m.common.cancel}</Button>
					<Button type="submit" kind="main" busy={busy} disabled={!chosen.size}>
						{f.make}
						{chosen.size > 1 ? ` (${num(chosen.size)})` : ''}
					</Button>
				</div>
			</form>
		</Dialog>
	)
}
