// A picture by Observable Plot: fetched when the first is wanted, drawn anew when its data or its width change. Colours are
// names of styles/tokens.css, so that themes need no redrawing.
import { useEffect, useRef, useState } from 'preact/hooks'
import { Skeleton } from '../ui/basics'

type Plot = typeof import('@observablehq/plot')
export type Drawing = (plot: Plot, width: number) => Array<SVGSVGElement | HTMLElement>
let library: Plot | null = null

export function Chart({
	label,
	draw,
	deps,
	height = 200,
	min = 280,
}: {
	label: string
	draw: Drawing
	deps: unknown[]
	height?: number
	min?: number
}) {
	const ref = useRef<HTMLDivElement>(null)
	const [plot, setPlot] = useState<Plot | null>(library)
	const [width, setWidth] = useState(0)
	useEffect(() => {
		if (!plot)
			void import('@observablehq/plot').then((p) => {
				library = p
				setPlot(() => p)
			})
		const element = ref.current!
		const watch = new ResizeObserver(() => setWidth(Math.max(min, Math.floor(element.clientWidth))))
		watch.observe(element)
		return () => watch.disconnect()
	}, [])
	useEffect(() => {
		const holder = ref.current?.querySelector('.drawn')
		if (!plot || !width || !holder) return
		const pictures = draw(plot, width)
		for (const p of pictures) {
			p.setAttribute('aria-hidden', 'true')
			holder.append(p)
		}
		return () => holder.replaceChildren()
	}, [plot, width, ...deps])
	return (
		<div class="chart" ref={ref} role="img" aria-label={label}>
			<div class="drawn" />
			{!plot && <Skeleton lines={1} height={height} />}
		</div>
	)
}
