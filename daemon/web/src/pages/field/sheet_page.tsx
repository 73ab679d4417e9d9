// One sheet: on a phone at the door (also without a connection), on paper, as a workbook.
import { useEffect, useState } from 'preact/hooks'
import type { Sheet, SheetItem, VisitAnswer, VisitResult } from '#api'
import { address, post, session } from '../../api/client'
import { stale, useRead } from '../../api/query'
import type { PageProps } from '../../app/pages'
import { reachable } from '../../app/reach'
import { recall, remember, useStore } from '../../app/store'
import { said, useT } from '../../i18n'
import { num, time } from '../../i18n/format'
import {
	Button,
	Check,
	Empty,
	errorText,
	ErrorNote,
	LinkButton,
	Meter,
	Note,
	PageHead,
	Skeleton,
	TextField,
} from '../../ui/basics'
import { ReasonDialog } from '../../ui/dialog'
import { Icon } from '../../ui/icons'
import { toast } from '../../ui/toast'
import { answer, flush, keepPages, keepSheet, keptSheet, queue, uuid, wipeSheet } from './kept'
import { SendFile } from './send_file'
import { Visit } from './visit'

export default function SheetPage({ args }: PageProps) {
	const m = useT()
	const f = m.field
	const id = Number(args.sheet)
	const who = useStore(session)
	const up = useStore(reachable)
	const waiting = useStore(queue)[id] ?? []
	const read = useRead(who ? '/sheets/{sheet}' : null, { path: { sheet: id } })
	const [kept, setKept] = useState<Sheet | null>(() => keptSheet(id))
	const [answered, setAnswered] = useState<Map<number, VisitAnswer>>(new Map())
	const [verifier, setVerifier] = useState(recall('verifier') ?? who?.full_name ?? '')
	const [search, setSearch] = useState('')
	const [onlyLeft, setOnlyLeft] = useState(false)
	const [closing, setClosing] = useState(false)
	const [filing, setFiling] = useState(false)
	const [problem, setProblem] = useState<string | null>(null)
	const sheet = read.data ?? kept
	const walks = who?.role === 'verifier' || who === undefined

	const keep = (s: Sheet) => {
		if (keepSheet(s)) {
			setKept(s)
			void keepPages()
		} else setProblem(f.noOfflineStore)
	}
	// Whoever walks keeps his sheets without being asked to think of it.
	useEffect(() => {
		if (read.data && (walks || kept)) keep(read.data)
	}, [read.data])
	const send = () => {
		void flush(id, (outcomes, sent) => {
			for (const o of outcomes)
				if (o.outcome === 'later' || o.outcome === 'refused')
					toast(
						o.text
							? said({ text: o.text, text_en: o.text_en ?? o.text })
							: o.outcome === 'later'
								? f.later
								: f.refusedAnswer,
						{ kind: 'info' },
					)
			setAnswered((old) => {
				const next = new Map(old)
				for (const a of sent) next.set(a.item, a)
				return next
			})
			stale('/sheets', '/home', '/flags')
		}).catch((e: Error) => setProblem(errorText(e)))
	}
	useEffect(() => {
		if (up && waiting.length && who) send()
		const timer = setInterval(() => {
			if (queue.value[id]?.length && session.value) send()
		}, 15_000)
		return () => clearInterval(timer)
	}, [up, waiting.length, who])

	if (!sheet)
		return read.error ? <ErrorNote error={read.error} retry={read.reload} /> : <Skeleton lines={4} height={120} />
	const open = sheet.state === 'open'
	const pending = new Map(waiting.map((a) => [a.item, a]))
	const resultOf = (v: SheetItem): VisitAnswer | null =>
		pending.get(v.item) ??
		answered.get(v.item) ??
		(v.result
			? { id: '', item: v.item, result: v.result, note: v.note, verifier: v.verifier ?? '', at: v.at ?? '' }
			: null)
	const wanted = search.trim().toLowerCase()
	const shown = sheet.visits.filter(
		(v) =>
			(!onlyLeft || !resultOf(v)) &&
			(!wanted || [v.name, v.address, `rt ${v.rt}`, ...v.members].join(' ').toLowerCase().includes(wanted)),
	)
	const done = sheet.visits.filter(resultOf).length
	const take = (item: number, result: VisitResult, note: string) => {
		answer(id, {
			id: uuid(),
			item,
			result,
			note: note || null,
			verifier: verifier.trim() || who?.full_name || who?.name || '–',
			at: new Date().toISOString(),
		})
	}
	return (
		<div class="sheet">
			<PageHead
				title={sheet.title}
				back={{ href: '/lapangan', text: m.shell.field }}
				actions={
					<>
						<Button icon="print" onClick={() => window.print()}>
							{f.print}
						</Button>
						{who && (
							<LinkButton
								icon="download"
								href={address('/sheets/{sheet}/workbook', { path: { sheet: id } })}
								download
							>
								{f.workbook}
							</LinkButton>
						)}
						{open && who?.may.includes('verify') && (
							<Button icon="upload" onClick={() => setFiling(true)}>
								{f.sendFile}
							</Button>
						)}
						{kept ? (
							<Button
								kind="quiet"
								icon="phone"
								disabled={waiting.length > 0}
								onClick={() => {
									wipeSheet(id)
									setKept(null)
								}}
							>
								{f.wipe}
							</Button>
						) : (
							<Button icon="phone" onClick={() => keep(sheet)}>
								{f.keep}
							</Button>
						)}
						{open && who && who.role !== 'verifier' && (
							<Button icon="lock" onClick={() => setClosing(true)}>
								{f.close}
							</Button>
						)}
					</>
				}
			>
				{time(sheet.made_at)} · {sheet.made_by}
				{open ? '' : ` · ${f.closed}`}
			</PageHead>
			{!up && <Note kind="warn">{f.offline}</Note>}
			{problem && <Note kind="bad">{problem}</Note>}
			<div class="sheet-bar">
				<div class="grow">
					<div class="row between small">
						<span class="num">{f.answered(done, sheet.visits.length)}</span>
						<span class={waiting.length ? '' : 'muted'} role="status">
							{waiting.length ? (
								<span class="tag warn">
									<Icon name="clock" size={12} />
									{f.waitingToSend(waiting.length)}
								</span>
							) : kept ? (
								<>
									<Icon name="check" size={13} /> {f.allSent}
								</>
							) : (
								''
							)}
						</span>
					</div>
					<Meter value={done} max={sheet.visits.length} label={f.answered(done, sheet.visits.length)} />
				</div>
				<input
					class="input sheet-search"
					type="search"
					aria-label={f.search}
					placeholder={f.search}
					value={search}
					onInput={(e) => setSearch(e.currentTarget.value)}
				/>
				<Check label={f.onlyLeft} checked={onlyLeft} onValue={setOnlyLeft} />
			</div>
			{open && (
				<div class="no-print verifier-name">
					<TextField
						label={f.verifier}
						help={f.verifierHelp}
						value={verifier}
						maxLength={100}
						onValue={(v) => {
							setVerifier(v)
							remember('verifier', v || null)
						}}
					/>
				</div>
			)}
			{shown.length === 0 ? (
				<Empty icon="check" title={onlyLeft ? f.done : m.household.nothing} />
			) : (
				shown.map((v) => (
					<Visit
						key={v.item}
						visit={v}
						answer={resultOf(v)}
						waits={pending.has(v.item)}
						open={open}
						take={(result, note) => take(v.item, result, note)}
					/>
				))
			)}
			<div class="paper-only signature">
				<p>{f.verifier}: ____________________</p>
				<p>{f.date}: ____________</p>
				<p>{f.signature}: ____________________</p>
			</div>
			{filing && <SendFile sheet={id} verifier={verifier} onClose={() => setFiling(false)} done={read.reload} />}
			{closing && (
				<ReasonDialog
					title={f.close}
					text={f.closeText}
					action={f.close}
					onClose={() => setClosing(false)}
					run={async () => {
						await post('/sheets/{sheet}/close', { path: { sheet: id }, body: { version: sheet.version } })
						stale('/sheets')
						read.reload()
					}}
				/>
			)}
			<span class="hidden">{num(sheet.items)}</span>
		</div>
	)
}
