// The fields of a section, as the configuration file has them (docs/PANDUAN.md); those of a rule depend on its kind.
import { useWords } from '../../app/vocabulary'
import { useT } from '../../i18n'
import { Check, Select, TextField } from '../../ui/basics'
import type { Kind } from './sections'

export const emptyValues = (kind: Kind): Record<string, string> =>
	kind === 'programme'
		? { name: '', unit: 'household', inclusion: 'yes' }
		: kind === 'rule'
			? {
					kind: 'forbidden_overlap',
					level: 'household',
					severity: 'medium',
					valid_from: `${new Date().getFullYear()}-01-01`,
				}
			: { name: '' }

const PARAMETER: Record<string, string> = {
	max_desil: 'desil',
	quota: 'entries',
	cooldown: 'years',
	barred_by: 'reference',
}
const OWN = Object.values(PARAMETER)

// Without empty values and without parameters of another kind of rule.
export function clean(kind: Kind, values: Record<string, string>): Record<string, string> {
	return Object.fromEntries(
		Object.entries(values).filter(
			([name, value]) =>
				value.trim() !== '' &&
				!(kind === 'rule' && OWN.includes(name) && PARAMETER[values.kind ?? ''] !== name),
		),
	)
}

export function Values({
	kind,
	values,
	faults,
	change,
}: {
	kind: Kind
	values: Record<string, string>
	faults: Map<string, string>
	change(name: string, value: string): void
}) {
	const s = useT().settings
	const words = useWords()
	const text = (name: string, label: string, options: { type?: string; help?: string; required?: boolean } = {}) => (
		<TextField
			label={label}
			value={values[name] ?? ''}
			onValue={(v) => change(name, v)}
			error={faults.get(name)}
			{...options}
		/>
	)
	const pick = (name: string, label: string, choices: Array<[string, string]>) => (
		<Select
			label={label}
			value={values[name] ?? choices[0]?.[0] ?? ''}
			choices={choices}
			onValue={(v) => change(name, v)}
			error={faults.get(name)}
		/>
	)
	const offices = words.raw.offices.map((o): [string, string] => [o.office, o.name])
	if (kind === 'office')
		return (
			<>
				{text('name', s.name, { required: true })}
				{text('email', s.email, { type: 'email' })}
			</>
		)
	if (kind === 'reference')
		return (
			<>
				{text('name', s.name, { required: true })}
				{pick('office', s.office, [['', '–'], ...offices])}
			</>
		)
	if (kind === 'programme')
		return (
			<>
				{text('name', s.name, { required: true })}
				{pick('office', s.office, [['', '…'], ...offices])}
				{pick('unit', s.unit, [
					['household', s.units.household!],
					['person', s.units.person!],
				])}
				<div class="wide">
					<Check
						label={s.inclusion}
						checked={values.inclusion !== 'no'}
						onValue={(v) => change('inclusion', v ? 'yes' : 'no')}
					/>
				</div>
			</>
		)
	const parameter = PARAMETER[values.kind ?? '']
	const chosen = (values.programmes ?? '').split(/[\s,]+/).filter(Boolean)
	const toggle = (code: string) =>
		change('programmes', (chosen.includes(code) ? chosen.filter((c) => c !== code) : [...chosen, code]).join(', '))
	return (
		<>
			{pick('kind', s.ruleKind, Object.entries(s.ruleKinds))}
			{parameter === 'desil' && text('desil', s.desil, { type: 'number', required: true })}
			{parameter === 'entries' && text('entries', s.entries, { type: 'number', required: true })}
			{parameter === 'years' && text('years', s.years, { type: 'number', required: true })}
			{parameter === 'reference' &&
				pick('reference', s.reference, [
					['', '…'],
					...words.raw.references.map((r): [string, string] => [r.reference, r.name]),
				])}
			<div class="field wide">
				<span class="field-help">
					{s.programmes} – {s.programmesHelp}
				</span>
				<div class="chips">
					{words.raw.programmes.map((p) => (
						<button
							type="button"
							key={p.programme}
							class={`chip ${chosen.includes(p.programme) ? 'on' : ''}`}
							aria-pressed={chosen.includes(p.programme)}
							onClick={() => toggle(p.programme)}
						>
							{chosen.includes(p.programme) && `${chosen.indexOf(p.programme) + 1}. `}
							{p.name}
						</button>
					))}
				</div>
				{faults.get('programmes') && <p class="field-error">{faults.get('programmes')}</p>}
			</div>
			{pick('level', s.level, [
				['household', s.units.household!],
				['person', s.units.person!],
			])}
			{pick(
				'severity',
				s.severity,
				words.raw.severities.map((x): [string, string] => [x.code, words.word('severities', x.code)]),
			)}
			{text('valid_from', s.validFrom, { type: 'date', required: true })}
			{text('valid_to', s.validTo, { type: 'date', help: s.validToHelp })}
			<div class="wide">{text('legal_basis', s.legalBasis)}</div>
		</>
	)
}
