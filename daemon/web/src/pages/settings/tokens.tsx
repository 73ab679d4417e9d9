// Keys for offices' own systems.
import { useState } from 'preact/hooks'
import type { Token } from '#api'
import { del, post } from '../../api/client'
import { usePages } from '../../api/query'
import { useWords } from '../../app/vocabulary'
import { useT } from '../../i18n'
import { ago, day } from '../../i18n/format'
import { Button, Check, Empty, errorText, ErrorNote, Note, Select, Skeleton, TextField } from '../../ui/basics'
import { Dialog, ReasonDialog } from '../../ui/dialog'
import { Secret } from './users'

const SCOPES = ['lists:read', 'lists:write', 'flags:read', 'check'] as const

export function Tokens() {
	const m = useT()
	const s = m.settings
	const words = useWords()
	const pages = usePages('/tokens')
	const [adding, setAdding] = useState(false)
	const [secret, setSecret] = useState<string | null>(null)
	const [revoking, setRevoking] = useState<Token | null>(null)
	if (pages.error && !pages.items.length) return <ErrorNote error={pages.error} retry={pages.reload} />
	if (pages.loading && !pages.items.length) return <Skeleton lines={3} height={40} />
	return (
		<>
			<div class="row end">
				<Button kind="main" small icon="plus" onClick={() => setAdding(true)}>
					{s.new}
				</Button>
			</div>
			{!pages.items.length ? (
				<Empty icon="lock" title={s.noneYet}>
					{s.noTokens}
				</Empty>
			) : (
				<div class="plain-wrap" tabIndex={0}>
					<table class="plain stacks">
						<thead>
							<tr>
								<th>{s.tokenName}</th>
								<th>{s.scopes}</th>
								<th>{s.expires}</th>
								<th>{s.lastSeen}</th>
								<th />
							</tr>
						</thead>
						<tbody>
							{pages.items.map((x) => (
								<tr key={x.token} class={x.revoked_at ? 'muted' : ''}>
									<td>
										<b>{x.name}</b>
										<div class="muted small">{words.office(x.office)}</div>
									</td>
									<td>{x.scopes.map((c) => s.scopeWords[c] ?? c).join(', ')}</td>
									<td class="fit">
										{x.revoked_at ? s.revoked : x.expires_at ? day(x.expires_at) : s.unlimited}
									</td>
									<td class="fit muted">{x.seen_at ? ago(x.seen_at) : s.never}</td>
									<td class="fit">
										{!x.revoked_at && (
											<Button small kind="quiet" onClick={() => setRevoking(x)}>
												{s.revoke}
											</Button>
										)}
									</td>
								</tr>
							))}
						</tbody>
					</table>
				</div>
			)}
			{adding && (
				<Add
					onClose={() => setAdding(false)}
					made={(x) => {
						setAdding(false)
						setSecret(x)
						pages.reload()
					}}
				/>
			)}
			{secret && (
				<Dialog title={s.tokenTitle} onClose={() => setSecret(null)}>
					<div class="stack">
						<p class="muted">{s.tokenText}</p>
						<Secret text={secret} />
						<div class="row end">
							<Button kind="main" onClick={() => setSecret(null)}>
								{m.common.close}
							</Button>
						</div>
					</div>
				</Dialog>
			)}
			{revoking && (
				<ReasonDialog
					title={`${s.revoke}: ${revoking.name}`}
					action={s.revoke}
					danger
					onClose={() => setRevoking(null)}
					run={async () => {
						await del('/tokens/{token}', { path: { token: revoking.token } })
						pages.reload()
					}}
				/>
			)}
		</>
	)
}

function Add({ onClose, made }: { onClose(): void; made(secret: string): void }) {
	const m = useT()
	const s = m.settings
	const words = useWords()
	const [name, setName] = useState('')
	const [office, setOffice] = useState(words.raw.offices[0]?.office ?? '')
	const [scopes, setScopes] = useState(new Set<(typeof SCOPES)[number]>(['lists:read', 'lists:write']))
	const [days, setDays] = useState('365')
	const [busy, setBusy] = useState(false)
	const [error, setError] = useState<Error | null>(null)
	const submit = async (e: Event) => {
		e.preventDefault()
		setBusy(true)
		try {
			made(
				(
					await post('/tokens', {
						body: {
							name: name.trim(),
							office,
							scopes: [...scopes],
							...(days ? { days: Number(days) } : {}),
						},
					})
				).secret,
			)
		} catch (failed) {
			setError(failed as Error)
			setBusy(false)
		}
	}
	return (
		<Dialog title={s.tokenTitle} onClose={onClose}>
			<form class="stack" onSubmit={(e) => void submit(e)}>
				<TextField label={s.tokenName} value={name} onValue={setName} required maxLength={100} autofocus />
				<Select
					label={s.office}
					value={office}
					onValue={setOffice}
					choices={words.raw.offices.map((o) => [o.office, o.name])}
				/>
				<div class="stack tight" role="group" aria-label={s.scopes}>
					{SCOPES.map((c) => (
						<Check
							key={c}
							label={s.scopeWords[c] ?? c}
							checked={scopes.has(c)}
							onValue={(on) => {
								const next = new Set(scopes)
								if (on) next.add(c)
								else next.delete(c)
								setScopes(next)
							}}
						/>
					))}
				</div>
				<TextField label={s.days} type="number" min={1} max={3650} value={days} onValue={setDays} />
				{error && <Note kind="bad">{errorText(error)}</Note>}
				<div class="row end">
					<Button onClick={onClose}>{m.common.cancel}</Button>
					<Button type="submit" kind="main" busy={busy} disabled={!scopes.size || !name.trim()}>
						{m.common.save}
					</Button>
				</div>
			</form>
		</Dialog>
	)
}
