// The session ended in mid-work: one dialog, however many requests ran into it; they all go on once somebody has logged in.
// app/login_dialog.tsx shows it. Somebody else logging in loads the page anew: what is on it was not for them.
import { makeStore } from './store'

export const loginWanted = makeStore(false)
let waiting: Array<() => void> = []

export function askLogin(): Promise<void> {
	loginWanted.value = true
	return new Promise((done) => waiting.push(done))
}

export function loggedInAgain() {
	loginWanted.value = false
	const all = waiting
	waiting = []
	for (const done of all) done()
}
