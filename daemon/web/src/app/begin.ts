// Somebody is there: who it is, and the pages in the language that he chose, on whatever device.
import { get, patch, session } from '../api/client'
import { chosenLang, lang, setLang } from '../i18n'

export async function beginSession(options: { quiet401?: boolean } = {}) {
	const who = await get('/session', options)
	if (who.lang && who.lang !== lang.value) await setLang(who.lang)
	// Chosen in this browser before logging in for the first time.
	else if (!who.lang && chosenLang() === lang.value)
		void patch('/session', { body: { lang: lang.value } }).catch(() => undefined)
	session.value = who
}
