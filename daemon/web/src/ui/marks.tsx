// How states, severities and certainties look, everywhere alike. Colour never carries a meaning alone.
import type { FlagKind, FlagState, FlagStatus, ListState, Severity } from '#api'
import { useWords } from '../app/vocabulary'
import { share } from '../i18n/format'
import { useT } from '../i18n'
import { Icon } from './icons'

export function SeverityMark({ severity, words = true }: { severity: Severity; words?: boolean }) {
	const text = useWords().word('severities', severity)
	const level = { info: 0, low: 1, medium: 2, high: 3 }[severity]
	return (
		<span class={`severity ${severity}`} title={text}>
			<svg width="14" height="12" viewBox="0 0 14 12" aria-hidden="true">
				{[1, 2, 3].map((n) => (
					<rect
						key={n}
						x={(n - 1) * 5}
						y={9 - n * 3}
						width="3"
						height={3 + n * 3}
						rx="1"
						opacity={n <= level ? 1 : 0.22}
						fill="currentColor"
					/>
				))}
			</svg>
			{words ? <span>{text}</span> : <span class="hidden">{text}</span>}
		</span>
	)
}

export const certaintyWord = (c: number, m: ReturnType<typeof useT>) =>
	c >= 0.95 ? m.flags.almostCertain : c >= 0.8 ? m.flags.veryLikely : c >= 0.5 ? m.flags.maybe : m.flags.doubtful

export function Certainty({ value, long }: { value: number; long?: boolean }) {
	const m = useT()
	const word = certaintyWord(value, m)
	return (
		<span class="certainty" title={word}>
			<span class="certainty-bar" aria-hidden="true">
				<span style={{ width: `${value * 100}%` }} />
			</span>
			<span class="num">{share(value)}</span>
			{long && <span class="muted"> {word}</span>}
		</span>
	)
}

export function StatusMark({ status }: { status: FlagStatus }) {
	const text = useWords().word('flag_statuses', status)
	return (
		<span class={`status ${status}`}>
			<i aria-hidden="true" />
			<span>{text}</span>
		</span>
	)
}
export function StateMark({ state }: { state: FlagState }) {
	return <span class={`state ${state}`}>{useWords().word('flag_states', state)}</span>
}
export function ListStateMark({ state }: { state: ListState }) {
	const text = useWords().word('list_states', state)
	return (
		<span class={`status list-${state}`}>
			<i aria-hidden="true" />
			<span>{text}</span>
		</span>
	)
}

const kindTone: Record<FlagKind, string> = {
	EXCLUSION: 'a',
	INCLUSION: 'b',
	OVERLAP: 'c',
	DUP_PERSON_IN_LIST: 'd',
	DUP_HOUSEHOLD_IN_LIST: 'd',
	NIK_CONFLICT: 'e',
	INELIGIBLE: 'b',
	COOLDOWN: 'f',
	QUOTA: 'f',
	BARRED: 'b',
	MUST_RECEIVE: 'a',
	DATA_QUALITY: 'g',
}
export const toneOf = (kind: string) => `tone-${kindTone[kind as FlagKind] ?? 'g'}`
// "Terlewat: sasaran yang tidak menerima apa pun" by its first words, where there is little room.
export const shortKind = (text: string) => text.split(':')[0]!
export function KindMark({ kind, short }: { kind: FlagKind; short?: boolean }) {
	const text = useWords().word('flag_kinds', kind)
	return (
		<span class={`kind ${toneOf(kind)}`} title={text}>
			<i aria-hidden="true" />
			<span>{short ? shortKind(text) : text}</span>
		</span>
	)
}

export function Trend({
	now,
	before,
	better,
}: {
	now: number | null
	before: number | null
	better: 'up' | 'down' | 'none'
}) {
	const m = useT()
	if (now == null || before == null || now === before) return null
	const up = now > before
	const good = better === 'none' ? '' : (better === 'up') === up ? 'good' : 'bad'
	const by = before ? Math.abs(now - before) / Math.abs(before) : null
	return (
		<span class={`trend ${good}`}>
			<Icon name={up ? 'up' : 'down'} size={13} />
			<span class="hidden">{up ? m.home.more : m.home.fewer}</span>
			{by != null && by < 10 ? share(by) : ''}
		</span>
	)
}
