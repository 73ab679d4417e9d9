// Households as rows: of the left-out, of an overlap.
import type { HouseholdRow } from '#api'
import type { Pages } from '../../api/query'
import { go } from '../../app/router'
import { useWords } from '../../app/vocabulary'
import { useT } from '../../i18n'
import { Term } from '../../ui/help'
import { Table, type ColumnOf } from '../../ui/table'

export function HouseholdTable({
	pages,
	label,
	flags,
}: {
	pages: Pages<unknown, HouseholdRow>
	label: string
	flags?: boolean
}) {
	const m = useT()
	const words = useWords()
	const columns: Array<ColumnOf<HouseholdRow>> = [
		{
			key: 'head',
			head: m.coverage.head,
			width: 'minmax(0,1.6fr)',
			cell: (h) => (
				<span class="two">
					<span>{h.head ?? '–'}</span>
					<span>{m.coverage.members(h.members)}</span>
				</span>
			),
		},
		{
			key: 'kk',
			head: <Term code="kk">{m.common.fieldNames.kk}</Term>,
			width: '176px',
			cell: (h) => <span class="nik">{h.kk ?? '–'}</span>,
			narrow: false,
		},
		{ key: 'village', head: m.coverage.village, width: 'minmax(0,1fr)', cell: (h) => words.village(h.village) },
		{ key: 'rt', head: m.coverage.rt, width: '84px', cell: (h) => `${h.rt ?? '–'}/${h.rw ?? '–'}`, narrow: false },
		{ key: 'address', head: m.common.fieldNames.address, cell: (h) => h.address ?? '–', narrow: false },
		{
			key: 'desil',
			head: <Term code="desil">{m.common.fieldNames.desil}</Term>,
			width: '72px',
			right: true,
			cell: (h) => h.desil ?? '–',
		},
		...(flags
			? [
					{
						key: 'flag',
						head: m.shell.flags,
						width: '92px',
						right: true,
						narrow: false,
						cell: (h: HouseholdRow) => (h.flag != null ? <a href={`/temuan/${h.flag}`}>{h.flag}</a> : '–'),
					},
				]
			: [
					{
						key: 'programmes',
						head: m.coverage.programmes,
						width: 'minmax(0,1.3fr)',
						narrow: false,
						cell: (h: HouseholdRow) => (
							<span title={h.programmes.map(words.programme).join(', ')}>
								{h.programmes.map(words.programme).join(', ')}
							</span>
						),
					},
				]),
	]
	return (
		<Table
			label={label}
			rows={pages.items}
			columns={columns}
			keyOf={(h) => h.household}
			open={(h) => go(`/keluarga/${h.household}`)}
			more={pages.more}
			loading={pages.loading}
			rowHeight={50}
		/>
	)
}
