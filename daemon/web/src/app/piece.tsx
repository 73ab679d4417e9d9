// A page as a piece fetched on its own: what is shown meanwhile, and when it fails to come or to draw.
import { Component, type ComponentChildren, type ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { useT } from '../i18n'
import { Button, Empty, Skeleton } from '../ui/basics'
import type { PageProps } from './pages'
import { pieceMissing } from './version'

const fetched = new Map<unknown, ComponentType<PageProps>>()

export function Piece({
	load,
	args,
}: {
	load: () => Promise<{ default: ComponentType<PageProps> }>
	args: Record<string, string>
}) {
	const m = useT()
	const [, redraw] = useState(0)
	const [failed, setFailed] = useState<unknown>(null)
	useEffect(() => {
		if (fetched.has(load)) return
		setFailed(null)
		load().then(
			(module) => {
				fetched.set(load, module.default)
				redraw((n) => n + 1)
			},
			() => {
				pieceMissing()
				setFailed(() => load)
			},
		)
	}, [load])
	const Page = fetched.get(load)
	if (Page)
		return (
			<Guarded key={String(load)}>
				<Page args={args} />
			</Guarded>
		)
	if (failed === load)
		return (
			<Empty
				icon="alert"
				title={m.shell.pieceMissing}
				action={
					<Button kind="main" onClick={() => location.reload()}>
						{m.shell.reload}
					</Button>
				}
			>
				{m.shell.pieceMissingText}
			</Empty>
		)
	return <Skeleton lines={6} />
}

// A fault in one page leaves the frame, and with it the way out.
class Guarded extends Component<{ children: ComponentChildren }, { broken: boolean }> {
	override state = { broken: false }
	static override getDerivedStateFromError() {
		return { broken: true }
	}
	override componentDidCatch(error: unknown) {
		console.error(error)
	}
	override render() {
		return this.state.broken ? <Broken /> : this.props.children
	}
}
function Broken() {
	const m = useT()
	return (
		<Empty
			icon="alert"
			title={m.shell.broken}
			action={
				<Button kind="main" onClick={() => location.reload()}>
					{m.shell.reload}
				</Button>
			}
		>
			{m.common.unknownError}
		</Empty>
	)
}
