// A term with what it means behind it: the word itself, underlined with dots, opens a small explanation. The texts come from
// the server's vocabulary, so that files, commands and pages explain a word alike; the pages' own stand in the catalogue.
import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { useWords } from '../app/vocabulary'
import { useT, type Messages } from '../i18n'

export function Term({
	code,
	children,
	group = 'terms',
}: {
	code: string
	children: ComponentChildren
	group?: 'terms' | 'flag_kinds' | 'flag_states' | 'flag_statuses' | 'severities'
}) {
	const words = useWords()
	const own = (useT().help as Record<string, string>)[code]
	const text = own || words.help(group, code)
	if (!text) return <>{children}</>
	return <Explained text={text}>{children}</Explained>
}
export type HelpCode = keyof Messages['help']

export function Explained({ text, children }: { text: string; children: ComponentChildren }) {
	const [open, setOpen] = useState(false)
	const ref = useRef<HTMLSpanElement>(null)
	const tip = useRef<HTMLSpanElement>(null)
	const id = useId()
	useEffect(() => {
		if (!open) return
		// Kept inside the window, whichever edge it is near.
		const box = tip.current!.getBoundingClientRect()
		const over = box.right - innerWidth + 12
		if (over > 0) tip.current!.style.transform = `translateX(${-over}px)`
		const away = (e: Event) => {
			if (e instanceof KeyboardEvent ? e.key === 'Escape' : !ref.current?.contains(e.target as Node))
				setOpen(false)
		}
		document.addEventListener('pointerdown', away)
		document.addEventListener('keydown', away)
		return () => {
			document.removeEventListener('pointerdown', away)
			document.removeEventListener('keydown', away)
		}
	}, [open])
	return (
		<span class="term" ref={ref}>
			<button
				type="button"
				aria-expanded={open}
				aria-describedby={open ? id : undefined}
				onClick={(e) => {
					e.stopPropagation()
					setOpen(!open)
				}}
			>
				{children}
			</button>
			{open && (
				<span class="tip" role="tooltip" id={id} ref={tip}>
					{text}
				</span>
			)}
		</span>
	)
}
