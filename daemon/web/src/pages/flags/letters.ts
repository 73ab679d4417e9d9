// Where two texts differ, letter by letter: the fewest letters to take out and put in (longest common subsequence). For names
// and addresses, which are short; longer ones than LONGEST are only compared whole.
export interface Run {
	text: string
	same: boolean
}
const LONGEST = 200
const ALIKE = 0.55

export function letters(a: string, b: string): [Run[], Run[]] {
	if (a === b) return [[{ text: a, same: true }], [{ text: b, same: true }]]
	const x = [...a]
	const y = [...b]
	if (x.length > LONGEST || y.length > LONGEST) return [[{ text: a, same: false }], [{ text: b, same: false }]]
	const equal = (i: number, j: number) => x[i]!.toLowerCase() === y[j]!.toLowerCase()
	// best[i][j]: length of the longest common subsequence of x[i…] and y[j…]
	const best = Array.from({ length: x.length + 1 }, () => new Uint16Array(y.length + 1))
	for (let i = x.length - 1; i >= 0; i--)
		for (let j = y.length - 1; j >= 0; j--)
			best[i]![j] = equal(i, j) ? best[i + 1]![j + 1]! + 1 : Math.max(best[i + 1]![j]!, best[i]![j + 1]!)
	// Texts with little in common are two texts: marking the odd shared letter would only confuse.
	if (best[0]![0]! * 2 < (x.length + y.length) * ALIKE)
		return [[{ text: a, same: false }], [{ text: b, same: false }]]
	const left: Run[] = []
	const right: Run[] = []
	const add = (runs: Run[], text: string, same: boolean) => {
		const last = runs[runs.length - 1]
		if (last?.same === same) last.text += text
		else runs.push({ text, same })
	}
	let i = 0
	let j = 0
	while (i < x.length && j < y.length) {
		if (equal(i, j)) {
			add(left, x[i++]!, true)
			add(right, y[j++]!, true)
		} else if (best[i + 1]![j]! >= best[i]![j + 1]!) add(left, x[i++]!, false)
		else add(right, y[j++]!, false)
	}
	if (i < x.length) add(left, x.slice(i).join(''), false)
	if (j < y.length) add(right, y.slice(j).join(''), false)
	return [left, right]
}

// For numbers whose digits are masked: the server says at which positions they differ.
export function positions(text: string, differs: number[]): Run[] {
	const runs: Run[] = []
	;[...text].forEach((letter, i) => {
		const same = !differs.includes(i)
		const last = runs[runs.length - 1]
		if (last?.same === same) last.text += letter
		else runs.push({ text: letter, same })
	})
	return runs
}
