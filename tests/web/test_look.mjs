// How every page looks and reads to machines: no serious finding of axe, nothing wider than the window, in both themes, on a desk
// and on a phone. Pictures of all of them are left in .run/web/shots for people to look at.
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { ask, closeBrowser, settled, toBe, windowOf } from './browser.mjs'

after(closeBrowser)
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const shots = join(dirname(process.env.PADAN_WEB_WORLD), 'shots')
mkdirSync(shots, { recursive: true })

const ids = async (page) => {
	const first = async (path) => (await ask(page, path)).items[0]
	const flag = await first('/api/v1/flags?kind=OVERLAP&status=all')
	return {
		flag: flag.flag,
		household: flag.household,
		list: flag.list,
		pair: (await first('/api/v1/review/pairs'))?.pair,
	}
}
const addresses = ({ flag, household, list, pair }) => [
	'/',
	'/daftar',
	`/daftar/${list}`,
	`/daftar/${list}?lihat=ditolak`,
	'/daftar/kirim',
	'/temuan',
	`/temuan/${flag}`,
	'/periksa',
	`/periksa/${pair?.replaceAll('.', '-')}`,
	'/periksa/putusan',
	'/cakupan',
	'/cakupan?menurut=village',
	'/cakupan/terlewat',
	'/tumpang-tindih',
	'/lapangan',
	'/keluarga',
	`/keluarga/${household}`,
	'/pengaturan/offices',
	'/pengaturan/rules',
	'/pengaturan/thresholds',
	'/pengaturan/alerts',
	'/pengaturan/users',
	'/pengaturan/models',
	'/jejak',
]

// The policy forbids scripts that are not ours; the debugger's way in is not bound by it.
async function findings(page) {
	if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe)
	const violations = await page.evaluate(async () =>
		(
			await window.axe.run(document, {
				preload: false,
				resultTypes: ['violations'],
				runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'],
			})
		).violations
			.filter((v) => v.impact === 'serious' || v.impact === 'critical')
			.map(
				(v) =>
					`${v.id}: ${v.nodes
						.slice(0, 3)
						.map((n) => n.target.join(' '))
						.join(' | ')}`,
			),
	)
	return violations
}

// An office's and a verifier's pages: those in their navigation, a flag, a list, a sheet.
async function ownAddresses(page) {
	const links = await page.locator('.sidebar nav a').evaluateAll((all) => all.map((a) => a.getAttribute('href')))
	const flag = (await ask(page, '/api/v1/flags')).items[0]
	const list = links.includes('/daftar') && (await ask(page, '/api/v1/lists')).items[0]
	return [...links, `/temuan/${flag.flag}`, list && `/daftar/${list.list}`].filter(Boolean)
}

const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true }
for (const [name, who, options] of [
	['desk, light', 'siti', { colorScheme: 'light' }],
	['phone, dark', 'siti', { colorScheme: 'dark', ...phone }],
	['office, desk, dark', 'budi', { colorScheme: 'dark' }],
	['verifier, phone, light', 'vera', { colorScheme: 'light', ...phone }],
]) {
	test(`every page: ${name}`, async () => {
		const { page, said, context } = await windowOf(who, options)
		const wrong = []
		await page.goto('/')
		await settled(page)
		for (const path of who === 'siti' ? addresses(await ids(page)) : await ownAddresses(page)) {
			// As a link does, without loading everything anew.
			await page.evaluate((to) => {
				history.pushState(null, '', to)
				dispatchEvent(new PopStateEvent('popstate'))
			}, path)
			await settled(page)
			for (const f of await findings(page)) wrong.push(`${path} ${f}`)
			const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
			if (over > 1) wrong.push(`${path} is ${over} px wider than the window`)
			if (process.env.PADAN_WEB_SHOTS)
				await page.screenshot({
					path: join(shots, `${name.replaceAll(', ', '-')}${path.replace(/[^a-z0-9]+/gi, '_')}.png`),
				})
		}
		assert.deepEqual(wrong, [])
		assert.deepEqual(said, [])
		await context.close()
	})
}

test('what stands in a picture leads to what it counts', async () => {
	const { page, said, context } = await windowOf('siti')
	await page.goto('/tumpang-tindih')
	await settled(page)
	await page.locator('.chart .clickable').last().click()
	await toBe(page, /program=.*persis=1/)
	await page.getByRole('table', { name: /^Keluarga di/ }).waitFor()
	await page.goto('/cakupan')
	await settled(page)
	await page.locator('.chart .clickable').first().click()
	await toBe(page, /^\/cakupan\/terlewat/)
	assert.deepEqual(said, [])
	await context.close()
})

test('keys are told by ?, and Ctrl-K leads anywhere', async () => {
	const { page, context } = await windowOf('siti')
	await page.goto('/temuan')
	await settled(page)
	await page.locator('main').focus()
	await page.keyboard.press('?')
	await page.getByRole('dialog', { name: 'Papan ketik' }).getByText('Cari halaman dan perintah').waitFor()
	await page.keyboard.press('Escape')
	await page.getByRole('dialog').waitFor({ state: 'hidden' })
	await page.keyboard.press('Control+k')
	await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'combobox')
	await page.keyboard.type('tumpang')
	await page.getByRole('option', { name: /tumpang/i, selected: true }).waitFor()
	await page.keyboard.press('Enter')
	await toBe(page, /tumpang-tindih|kind=OVERLAP/)
	await page.getByRole('dialog').waitFor({ state: 'hidden' })
	await page.locator('main').focus()
	await page.keyboard.press('g')
	await page.keyboard.press('c')
	await toBe(page, /cakupan/)
	await context.close()
})
