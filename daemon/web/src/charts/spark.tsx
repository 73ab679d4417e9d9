// A line as small as a word: how a figure went. Drawn by hand, since the first page should not wait for a chart library.
export function Spark({ values, labels }: { values: Array<number | null>; labels: string[] }) {
	const known = values.filter((v): v is number => v != null)
	const low = Math.min(...known)
	const span = Math.max(...known) - low || 1
	const x = (i: number) => (values.length > 1 ? (i / (values.length - 1)) * 100 : 50)
	const y = (v: number) => 32 - ((v - low) / span) * 26
	const points = values.flatMap((v, i) => (v == null ? [] : [`${x(i).toFixed(1)} ${y(v).toFixed(1)}`]))
	return (
		<svg
			class="spark"
			viewBox="0 0 100 38"
			preserveAspectRatio="none"
			role="img"
			aria-label={`${labels[0]} – ${labels[labels.length - 1]}`}
		>
			<path class="area" d={`M${points.join(' L')} L100 38 L0 38 Z`} />
			<path class="line" d={`M${points.join(' L')}`} />
		</svg>
	)
}
