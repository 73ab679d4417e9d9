// Temuan: the list at the left, one flag at the right (alone on a narrow screen). The address says which filter and which flag.
import { useEffect, useState } from 'preact/hooks'
import type { Flag } from '#api'
import { address, session } from '../../api/client'
import { usePages, useRead } from '../../api/query'
import { useKeys } from '../../app/keys'
import type { PageProps } from '../../app/pages'
import { go, goQuery } from '../../app/router'
import { useStore } from '../../app/store'
import { useWords } from '../../app/vocabulary'
import { lang, useT } from '../../i18n'
import { Empty, ErrorNote, PageHead, Select } from '../../ui/basics'
import { Icon } from '../../ui/icons'
import { Term } from '../../ui/help'
import { Certainty, KindMark, SeverityMark, shortKind, StatusMark } from '../../ui/marks'
import { Table, type ColumnOf } from '../../ui/table'
import { Bulk } from './bulk'
import { Filters, isFiltered, useFlagQuery } from './filters'
import { FlagPane } from './flag_pane'

export default function FlagsPage({ args }: PageProps) {
	const m = useT()
	const words = useWords()
	const who = useStore(session)!
	const query = useFlagQuery()
	const flags = usePages('/flags', { query })
	const { sort, ...filter } = query
	const summary = useRead('/flags/summary', { query: filter })
	const [marked, setMarked] = useState<Set<string | number>>(new Set())
	const current = args.flag ? Number(args.flag) : null
	const key = JSON.stringify(query)
	useEffect(() => setMarked(new Set()), [key])
	const open = (f: Flag | null, replace = current !== null) =>
		go(`/temuan${f ? `/${f.flag}` : ''}${location.search}`, { replace, keepScroll: true })
	const at = flags.items.findIndex((f) => f.flag === current)
	useKeys(m.shell.flags, [{ keys: 'Escape', says: m.keys.close, run: () => open(null) }], current !== null)

	const wide = current === null
	const columns: Array<ColumnOf<Flag>> = [
		{
			key: 'severity',
			head: <span class="hidden">{m.flags.severity}</span>,
			width: '44px',
			cell: (f) => <SeverityMark severity={f.severity} words={false} />,
		},
		{
			key: 'who',
			head: m.flags.who,
			width: 'minmax(0,1.3fr)',
			cell: (f) => (
				<span class="two">
					<span title={f.name ?? ''}>{f.name ?? '–'}</span>
					{!wide && (
						<span title={words.word('flag_kinds', f.kind)}>
							{shortKind(words.word('flag_kinds', f.kind))}
						</span>
					)}
				</span>
			),
		},
		...(wide
			? [
					{
						key: 'kind',
						head: m.flags.kind,
						width: 'minmax(0,1.5fr)',
						cell: (f: Flag) => <KindMark kind={f.kind} short />,
					},
					{
						key: 'programme',
						head: m.flags.programme,
						width: 'minmax(0,1fr)',
						cell: (f: Flag) => (
							<span title={words.programme(f.programme)}>{words.programme(f.programme)}</span>
						),
						narrow: false,
					},
					{
						key: 'village',
						head: m.flags.village,
						width: 'minmax(0,1.1fr)',
						cell: (f: Flag) => words.village(f.village),
						narrow: false,
					},
				]
			: []),
		{
			key: 'certainty',
			head: <Term code="certainty">{m.flags.certainty}</Term>,
			width: '118px',
			cell: (f) => <Certainty value={f.certainty} />,
		},
		...(wide
			? [
					{
						key: 'status',
						head: m.flags.status,
						width: '116px',
						cell: (f: Flag) => <StatusMark status={f.status} />,
						narrow: false,
					},
				]
			: []),
	]
	return (
		<div class={`flags-page ${current !== null ? 'reading' : ''}`}>
			<PageHead
				title={m.shell.flags}
				actions={
					<>
						<Select
							hideLabel
							label={m.flags.sort}
							value={sort ?? ''}
							choices={Object.entries(m.flags.sortChoices)}
							onValue={(v) => goQuery({ sort: v || null })}
						/>
						{who.role !== 'verifier' && <Export query={filter} />}
					</>
				}
			>
				{flags.first ? m.flags.found(flags.first.total, flags.first.total_more) : ' '}{' '}
				<span class="wide-only">· {m.flags.lead}</span>
			</PageHead>
			<Filters query={query} summary={summary.data} />
			{flags.error && !flags.items.length ? (
				<ErrorNote error={flags.error} retry={flags.reload} />
			) : (
				<div class={`flags-layout ${current !== null ? 'open' : ''}`}>
					<div class="flags-list">
						{!flags.loading && flags.items.length === 0 ? (
							<Empty icon="flag" title={m.flags.noneTitle}>
								{isFiltered(query) ? m.flags.none : m.home.nothingWaiting}
							</Empty>
						) : (
							<Table
								label={m.shell.flags}
								rows={flags.items}
								columns={columns}
								keyOf={(f) => f.flag}
								open={(f) => open(f)}
								current={current ?? undefined}
								more={flags.more}
								loading={flags.loading}
								rowHeight={wide ? 42 : 54}
								marked={who.may.includes('decide_flags') ? marked : undefined}
								onMark={who.may.includes('decide_flags') ? setMarked : undefined}
								card={(f) => (
									<>
										<div class="row between">
											<b class="cut">{f.name ?? words.programme(f.programme)}</b>
											<Certainty value={f.certainty} />
										</div>
										<div class="row between small">
											<KindMark kind={f.kind} short />
											<span class="muted cut">{words.village(f.village)}</span>
										</div>
									</>
								)}
							/>
						)}
						{marked.size > 0 && (
							<Bulk
								flags={flags.items.filter((f) => marked.has(f.flag))}
								done={() => {
									setMarked(new Set())
									flags.reload()
									summary.reload()
								}}
							/>
						)}
					</div>
					{current !== null && (
						<FlagPane
							key={current}
							flag={current}
							close={() => open(null)}
							before={at > 0 ? () => open(flags.items[at - 1]!) : undefined}
							after={
								at >= 0 && at < flags.items.length - 1 ? () => open(flags.items[at + 1]!) : undefined
							}
							changed={(now) => {
								flags.replace((f) => (f.flag === now.flag ? { ...f, ...now } : f))
								summary.reload()
							}}
						/>
					)}
				</div>
			)}
		</div>
	)
}

function Export({ query }: { query: object }) {
	const m = useT().flags
	const href = (path: string) => address(path, { query: { ...query, lang: lang.value } })
	return (
		<details class="menu">
			<summary class="button plain">
				<Icon name="download" />
				<span>{m.export}</span>
			</summary>
			<div
				class="menu-items"
				onClick={(e) => {
					e.currentTarget.closest('details')!.open = false
				}}
			>
				<a href={href('/flags.xlsx')} download>
					<Icon name="file" />
					{m.exportXlsx}
				</a>
				<a href={href('/flags.csv')} download>
					<Icon name="file" />
					{m.exportCsv}
				</a>
			</div>
		</details>
	)
}
