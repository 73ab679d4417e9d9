// Short messages at the foot of the page, with at most one thing to do (undo).
import { makeStore, useStore } from '../app/store'
import { Icon } from './icons'

interface Toast {
	id: number
	text: string
	kind: 'good' | 'bad' | 'info'
	action?: { text: string; run(): void }
}
const toasts = makeStore<Toast[]>([])
let last = 0

export function toast(text: string, options: { kind?: Toast['kind']; action?: Toast['action']; ms?: number } = {}) {
	const id = ++last
	toasts.value = [...toasts.value.slice(-2), { id, text, kind: options.kind ?? 'good', action: options.action }]
	setTimeout(
		() => {
			toasts.value = toasts.value.filter((x) => x.id !== id)
		},
		options.ms ?? (options.kind === 'bad' ? 9_000 : options.action ? 7_000 : 4_000),
	)
}

export function Toasts() {
	const all = useStore(toasts)
	return (
		<div class="toasts" role="status" aria-live="polite">
			{all.map((x) => (
				<div key={x.id} class={`toast ${x.kind}`}>
					<Icon name={x.kind === 'good' ? 'check' : x.kind === 'bad' ? 'alert' : 'info'} />
					<span>{x.text}</span>
					{x.action && (
						<button
							type="button"
							onClick={() => {
								x.action!.run()
								toasts.value = toasts.value.filter((o) => o.id !== x.id)
							}}
						>
							{x.action.text}
						</button>
					)}
				</div>
			))}
		</div>
	)
}
