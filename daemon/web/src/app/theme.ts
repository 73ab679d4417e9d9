// Light, dark, or as the device has it (default). The choice stands on <html data-theme>; styles/tokens.css does the rest.
import { makeStore, recall, remember } from './store'

export type Theme = 'auto' | 'light' | 'dark'
export const theme = makeStore<Theme>((recall('theme') as Theme | null) ?? 'auto')

function show(t: Theme) {
	if (t === 'auto') delete document.documentElement.dataset.theme
	else document.documentElement.dataset.theme = t
}
export function startTheme() {
	show(theme.value)
	theme.watch((t) => {
		remember('theme', t === 'auto' ? null : t)
		show(t)
	})
}
export const nextTheme = () => {
	theme.value =
		theme.value === 'auto'
			? matchMedia('(prefers-color-scheme: dark)').matches
				? 'light'
				: 'dark'
			: theme.value === 'dark'
				? 'light'
				: 'dark'
}
