// What the tests share: one chromium for a file of tests, pages logged in as one of the world's users (run.sh makes them), and
// whatever a page should never do – errors on its console, requests elsewhere, violations of the Content-Security-Policy.
//
// Nothing here waits for time to pass: a test says what must be seen before it goes on (`settled`, `toggled`, `until`), so that
// it holds on a machine as slow as it likes. PADAN_WEB_SLOW=6 makes the pages six times slower, to prove it.
import { chromium, request } from 'playwright-core'
import { readFileSync } from 'node:fs'

export const world = JSON.parse(readFileSync(process.env.PADAN_WEB_WORLD, 'utf8'))
export const PASSWORD = 'ikan berenang di sungai'
const SLOW = Number(process.env.PADAN_WEB_SLOW || 1)
export const TIMEOUT = 60_000 * Math.max(1, SLOW / 2) // machines that test are busy
const FLAGS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
]

let browser
export async function openBrowser() {
	browser ??= await chromium.launch({
		executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
		args: FLAGS,
		timeout: TIMEOUT,
	})
	return browser
}
export async function closeBrowser() {
	await browser?.close()
	browser = undefined
}

// A window of its own; `said` gathers what the console and the page complained about.
const onTheirWay = new WeakMap()
export async function openWindow(options = {}) {
	await openBrowser()
	const context = await browser.newContext({
		viewport: { width: 1366, height: 768 },
		locale: 'id-ID',
		baseURL: world.url,
		reducedMotion: 'reduce',
		...options,
	})
	const page = await context.newPage()
	page.setDefaultTimeout(TIMEOUT)
	page.setDefaultNavigationTimeout(TIMEOUT)
	if (SLOW > 1) await (await context.newCDPSession(page)).send('Emulation.setCPUThrottlingRate', { rate: SLOW })
	const said = []
	const asked = new Set()
	onTheirWay.set(page, asked)
	page.on('console', (m) => {
		if (m.type() === 'error' && !/Failed to load resource|net::ERR_/.test(m.text())) said.push(m.text())
	})
	page.on('pageerror', (e) => said.push(String(e)))
	page.on('request', (r) => {
		if (!r.url().startsWith(world.url) && !/^(data|blob):/.test(r.url())) said.push(`asked elsewhere: ${r.url()}`)
		if (r.isNavigationRequest()) asked.clear() // what the page before still wanted is never answered
		if (!r.url().endsWith('/events')) asked.add(r)
	})
	page.on('requestfinished', (r) => asked.delete(r))
	page.on('requestfailed', (r) => asked.delete(r))
	return { context, page, said }
}

// Asks the server as the page's user does; comes again when it is asked to (503). Gives what the answer says.
export async function ask(page, path, wanted = 200) {
	const answer = await persistent(() => page.request.get(path, { timeout: TIMEOUT }))
	if (answer.status() !== wanted) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`)
	return answer.json()
}
async function persistent(send) {
	for (let tries = 1; ; tries++) {
		const answer = await send()
		if (![429, 503].includes(answer.status()) || tries === 12) return answer
		await new Promise((done) => setTimeout(done, 500 * tries))
	}
}

// Until what `look` gives is what is wanted; for what the server learns a moment after the page has said it.
export async function until(look, wanted, what = '') {
	const end = Date.now() + TIMEOUT
	const is = typeof wanted === 'function' ? wanted : (now) => now === wanted
	for (;;) {
		const now = await look()
		if (is(now)) return now
		if (Date.now() > end) throw new Error(`${what || look}: still ${JSON.stringify(now)}`)
		await new Promise((done) => setTimeout(done, 100))
	}
}
export const toBe = (page, path) =>
	until(
		() => page.evaluate(() => location.pathname + location.search),
		(now) => path.test(now),
		String(path),
	)

// As people log in: used where that is what is tested; everybody else comes with a session (windowOf).
export async function login(page, name) {
	await page.goto('/')
	await page.getByLabel('Nama pengguna').fill(name)
	const inside = page.locator('.sidebar nav')
	// Passwords take their time, and only so many are checked at once: on a busy machine the server may ask to come again.
	for (let status = 503; status === 503 || status === 429; ) {
		await page.getByLabel('Kata sandi').fill(PASSWORD)
		const answered = page.waitForResponse((r) => r.url().endsWith('/api/v1/login'))
		await page.getByRole('button', { name: 'Masuk', exact: true, disabled: false }).click()
		status = (await answered).status()
	}
	await inside.waitFor({ state: 'attached' })
}

export async function firstLogin(page, name) {
	await page.goto('about:blank')
	await page.goto(world.links[name])
	await page.getByLabel('Kata sandi baru').fill(PASSWORD)
	await page.getByLabel('Sekali lagi').fill(PASSWORD)
	await page.getByRole('button', { name: 'Simpan dan mulai' }).click()
	await page.locator('.sidebar nav').waitFor({ state: 'attached' })
}

// A window in which somebody is logged in already; where it goes first is the test's to say. One session per user and file.
const sessions = new Map()
export async function windowOf(name, options) {
	if (!sessions.has(name)) {
		const client = await request.newContext({ baseURL: world.url, timeout: TIMEOUT })
		const answer = await persistent(() => client.post('/api/v1/login', { data: { name, password: PASSWORD } }))
		if (!answer.ok()) throw new Error(`${name}: ${answer.status()} ${await answer.text()}`)
		sessions.set(name, await client.storageState())
		await client.dispose()
	}
	return openWindow({ storageState: sessions.get(name), ...options })
}

// Nothing is being loaded any more: a heading stands there, no skeleton, no request on its way – and still so after the page
// was painted, when its effects have run.
export async function settled(page) {
	const asked = onTheirWay.get(page)
	const waits = () =>
		page.evaluate(
			() =>
				new Promise((done) =>
					requestAnimationFrame(() =>
						requestAnimationFrame(() =>
							setTimeout(() => {
								const busy = document.querySelector('[aria-busy=true]')
								done(
									busy
										? `busy: ${busy.parentElement.className}`
										: document.querySelector('main h1, .door h1, main .empty h2')
											? ''
											: 'no heading',
								)
							}),
						),
					),
				),
		)
	const urls = () => [...asked].map((r) => r.url()).join(' ')
	await until(async () => urls() || (await waits()) || urls(), '', `settled ${page.url()}`)
}
