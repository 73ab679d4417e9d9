// The small pieces that every page is made of: buttons, fields, what stands where nothing is (yet), notes.
import type { ComponentChildren, JSX } from 'preact'
import { useId } from 'preact/hooks'
import { NoAnswer, Refused } from '../api/client'
import { t, useT } from '../i18n'
import { Icon, type IconName } from './icons'

type ButtonProps = Omit<JSX.HTMLAttributes<HTMLButtonElement>, 'icon'> & {
	icon?: IconName
	kind?: 'main' | 'plain' | 'quiet' | 'danger'
	busy?: boolean
	small?: boolean
	disabled?: boolean
	type?: 'button' | 'submit'
	keyHint?: string
	form?: string
	value?: string
}
export function Button({
	icon,
	kind = 'plain',
	busy,
	small,
	keyHint,
	children,
	class: extra,
	disabled,
	type = 'button',
	...rest
}: ButtonProps) {
	return (
		<button
			type={type}
			class={`button ${kind} ${small ? 'small' : ''} ${busy ? 'busy' : ''} ${children ? '' : 'bare'} ${extra ?? ''}`}
			disabled={disabled || busy}
			aria-busy={busy || undefined}
			{...rest}
		>
			{icon && <Icon name={icon} />}
			{children && <span>{children}</span>}
			{keyHint && <kbd aria-hidden="true">{keyHint}</kbd>}
		</button>
	)
}

export function LinkButton({
	icon,
	kind = 'plain',
	small,
	children,
	...rest
}: JSX.HTMLAttributes<HTMLAnchorElement> & {
	icon?: IconName
	kind?: string
	small?: boolean
	href: string
	download?: boolean | string
	target?: string
}) {
	return (
		<a class={`button ${kind} ${small ? 'small' : ''}`} {...rest}>
			{icon && <Icon name={icon} />}
			<span>{children}</span>
		</a>
	)
}

export function Field({
	label,
	help,
	error,
	children,
	id,
	wide,
}: {
	label: ComponentChildren
	help?: ComponentChildren
	error?: string | null
	children: ComponentChildren
	id: string
	wide?: boolean
}) {
	return (
		<div class={`field ${wide ? 'wide' : ''} ${error ? 'wrong' : ''}`}>
			<label for={id}>{label}</label>
			{children}
			{error ? (
				<p class="field-error" id={`${id}-e`} role="alert">
					{error}
				</p>
			) : help ? (
				<p class="field-help" id={`${id}-h`}>
					{help}
				</p>
			) : null}
		</div>
	)
}

type InputProps = Omit<JSX.HTMLAttributes<HTMLInputElement>, 'label'> & {
	label: string
	help?: ComponentChildren
	error?: string | null
	type?: string
	value?: string | number
	required?: boolean
	autocomplete?: string
	placeholder?: string
	minLength?: number
	maxLength?: number
	min?: number | string
	max?: number | string
	step?: number | string
	inputMode?: string
	pattern?: string
	name?: string
	readOnly?: boolean
	wide?: boolean
	onValue?: (value: string) => void
}
export function TextField({ label, help, error, onValue, wide, ...rest }: InputProps) {
	const id = useId()
	return (
		<Field id={id} label={label} help={help} error={error} wide={wide}>
			<input
				class="input"
				id={id}
				aria-invalid={error ? true : undefined}
				aria-describedby={error ? `${id}-e` : help ? `${id}-h` : undefined}
				onInput={(e) => onValue?.(e.currentTarget.value)}
				{...(rest as object)}
			/>
		</Field>
	)
}

export function TextArea({
	label,
	help,
	error,
	onValue,
	value,
	rows = 3,
	required,
	maxLength,
	placeholder,
}: {
	label: string
	help?: ComponentChildren
	error?: string | null
	onValue(v: string): void
	value: string
	rows?: number
	required?: boolean
	maxLength?: number
	placeholder?: string
}) {
	const id = useId()
	return (
		<Field id={id} label={label} help={help} error={error} wide>
			<textarea
				class="input"
				id={id}
				rows={rows}
				value={value}
				required={required}
				maxLength={maxLength}
				placeholder={placeholder}
				aria-describedby={help ? `${id}-h` : undefined}
				onInput={(e) => onValue(e.currentTarget.value)}
			/>
		</Field>
	)
}

export type Choice = [value: string, text: string]
export function Select({
	label,
	value,
	choices,
	onValue,
	help,
	hideLabel,
	disabled,
	error,
}: {
	label: string
	value: string
	choices: Choice[]
	onValue(v: string): void
	help?: ComponentChildren
	hideLabel?: boolean
	disabled?: boolean
	error?: string | null
}) {
	const id = useId()
	const select = (
		<span class="select">
			<select
				id={id}
				value={value}
				disabled={disabled}
				aria-label={hideLabel ? label : undefined}
				onChange={(e) => onValue(e.currentTarget.value)}
			>
				{choices.map(([v, text]) => (
					<option key={v} value={v}>
						{text}
					</option>
				))}
			</select>
			<Icon name="down" size={14} />
		</span>
	)
	return hideLabel ? (
		select
	) : (
		<Field id={id} label={label} help={help} error={error}>
			{select}
		</Field>
	)
}

export function Check({
	label,
	checked,
	onValue,
	hideLabel,
	disabled,
	indeterminate,
}: {
	label: string
	checked: boolean
	onValue(v: boolean): void
	hideLabel?: boolean
	disabled?: boolean
	indeterminate?: boolean
}) {
	return (
		<label class="check">
			<input
				type="checkbox"
				checked={checked}
				disabled={disabled}
				aria-label={hideLabel ? label : undefined}
				ref={(e) => {
					if (e) e.indeterminate = Boolean(indeterminate)
				}}
				onChange={(e) => onValue(e.currentTarget.checked)}
			/>
			{!hideLabel && <span>{label}</span>}
		</label>
	)
}

// A few choices side by side, one of them taken.
export function Segments<V extends string>({
	label,
	value,
	choices,
	onValue,
}: {
	label: string
	value: NoInfer<V>
	choices: Array<[V, string]>
	onValue(v: V): void
}) {
	return (
		<div class="segments" role="group" aria-label={label}>
			{choices.map(([v, text]) => (
				<button key={v} type="button" aria-pressed={v === value} onClick={() => onValue(v)}>
					{text}
				</button>
			))}
		</div>
	)
}

export function Empty({
	icon,
	title,
	children,
	action,
}: {
	icon: IconName
	title: string
	children?: ComponentChildren
	action?: ComponentChildren
}) {
	return (
		<div class="empty">
			<span class="empty-icon">
				<Icon name={icon} size={26} />
			</span>
			<h2>{title}</h2>
			{children && <p>{children}</p>}
			{action && <div class="row center">{action}</div>}
		</div>
	)
}

export function Skeleton({ lines = 3, height }: { lines?: number; height?: number }) {
	return (
		<div class="skeletons" aria-busy="true" aria-label={t().common.loading} role="status">
			{Array.from({ length: lines }, (_, i) => (
				<div
					key={i}
					class="skeleton"
					style={{
						height: height ? `${height}px` : undefined,
						width: height ? undefined : `${92 - ((i * 37) % 40)}%`,
					}}
				/>
			))}
		</div>
	)
}

export function errorText(error: Error): string {
	if (error instanceof Refused) return error.problem.detail || error.problem.title || error.message
	if (error instanceof NoAnswer) return t().common.noAnswer
	return t().common.unknownError
}

export function ErrorNote({ error, retry }: { error: Error; retry?: () => void }) {
	const m = useT().common
	if (error instanceof Refused && error.status === 404)
		return (
			<Empty icon="search" title={m.absentTitle}>
				{m.absent}
			</Empty>
		)
	return (
		<Note kind="bad">
			{errorText(error)}
			{retry && (
				<Button small kind="quiet" onClick={retry}>
					{m.again}
				</Button>
			)}
		</Note>
	)
}

export function Note({
	kind = 'info',
	children,
	icon,
}: {
	kind?: 'info' | 'good' | 'warn' | 'bad'
	children: ComponentChildren
	icon?: IconName
}) {
	return (
		<div class={`note ${kind}`} role={kind === 'bad' ? 'alert' : undefined}>
			<Icon name={icon ?? (kind === 'good' ? 'check' : kind === 'info' ? 'info' : 'alert')} />
			<div>{children}</div>
		</div>
	)
}

export function Meter({
	value,
	max = 1,
	label,
	tone,
}: {
	value: number
	max?: number
	label: string
	tone?: 'good' | 'warn' | 'bad'
}) {
	const part = max > 0 ? Math.min(1, value / max) : 0
	return (
		<span class={`meter ${tone ?? ''}`} role="img" aria-label={label}>
			<span style={{ width: `${part * 100}%` }} />
		</span>
	)
}

export function PageHead({
	title,
	children,
	actions,
	back,
}: {
	title: ComponentChildren
	children?: ComponentChildren
	actions?: ComponentChildren
	back?: { href: string; text: string }
}) {
	return (
		<header class="page-head">
			<div>
				{back && (
					<a class="back" href={back.href}>
						<Icon name="left" size={14} />
						{back.text}
					</a>
				)}
				<h1>{title}</h1>
				{children && <p class="muted">{children}</p>}
			</div>
			{actions && <div class="row actions">{actions}</div>}
		</header>
	)
}
