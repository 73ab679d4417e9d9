// Numbers, shares, days and periods as people here write them: 1.234, 87,5 %, 3 Jul 2026, Juli 2026.
import { lang } from './index'

const locale = () => (lang.value === 'en' ? 'en-GB' : 'id-ID')
const kept = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>()

function made<T extends Intl.NumberFormat | Intl.DateTimeFormat>(key: string, make: () => T): T {
	const k = locale() + key
	let f = kept.get(k) as T | undefined
	if (!f) kept.set(k, (f = make()))
	return f
}
const numbers = (key: string, options: Intl.NumberFormatOptions) =>
	made(`n${key}`, () => new Intl.NumberFormat(locale(), options))
const dates = (key: string, options: Intl.DateTimeFormatOptions) =>
	made(`d${key}`, () => new Intl.DateTimeFormat(locale(), options))
const NONE = '–'
const MINUS = '−'

export const num = (n: number | null | undefined) =>
	n == null ? NONE : numbers('0', { maximumFractionDigits: 0 }).format(n)
export const num1 = (n: number | null | undefined) =>
	n == null ? NONE : numbers('1', { maximumFractionDigits: 1 }).format(n).replace('-', MINUS)
export const signed = (n: number) =>
	numbers('+', { maximumFractionDigits: 1, signDisplay: 'exceptZero' }).format(n).replace('-', MINUS)
export const share = (n: number | null | undefined) =>
	n == null ? NONE : `${numbers('s', { maximumFractionDigits: n > 0.999 || n < 0.1 ? 1 : 0 }).format(n * 100)} %`
export const share1 = (n: number | null | undefined) =>
	n == null ? NONE : `${numbers('s1', { maximumFractionDigits: 1, minimumFractionDigits: 1 }).format(n * 100)} %`
// A count that stopped being counted: "10.000+".
export const many = (n: number, more: boolean | undefined) => num(n) + (more ? '+' : '')

export const day = (text: string | null | undefined) =>
	!text
		? NONE
		: dates('day', { day: 'numeric', month: 'short', year: 'numeric' }).format(
				new Date(text.length === 10 ? `${text}T00:00` : text),
			)
export const time = (text: string | null | undefined) =>
	!text
		? NONE
		: dates('time', { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' }).format(
				new Date(text),
			)
export const clock = (text: string) => dates('clock', { hour: '2-digit', minute: '2-digit' }).format(new Date(text))

// "baru saja", "5 menit lalu", "kemarin", then the day.
export function ago(text: string | null | undefined): string {
	if (!text) return NONE
	const seconds = (Date.now() - new Date(text).getTime()) / 1000
	if (seconds > 6 * 86_400) return day(text)
	const k = `${locale()}r`
	const relative =
		(kept.get(k) as unknown as Intl.RelativeTimeFormat) ??
		new Intl.RelativeTimeFormat(locale(), { numeric: 'auto', style: 'short' })
	kept.set(k, relative as never)
	if (seconds < 45) return lang.value === 'en' ? 'just now' : 'baru saja'
	if (seconds < 3_570) return relative.format(-Math.max(1, Math.round(seconds / 60)), 'minute')
	if (seconds < 84_600) return relative.format(-Math.round(seconds / 3_600), 'hour')
	return relative.format(-Math.round(seconds / 86_400), 'day')
}

export function period(text: string | null | undefined): string {
	if (!text) return NONE
	if (text.length === 4) return text
	if (text.length > 7) return day(text)
	return dates('month', { month: 'long', year: 'numeric' }).format(new Date(`${text}-01T00:00`))
}

export function bytes(n: number): string {
	if (n < 1_000) return `${num(n)} B`
	if (n < 1_000_000) return `${num(n / 1_000)} kB`
	return n < 1e9 ? `${num1(n / 1e6)} MB` : `${num1(n / 1e9)} GB`
}

export function duration(seconds: number): string {
	const en = lang.value === 'en'
	if (seconds < 90) return en ? `${num(seconds)} s` : `${num(seconds)} dtk`
	if (seconds < 5_400) return en ? `${num(seconds / 60)} min` : `${num(seconds / 60)} mnt`
	return en ? `${num1(seconds / 3_600)} h` : `${num1(seconds / 3_600)} jam`
}
