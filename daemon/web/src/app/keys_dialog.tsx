// What `?` shows: the keys that are in force at this moment.
import { Fragment } from 'preact'
import { useT } from '../i18n'
import { Dialog } from '../ui/dialog'
import { keysInForce } from './keys'

const written: Record<string, string> = {
	ArrowDown: '↓',
	ArrowUp: '↑',
	ArrowLeft: '←',
	ArrowRight: '→',
	Enter: '↵',
	Escape: 'Esc',
	'ctrl+k': 'Ctrl K',
	'ctrl+Enter': 'Ctrl ↵',
}

export function KeysDialog({ onClose }: { onClose(): void }) {
	const m = useT().keys
	return (
		<Dialog title={m.title} onClose={onClose} wide>
			<div class="keys">
				{keysInForce()
					.reverse()
					.map((layer, i) => (
						<section key={i}>
							<h3>{layer.title}</h3>
							<dl>
								{layer.keys.map((k) => (
									<Fragment key={k.keys}>
										<dt>
											{k.keys.split(' | ').map((one, n) => (
												<Fragment key={one}>
													{n > 0 && ' / '}
													{one.split(' ').map((part) => (
														<kbd key={part}>{written[part] ?? part}</kbd>
													))}
												</Fragment>
											))}
										</dt>
										<dd>{k.says}</dd>
									</Fragment>
								))}
							</dl>
						</section>
					))}
			</div>
		</Dialog>
	)
}
