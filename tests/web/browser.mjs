// What the tests share: one chromium for a file of tests, pages logged in as one of the world's users (run.sh makes them), and
// whatever a page should never do – errors on its console, requests elsewhere, violations of the Content-Security-Policy.
import { chromium } from 'playwright-core'
import { readFileSync } from 'node:fs'

export const world = JSON.parse(readFileSync(process.env.PADAN_WEB_WORLD, 'utf8'))
export const PASSWORD = 'ikan berenang di sungai'
const TIMEOUT = 45_000 // machines that test are busy
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']

let browser
export async function openBrowser() {
	browser ??= await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: FLAGS })
	return browser
}
export async function closeBrowser() {
	await browser?.close()
	browser = undefined
}

// A window of its own; `said` gathers what the console and the page complained about.
export async function openWindow(options = {}) {
	await openBrowser()
	const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: 'id-ID', baseURL: world.url, ...options })
	const page = await context.newPage()
	page.setDefaultTimeout(TIMEOUT)
	const said = []
	page.on('console', (m) => { if (m.type() === 'error' && !/Failed to load resource|net::ERR_/.test(m.text())) said.push(m.text()) })
	page.on('pageerror', (e) => said.push(String(e)))
	page.on('request', (r) => { if (!r.url().startsWith(world.url) && !/^(data|blob):/.test(r.url())) said.push(`asked elsewhere: ${r.url()}`) })
	return { context, page, said }
}

export async function login(page, name) {
	await page.goto('/')
	await page.getByLabel('Nama pengguna').fill(name)
	// Passwords take their time, and only so many are checked at once: on a busy machine the server may ask to come again.
	const inside = page.locator('.sidebar nav')
	for (let tries = 0; tries < 6 && !(await inside.count()); tries++) {
		await page.getByLabel('Kata sandi').fill(PASSWORD)
		await page.getByRole('button', { name: 'Masuk', exact: true }).click()
		await inside.or(page.locator('.door .note')).first().waitFor({ state: 'attached' })
		if (!(await inside.count())) await page.waitForTimeout(2_000 * (tries + 1))
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

export async function windowOf(name, options) {
	const made = await openWindow(options)
	await login(made.page, name)
	return made
}

// Waits until nothing is being loaded any more: no skeleton, no request on its way.
export async function settled(page) {
	const quiet = () => page.waitForFunction(() => document.querySelector('h1') && !document.querySelector('[aria-busy=true]'), null, { timeout: TIMEOUT })
	await quiet()
	await page.waitForTimeout(250)
	await quiet()
}
