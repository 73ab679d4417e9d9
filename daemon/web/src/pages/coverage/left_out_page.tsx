// Target households that nothing reaches: the list for the village, on screen and on paper.
import { useState } from 'preact/hooks'
import { session } from '../../api/client'
import { usePages } from '../../api/query'
import { goQuery, usePlace } from '../../app/router'
import { useWords } from '../../app/vocabulary'
import { useT } from '../../i18n'
import { num } from '../../i18n/format'
import { Button, Empty, ErrorNote, PageHead, Select } from '../../ui/basics'
import { HouseholdTable } from '../household/household_table'
import { MakeSheets } from '../field/make_sheets'

export default function LeftOutPage() {
	const m = useT()
	const c = m.coverage
	const words = useWords()
	const { query } = usePlace()
	const village = query.get('village') ?? ''
	const kecamatan = query.get('kecamatan') ?? ''
	const desil = query.get('desil') ?? ''
	const [making, setMaking] = useState(false)
	const pages = usePages('/coverage/left-out', {
		query: {
			...(village ? { village: Number(village) } : {}),
			...(kecamatan ? { kecamatan } : {}),
			...(desil ? { desil: Number(desil) } : {}),
		},
	})
	const where = village ? words.village(Number(village)) : kecamatan || words.raw.district.name
	const villages = words.raw.villages.filter((v) => !kecamatan || v.kecamatan === kecamatan)
	const makes = session.value?.role === 'administrator' || session.value?.role === 'bappeda'
	return (
		<>
			<PageHead
				title={c.leftOutTitle(where)}
				back={{ href: '/cakupan', text: m.shell.coverage }}
				actions={
					<>
						{makes && village && (
							<Button icon="field" onClick={() => setMaking(true)}>
								{c.printSheet}
							</Button>
						)}
						<Button icon="print" onClick={() => window.print()}>
							{m.common.print}
						</Button>
					</>
				}
			>
				{pages.first ? m.common.households(pages.first.total) : ' '} · {c.leftOutLead}
			</PageHead>
			<div class="filters">
				<Select
					hideLabel
					label={m.flags.kecamatan}
					value={kecamatan}
					choices={[['', c.allKecamatan], ...words.kecamatans.map((k): [string, string] => [k, k])]}
					onValue={(v) => goQuery({ kecamatan: v, village: null })}
				/>
				<Select
					hideLabel
					label={m.flags.village}
					value={village}
					choices={[
						['', m.flags.any(m.flags.village)],
						...villages.map((v): [string, string] => [String(v.village), v.name]),
					]}
					onValue={(v) => goQuery({ village: v })}
				/>
				<Select
					hideLabel
					label={m.common.fieldNames.desil}
					value={desil}
					choices={[
						['', m.flags.any(m.common.fieldNames.desil)],
						...Array.from({ length: 10 }, (_, i): [string, string] => [String(i + 1), c.desil(i + 1)]),
					]}
					onValue={(v) => goQuery({ desil: v })}
				/>
			</div>
			{pages.error && !pages.items.length ? (
				<ErrorNote error={pages.error} retry={pages.reload} />
			) : !pages.loading && !pages.items.length ? (
				<Empty icon="check" title={c.nobodyLeftOut} />
			) : (
				<HouseholdTable pages={pages} label={`${c.leftOutTitle(where)} ${num(pages.first?.total)}`} flags />
			)}
			{making && (
				<MakeSheets villages={[Number(village)]} kinds={['EXCLUSION']} onClose={() => setMaking(false)} />
			)}
		</>
	)
}
