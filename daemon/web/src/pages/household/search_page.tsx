// Keluarga: find a person by NIK, family card or name. What is searched for never stands in an address.
import { useState } from 'preact/hooks'
import type { PersonHit } from '#api'
import { post, type Answer } from '../../api/client'
import { go } from '../../app/router'
import { useWords } from '../../app/vocabulary'
import { useT } from '../../i18n'
import { Button, Empty, ErrorNote, PageHead, Select, Skeleton } from '../../ui/basics'
import { Icon } from '../../ui/icons'
import { Table } from '../../ui/table'

// What was searched for last, for the way back from a household; only as long as the page is open.
const last: { text: string; village: string; birth: string; answer: Answer<'/search', 'post'> | null } = {
	text: '',
	village: '',
	birth: '',
	answer: null,
}

function wanted(text: string, village: string, birth: string) {
	const digits = text.replace(/[\s.\-']/g, '')
	const extra = { ...(village ? { village: Number(village) } : {}), ...(birth ? { birth } : {}) }
	return /^\d{6,20}$/.test(digits) ? { nik: digits, ...extra } : { name: text.trim(), ...extra }
}

export default function SearchPage() {
	const m = useT()
	const h = m.household
	const words = useWords()
	const [text, setText] = useState(last.text)
	const [village, setVillage] = useState(last.village)
	const [birth, setBirth] = useState(last.birth)
	const [answer, setAnswer] = useState(last.answer)
	const [busy, setBusy] = useState(false)
	const [error, setError] = useState<Error | null>(null)
	const search = async (e?: Event) => {
		e?.preventDefault()
		if (!text.trim()) return
		setBusy(true)
		setError(null)
		try {
			const body = wanted(text, village, birth)
			let found = await post('/search', { body: { ...body, limit: 100 } })
			// Sixteen digits may be a NIK or a family card: whichever is known.
			if (!found.items.length && 'nik' in body)
				found = await post('/search', { body: { kk: body.nik, limit: 100 } })
			Object.assign(last, { text, village, birth, answer: found })
			setAnswer(found)
		} catch (failed) {
			setError(failed as Error)
		}
		setBusy(false)
	}
	const more = answer?.next
		? async () => {
				const next = await post('/search', {
					body: { ...wanted(text, village, birth), after: answer.next, limit: 100 },
				})
				setAnswer({ ...next, items: [...answer.items, ...next.items] })
			}
		: undefined
	return (
		<>
			<PageHead title={h.searchTitle}>{h.searchLead}</PageHead>
			<form class="filters" role="search" onSubmit={(e) => void search(e)}>
				<div class="search">
					<Icon name="search" />
					<input
						class="input"
						type="search"
						autofocus
						aria-label={h.placeholder}
						placeholder={h.placeholder}
						value={text}
						onInput={(e) => setText(e.currentTarget.value)}
						maxLength={200}
					/>
				</div>
				<Select
					hideLabel
					label={h.village}
					value={village}
					choices={[
						['', h.anyVillage],
						...words.raw.villages.map((v): [string, string] => [
							String(v.village),
							`${v.name}, ${v.kecamatan}`,
						]),
					]}
					onValue={setVillage}
				/>
				<input
					class="input"
					aria-label={h.birth}
					placeholder={h.birth}
					value={birth}
					onInput={(e) => setBirth(e.currentTarget.value)}
					maxLength={10}
				/>
				<Button type="submit" kind="main" busy={busy}>
					{m.common.search}
				</Button>
			</form>
			{error ? (
				<ErrorNote error={error} retry={() => void search()} />
			) : busy && !answer ? (
				<Skeleton lines={5} height={40} />
			) : !answer ? (
				<Empty icon="family" title={h.start}>
					{h.startText}
				</Empty>
			) : !answer.items.length ? (
				<Empty icon="search" title={h.nothing}>
					{h.nothingText}
				</Empty>
			) : (
				<div class="stack">
					<p class="muted" role="status">
						{h.found(answer.total, answer.total_more)}
					</p>
					<Table<PersonHit>
						label={h.searchTitle}
						rows={answer.items}
						keyOf={(p) => p.person}
						rowHeight={52}
						more={more && (() => void more())}
						open={(p) => p.household != null && go(`/keluarga/${p.household}`)}
						card={(p) => (
							<>
								<div class="row between">
									<b class="cut">{p.name}</b>
									{p.open_flags > 0 && <span class="tag warn">{h.openFlags(p.open_flags)}</span>}
								</div>
								<div class="row between small muted">
									<span class="nik">{p.nik ?? '–'}</span>
									<span class="cut">{words.village(p.village, p.village_text)}</span>
								</div>
							</>
						)}
						columns={[
							{
								key: 'name',
								head: m.common.fieldNames.name,
								width: 'minmax(0,1.5fr)',
								cell: (p) => (
									<span class="two">
										<span>{p.name}</span>
										<span>
											{[p.sex ? m.common.sex[p.sex] : null, p.birth].filter(Boolean).join(' · ')}
										</span>
									</span>
								),
							},
							{
								key: 'nik',
								head: m.common.fieldNames.nik,
								width: '176px',
								cell: (p) => <span class="nik">{p.nik ?? '–'}</span>,
							},
							{
								key: 'village',
								head: m.common.fieldNames.village,
								cell: (p) => (
									<span class="two">
										<span>{words.village(p.village, p.village_text)}</span>
										<span>{p.rt != null ? `RT ${p.rt}/RW ${p.rw ?? '–'}` : ''}</span>
									</span>
								),
							},
							{
								key: 'lists',
								head: m.shell.lists,
								width: 'minmax(0,1.3fr)',
								narrow: false,
								cell: (p) =>
									[
										...new Set(
											p.lists
												.filter((l) => l.current)
												.map((l) => words.subject(l.kind, l.subject)),
										),
									].join(', '),
							},
							{
								key: 'flags',
								head: m.shell.flags,
								width: '88px',
								right: true,
								cell: (p) => (p.open_flags ? <span class="tag warn">{p.open_flags}</span> : ''),
							},
						]}
					/>
				</div>
			)}
		</>
	)
}
