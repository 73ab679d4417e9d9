// Who may come in. A link is shown once; a password is never known to anybody but its owner.
import { useState } from 'preact/hooks'
import type { Link, User } from '#api'
import { patch, post } from '../../api/client'
import { usePages } from '../../api/query'
import { useWords } from '../../app/vocabulary'
import { useT } from '../../i18n'
import { ago, num, time } from '../../i18n/format'
import { Button, Check, errorText, ErrorNote, Note, Select, Skeleton, TextField } from '../../ui/basics'
import { Dialog } from '../../ui/dialog'
import { toast } from '../../ui/toast'

export function Users() {
	const m = useT()
	const s = m.settings
	const words = useWords()
	const pages = usePages('/users')
	const [adding, setAdding] = useState(false)
	const [link, setLink] = useState<{ name: string; link: Link } | null>(null)
	const [villages, setVillages] = useState<User | null>(null)
	if (pages.error && !pages.items.length) return <ErrorNote error={pages.error} retry={pages.reload} />
	if (pages.loading && !pages.items.length) return <Skeleton lines={5} height={40} />
	const change = (u: User, body: { active?: boolean; villages?: number[] }) =>
		patch('/users/{user}', { path: { user: u.user }, body }).then(
			(now) => {
				pages.replace((x) => (x.user === now.user ? now : x))
				toast(m.common.saved)
			},
			(e: Error) => toast(errorText(e), { kind: 'bad' }),
		)
	const fresh = (u: User) =>
		post('/users/{user}/link', { path: { user: u.user } }).then(
			(l) => setLink({ name: u.full_name || u.name, link: l }),
			(e: Error) => toast(errorText(e), { kind: 'bad' }),
		)
	return (
		<>
			<div class="row end">
				<Button kind="main" small icon="plus" onClick={() => setAdding(true)}>
					{s.new}
				</Button>
			</div>
			<div class="plain-wrap" tabIndex={0}>
				<table class="plain stacks">
					<thead>
						<tr>
							<th>{s.fullName}</th>
							<th>{s.role}</th>
							<th>{s.lastSeen}</th>
							<th />
						</tr>
					</thead>
					<tbody>
						{pages.items.map((u) => (
							<tr key={u.user} class={u.active ? '' : 'muted'}>
								<td>
									<b>{u.full_name || u.name}</b>
									{!u.active && (
										<>
											{' '}
											<span class="tag">{s.shut}</span>
										</>
									)}
									{u.active && !u.has_password && (
										<>
											{' '}
											<span class="tag warn">{s.noPassword}</span>
										</>
									)}
									<div class="muted small mono">{u.name}</div>
								</td>
								<td>
									{m.login.roles[u.role]}
									<div class="muted small">
										{u.office
											? words.office(u.office)
											: u.villages.length
												? u.villages
														.slice(0, 3)
														.map((v) => words.village(v))
														.join(', ') +
													(u.villages.length > 3 ? ` +${num(u.villages.length - 3)}` : '')
												: ''}
									</div>
								</td>
								<td class="fit muted">{u.seen_at ? ago(u.seen_at) : s.never}</td>
								<td class="fit">
									<span class="row">
										{u.role === 'verifier' && (
											<Button small kind="quiet" onClick={() => setVillages(u)}>
												{s.villages}
											</Button>
										)}
										<Button small kind="quiet" onClick={() => void fresh(u)}>
											{s.newLink}
										</Button>
										<Button
											small
											kind="quiet"
											onClick={() => void change(u, { active: !u.active })}
										>
											{u.active ? s.shutOut : s.letIn}
										</Button>
									</span>
								</td>
							</tr>
						))}
					</tbody>
				</table>
			</div>
			{adding && (
				<AddUser
					onClose={() => setAdding(false)}
					made={(u, l) => {
						setAdding(false)
						setLink({ name: u.full_name || u.name, link: l })
						pages.reload()
					}}
				/>
			)}
			{link && <LinkDialog {...link} onClose={() => setLink(null)} />}
			{villages && (
				<VillagesDialog
					user={villages}
					onClose={() => setVillages(null)}
					save={(v) => {
						void change(villages, { villages: v })
						setVillages(null)
					}}
				/>
			)}
		</>
	)
}

export function Secret({ text }: { text: string }) {
	const m = useT()
	return (
		<div class="secret">
			<code>{text}</code>
			<Button small onClick={() => void navigator.clipboard?.writeText(text).then(() => toast(m.common.copied))}>
				{m.settings.copy}
			</Button>
		</div>
	)
}

function LinkDialog({ name, link, onClose }: { name: string; link: Link; onClose(): void }) {
	const m = useT()
	return (
		<Dialog title={m.settings.linkTitle} onClose={onClose}>
			<div class="stack">
				<p class="muted">
					{m.settings.linkText(name)} {m.settings.linkUntil(time(link.expires_at))}
				</p>
				<Secret text={link.url} />
				<div class="row end">
					<Button kind="main" onClick={onClose}>
						{m.common.close}
					</Button>
				</div>
			</div>
		</Dialog>
	)
}

function PickVillages({ chosen, change }: { chosen: Set<number>; change(next: Set<number>): void }) {
	const s = useT().settings
	const words = useWords()
	return (
		<div class="pick-villages" role="group" aria-label={s.villages} tabIndex={0}>
			{words.kecamatans.map((k) => [
				<h3 key={k}>{k}</h3>,
				...words.raw.villages
					.filter((v) => v.kecamatan === k)
					.map((v) => (
						<Check
							key={v.village}
							label={v.name}
							checked={chosen.has(v.village)}
							onValue={(on) => {
								const next = new Set(chosen)
								if (on) next.add(v.village)
								else next.delete(v.village)
								change(next)
							}}
						/>
					)),
			])}
		</div>
	)
}

function VillagesDialog({ user, onClose, save }: { user: User; onClose(): void; save(v: number[]): void }) {
	const m = useT()
	const [chosen, setChosen] = useState(new Set(user.villages))
	return (
		<Dialog title={`${m.settings.villages}: ${user.full_name || user.name}`} wide onClose={onClose}>
			<div class="stack">
				<PickVillages chosen={chosen} change={setChosen} />
				<div class="row end">
					<Button onClick={onClose}>{m.common.cancel}</Button>
					<Button kind="main" onClick={() => save([...chosen])}>
						{m.common.save}
					</Button>
				</div>
			</div>
		</Dialog>
	)
}

function AddUser({ onClose, made }: { onClose(): void; made(u: User, l: Link): void }) {
	const m = useT()
	const s = m.settings
	const words = useWords()
	const [name, setName] = useState('')
	const [fullName, setFullName] = useState('')
	const [role, setRole] = useState<'administrator' | 'office' | 'bappeda' | 'verifier'>('office')
	const [office, setOffice] = useState(words.raw.offices[0]?.office ?? '')
	const [villages, setVillages] = useState(new Set<number>())
	const [busy, setBusy] = useState(false)
	const [error, setError] = useState<Error | null>(null)
	const submit = async (e: Event) => {
		e.preventDefault()
		setBusy(true)
		setError(null)
		try {
			const answer = await post('/users', {
				body: {
					name: name.trim(),
					full_name: fullName.trim(),
					role,
					...(role === 'office' ? { office } : {}),
					...(role === 'verifier' ? { villages: [...villages] } : {}),
				},
			})
			made(answer.user, answer.link)
		} catch (failed) {
			setError(failed as Error)
			setBusy(false)
		}
	}
	return (
		<Dialog title={s.new} wide={role === 'verifier'} onClose={onClose}>
			<form class="stack" onSubmit={(e) => void submit(e)}>
				<TextField label={s.user} value={name} onValue={setName} required maxLength={40} autofocus />
				<TextField label={s.fullName} value={fullName} onValue={setFullName} maxLength={100} />
				<Select
					label={s.role}
					value={role}
					onValue={(v) => setRole(v as typeof role)}
					choices={[
						['office', m.login.roles.office],
						['administrator', m.login.roles.administrator],
						['bappeda', m.login.roles.bappeda],
						['verifier', m.login.roles.verifier],
					]}
				/>
				{role === 'office' && (
					<Select
						label={s.office}
						value={office}
						onValue={setOffice}
						choices={words.raw.offices.map((o) => [o.office, o.name])}
					/>
				)}
				{role === 'verifier' && <PickVillages chosen={villages} change={setVillages} />}
				{error && <Note kind="bad">{errorText(error)}</Note>}
				<div class="row end">
					<Button onClick={onClose}>{m.common.cancel}</Button>
					<Button type="submit" kind="main" busy={busy} disabled={role === 'verifier' && !villages.size}>
						{m.common.save}
					</Button>
				</div>
			</form>
		</Dialog>
	)
}
