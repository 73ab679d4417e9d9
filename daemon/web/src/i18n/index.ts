// Words of the pages: Indonesian first, English by a switch. A catalogue is an object of texts and of functions that make
// texts; English has the type of the Indonesian one, so a missing or misspelt key does not compile.
import { makeStore, recall, remember, useStore } from '../app/store'
import { id, type Messages } from './id'

export type Lang = 'id' | 'en'
export type { Messages }
export const lang = makeStore<Lang>('id')
const messages = makeStore<Messages>(id)

export async function setLang(next: Lang) {
	messages.value = next === 'en' ? (await import('./en')).en : id
	lang.value = next
	document.documentElement.lang = next
	remember('lang', next)
}
export const chosenLang = () => recall('lang') as Lang | null

export const useT = () => useStore(messages)
export const t = () => messages.value

// What the server says in both languages.
export interface Said {
	text: string
	text_en: string
}
export const said = (s: Said) => (lang.value === 'en' ? s.text_en : s.text) || s.text
