// What concerns the whole page and stays until it is over: no server, a newer version.
import { useEffect, useState } from 'preact/hooks'
import { useT } from '../i18n'
import { Button } from '../ui/basics'
import { Icon } from '../ui/icons'
import { reachable } from './reach'
import { useStore } from './store'
import { outdated } from './version'

export function Banners() {
	const m = useT().shell
	const up = useStore(reachable)
	const old = useStore(outdated)
	const [later, setLater] = useState(false)
	const [late, setLate] = useState(false)
	// A hiccup of less than a second is nobody's business.
	useEffect(() => {
		if (up) return setLate(false)
		const timer = setTimeout(() => setLate(true), 900)
		return () => clearTimeout(timer)
	}, [up])
	return (
		<div class="banners" aria-live="polite">
			{!up && late && (
				<div class="banner warn" role="alert">
					<Icon name="alert" />
					<span>{m.unreachable}</span>
				</div>
			)}
			{old && !later && (
				<div class="banner">
					<Icon name="info" />
					<span>{m.outdated}</span>
					<Button small kind="main" onClick={() => location.reload()}>
						{m.reload}
					</Button>
					<Button small kind="quiet" onClick={() => setLater(true)}>
						{m.reloadLater}
					</Button>
				</div>
			)}
		</div>
	)
}
