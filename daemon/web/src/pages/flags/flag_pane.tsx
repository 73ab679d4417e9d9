// One flag: first in sentences, then what to do, then the evidence, then its history; the decision at the foot.
import { useState } from 'preact/hooks'
import type { Flag, FlagDetail } from '#api'
import { get, post, Refused } from '../../api/client'
import { stale, useRead } from '../../api/query'
import { useKeys } from '../../app/keys'
import { pairHref } from '../../app/router'
import { useWords } from '../../app/vocabulary'
import { said, useT } from '../../i18n'
import { day, period, time } from '../../i18n/format'
import { Button, ErrorNote, LinkButton, Select, Skeleton } from '../../ui/basics'
import { ReasonDialog } from '../../ui/dialog'
import { Term } from '../../ui/help'
import { Icon } from '../../ui/icons'
import { Certainty, KindMark, SeverityMark, StateMark, StatusMark } from '../../ui/marks'
import { toast } from '../../ui/toast'
import { EntryCard, Family, SideBySide } from './side_by_side'

type Verdict = 'found' | 'assigned' | 'confirmed' | 'dismissed'

export function FlagPane({
	flag,
	close,
	before,
	after,
	changed,
}: {
	flag: number
	close(): void
	before?: () => void
	after?: () => void
	changed(now: Flag): void
}) {
	const m = useT()
	const words = useWords()
	const read = useRead('/flags/{flag}', { path: { flag } })
	const f = read.data
	return (
		<article class="card flag-pane" aria-label={m.flags.number(flag)}>
			<div class="pane-head">
				<span class="muted small">{m.flags.number(flag)}</span>
				<div class="row">
					<Button
						kind="quiet"
						small
						icon="link"
						onClick={() => void copyLink(flag, m.common.copied)}
						aria-label={m.common.copyLink}
					/>
					<Button
						kind="quiet"
						small
						icon="up"
						disabled={!before}
						onClick={before}
						aria-label={m.flags.previousFlag}
					/>
					<Button
						kind="quiet"
						small
						icon="down"
						disabled={!after}
						onClick={after}
						aria-label={m.flags.nextFlag}
					/>
					<Button kind="quiet" small icon="close" onClick={close} aria-label={m.flags.closePane} />
				</div>
			</div>
			{read.error && !f ? (
				<ErrorNote error={read.error} retry={read.reload} />
			) : !f ? (
				<div class="flag-body">
					<Skeleton lines={7} />
				</div>
			) : (
				<>
					<div class="flag-body">
						<header class="flag-title">
							<div class="row">
								<KindMark kind={f.kind} />
								<SeverityMark severity={f.severity} />
								<StateMark state={f.state} />
							</div>
							<h1>{f.name ?? words.word('flag_kinds', f.kind)}</h1>
							<div class="row muted small">
								<StatusMark status={f.status} />
								<span>·</span>
								<Term code="certainty">{m.flags.certainty}</Term>
								<Certainty value={f.certainty} long />
								{f.programme && (
									<>
										<span>·</span>
										<span>
											{words.programme(f.programme)} {f.period ? period(f.period) : ''}
										</span>
									</>
								)}
								{f.village != null && (
									<>
										<span>·</span>
										<span>
											{words.village(f.village)}, {words.kecamatan(f.village)}
										</span>
									</>
								)}
							</div>
						</header>
						<div class="flag-said">
							{f.sentences.map((s, i) => (
								<p key={i}>{said(s)}</p>
							))}
						</div>
						{f.next_step && said(f.next_step) && (
							<div class="flag-next">
								<Icon name="right" />
								<p>{said(f.next_step)}</p>
							</div>
						)}
						{(f.entry || f.other) && (
							<section class="section">
								<h2>{f.entry && f.other ? m.flags.compare : m.flags.onlyEntry}</h2>
								{f.entry && f.other ? (
									<SideBySide a={f.entry} b={f.other} comparison={f.comparison} />
								) : (
									<EntryCard entry={(f.entry ?? f.other)!} flag={f.flag} />
								)}
							</section>
						)}
						{f.family.length > 0 && (
							<section class="section">
								<h2>{m.flags.family}</h2>
								<Family entries={f.family} />
							</section>
						)}
						{f.rule_text && <RuleFacts f={f} />}
						<section class="section">
							<h2>{m.flags.history}</h2>
							<History f={f} />
						</section>
						<div class="row">
							{f.household != null && (
								<LinkButton small href={`/keluarga/${f.household}`} icon="family">
									{m.flags.openHousehold}
								</LinkButton>
							)}
							{f.pair && (
								<LinkButton small href={pairHref(f.pair)} icon="review">
									{m.flags.openPair}
								</LinkButton>
							)}
						</div>
					</div>
					{f.may.length > 0 && (
						<Decide
							f={f}
							done={(now) => {
								read.put({ ...f, ...now })
								read.reload()
								changed(now)
								after?.()
							}}
							reread={async () => {
								const now = await get('/flags/{flag}', { path: { flag } })
								read.put(now)
								return now.version
							}}
						/>
					)}
				</>
			)}
		</article>
	)
}

async function copyLink(flag: number, text: string) {
	await navigator.clipboard?.writeText(`${location.origin}/temuan/${flag}`)
	toast(text)
}

function RuleFacts({ f }: { f: FlagDetail }) {
	const m = useT()
	const words = useWords()
	const r = f.rule_text!
	return (
		<section class="section">
			<h2>{m.flags.rule}</h2>
			<dl class="facts">
				<dt>{m.settings.ruleKind}</dt>
				<dd>
					{m.settings.ruleKinds[r.kind]} <span class="muted">({r.rule})</span>
				</dd>
				<dt>{m.flags.programme}</dt>
				<dd>{r.programmes.map(words.programme).join(', ')}</dd>
				<dt>
					<Term code="level">{m.settings.level}</Term>
				</dt>
				<dd>{m.settings.units[r.level]}</dd>
				<dt>{m.flags.legalBasis}</dt>
				<dd>{r.legal_basis || '–'}</dd>
				<dt>{m.flags.validFrom}</dt>
				<dd>
					{day(r.valid_from)}
					{r.valid_to ? ` – ${day(r.valid_to)}` : ''}
				</dd>
			</dl>
		</section>
	)
}

function History({ f }: { f: FlagDetail }) {
	const m = useT()
	const words = useWords()
	return (
		<ol class="timeline">
			{f.history.map((h, i) => (
				<li key={i} class={i === 0 ? 'strong' : ''}>
					{words.word('flag_statuses', h.to_status)}
					{h.from_state && h.from_state !== h.to_state ? ` · ${words.word('flag_states', h.to_state)}` : ''}
					{h.reason ? ` – ${h.reason}` : ''}
					<div class="muted">
						{time(h.at)} · {h.who}
					</div>
				</li>
			))}
			{f.history.length === 0 && (
				<li>
					<div class="muted">
						{m.flags.foundAt} {time(f.found_at)}
					</div>
				</li>
			)}
		</ol>
	)
}

function Decide({ f, done, reread }: { f: FlagDetail; done(now: Flag): void; reread(): Promise<string> }) {
	const m = useT().flags
	const c = useT().common
	const words = useWords()
	// What is decided is what was seen when the dialog opened: the flag may be read anew behind it.
	const [dialog, setDialog] = useState<{ verdict: Verdict; version: string } | null>(null)
	const asked = dialog?.verdict
	const setAsked = (verdict: Verdict) => setDialog({ verdict, version: f.version })
	const [office, setOffice] = useState(
		f.assigned_to ?? words.programmeOf(f.programme ?? '')?.office ?? words.raw.offices[0]?.office ?? '',
	)
	const may = (what: string) => f.may.includes(what)
	useKeys(useT().shell.flags, [
		...(may('confirm') ? [{ keys: 'b', says: m.confirm, run: () => setAsked('confirmed') }] : []),
		...(may('dismiss') ? [{ keys: 't', says: m.dismiss, run: () => setAsked('dismissed') }] : []),
		...(may('assign') ? [{ keys: 'a', says: m.assign, run: () => setAsked('assigned') }] : []),
	])
	const run = (status: Verdict) => async (reason: string) => {
		try {
			const now = await post('/flags/{flag}/decision', {
				path: { flag: f.flag },
				body: {
					status,
					reason: reason || null,
					office: status === 'assigned' ? office : null,
					version: dialog!.version,
				},
			})
			stale('/home', '/flags/summary', '/households')
			toast(
				m.decided(1, m.words[status]!),
				status === 'found'
					? {}
					: {
							action: {
								text: c.undo,
								run: () =>
									void post('/flags/{flag}/decision', {
										path: { flag: f.flag },
										body: { status: 'found', version: now.version },
									}).then(
										() => stale('/flags', '/home'),
										() => stale('/flags'),
									),
							},
						},
			)
			done(now)
		} catch (e) {
			if (e instanceof Refused && (e.status === 409 || e.status === 412)) {
				setDialog({ verdict: status, version: await reread() })
				throw new Refused(e.status, { ...e.problem, detail: c.changedMeanwhile })
			}
			throw e
		}
	}
	const closeDialog = () => setDialog(null)
	return (
		<footer class="decide-bar">
			{may('confirm') && (
				<Button kind="main" icon="check" keyHint="B" onClick={() => setAsked('confirmed')}>
					{m.confirm}
				</Button>
			)}
			{may('dismiss') && (
				<Button icon="close" keyHint="T" onClick={() => setAsked('dismissed')}>
					{m.dismiss}
				</Button>
			)}
			{may('assign') && (
				<Button icon="user" keyHint="A" onClick={() => setAsked('assigned')}>
					{m.assign}
				</Button>
			)}
			{may('reopen') && (
				<Button icon="undo" onClick={() => setAsked('found')}>
					{m.reopen}
				</Button>
			)}
			{asked === 'confirmed' && (
				<ReasonDialog
					title={m.confirmTitle(1)}
					text={m.confirmText}
					label={m.reasonOptional}
					optional
					action={m.confirm}
					run={run('confirmed')}
					onClose={closeDialog}
				/>
			)}
			{asked === 'dismissed' && (
				<ReasonDialog
					title={m.dismissTitle(1)}
					text={m.dismissText}
					label={c.reason}
					suggestions={m.dismissSuggest}
					danger
					action={m.dismiss}
					run={run('dismissed')}
					onClose={closeDialog}
				/>
			)}
			{asked === 'found' && (
				<ReasonDialog
					title={m.reopen}
					label={m.reasonOptional}
					optional
					action={m.reopen}
					run={run('found')}
					onClose={closeDialog}
				/>
			)}
			{asked === 'assigned' && (
				<ReasonDialog
					title={m.assignTitle(1)}
					label={m.reasonOptional}
					optional
					action={m.assign}
					run={run('assigned')}
					onClose={closeDialog}
				>
					<Select
						label={m.assignTo}
						value={office}
						choices={words.raw.offices.filter((o) => o.active).map((o) => [o.office, o.name])}
						onValue={setOffice}
					/>
				</ReasonDialog>
			)}
		</footer>
	)
}
