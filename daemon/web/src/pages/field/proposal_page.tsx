// A proposed new target version, household by household.
import type { ProposalChange } from '#api'
import { address, session } from '../../api/client'
import { usePages } from '../../api/query'
import type { PageProps } from '../../app/pages'
import { go } from '../../app/router'
import { useWords } from '../../app/vocabulary'
import { useT } from '../../i18n'
import { time } from '../../i18n/format'
import { Empty, ErrorNote, LinkButton, PageHead } from '../../ui/basics'
import { Table } from '../../ui/table'

export default function ProposalPage({ args }: PageProps) {
	const m = useT()
	const f = m.field
	const words = useWords()
	const id = Number(args.proposal)
	const pages = usePages('/proposals/{proposal}/changes', { path: { proposal: id } })
	return (
		<>
			<PageHead
				title={f.proposalOf(id)}
				back={{ href: '/lapangan', text: m.shell.field }}
				actions={
					session.value?.role === 'administrator' && (
						<LinkButton
							kind="main"
							icon="download"
							href={address('/proposals/{proposal}/file', { path: { proposal: id } })}
							download
						>
							{f.file}
						</LinkButton>
					)
				}
			>
				{f.proposalsLead}
			</PageHead>
			{pages.error && !pages.items.length ? (
				<ErrorNote error={pages.error} retry={pages.reload} />
			) : !pages.loading && !pages.items.length ? (
				<Empty icon="check" title={m.common.none} />
			) : (
				<Table<ProposalChange>
					label={f.proposals}
					rows={pages.items}
					keyOf={(c) => `${c.what}.${c.household}`}
					rowHeight={52}
					more={pages.more}
					loading={pages.loading}
					open={(c) => go(`/keluarga/${c.household}`)}
					columns={[
						{
							key: 'what',
							head: '',
							width: '104px',
							cell: (c) => (
								<span class={`tag ${c.what === 'add' ? 'good' : 'bad'}`}>
									{c.what === 'add' ? f.add : f.takeOut}
								</span>
							),
						},
						{
							key: 'head',
							head: m.coverage.head,
							width: 'minmax(0,1.4fr)',
							cell: (c) => (
								<span class="two">
									<span>{c.row.head ?? '–'}</span>
									<span>{words.village(c.row.village)}</span>
								</span>
							),
						},
						{ key: 'result', head: f.visits, cell: (c) => f.results[c.result] },
						{
							key: 'who',
							head: f.verifier,
							cell: (c) => (
								<span class="two">
									<span>{c.verifier}</span>
									<span>{time(c.at)}</span>
								</span>
							),
							narrow: false,
						},
						{ key: 'note', head: f.note, cell: (c) => c.note ?? '–', narrow: false },
					]}
				/>
			)}
		</>
	)
}
