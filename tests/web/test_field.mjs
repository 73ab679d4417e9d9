// Verifikasi lapangan: sheets are made, a phone keeps one, fills it in without a connection and sends it later, once.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { ask, closeBrowser, settled, toBe, until, windowOf, world } from './browser.mjs'

after(closeBrowser)

test('a sheet from the office to the door and back', async () => {
	const office = await windowOf('siti')
	await office.page.goto('/lapangan')
	await settled(office.page)
	await office.page.getByRole('button', { name: 'Buat lembar' }).first().click()
	const dialog = office.page.getByRole('dialog')
	const name = (await ask(office.page, '/api/v1/vocabulary')).villages.find((v) => v.village === world.village).name
	await dialog.getByLabel('Cari desa').fill(name)
	await dialog.getByRole('checkbox').first().check()
	await dialog.getByRole('button', { name: 'Buat lembar' }).click()
	await toBe(office.page, /^\/lapangan\/\d+$/)
	const path = new URL(office.page.url()).pathname
	const sheet = path.split('/').pop()

	const { page, context, said } = await windowOf('vera', { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true })
	await page.goto(path)
	await page.locator('.visit').first().waitFor()
	await page.waitForFunction((key) => localStorage.getItem(key) !== null, `padan.sheet.${sheet}`)
	// The service worker holds the pages: what the page is made of lies in its store.
	await page.waitForFunction(async () => navigator.serviceWorker.controller !== null && (await Promise.all(performance.getEntriesByType('resource')
		.filter((r) => r.name.includes('/assets/')).map((r) => caches.match(r.name)))).every(Boolean) && (await caches.match('/')) !== undefined)
	await context.setOffline(true)
	const visit = page.locator('.visit').first()
	await visit.getByRole('button', { name: 'Tidak ditemukan' }).click()
	await page.getByText('1 jawaban menunggu sinyal').waitFor()
	const answers = async () => (await ask(office.page, `/api/v1/sheets/${sheet}`)).answered
	assert.equal(await answers(), 0)
	// The phone is put away and opened again, still without a connection.
	await page.reload()
	await page.locator('.visit').first().waitFor()
	await page.getByText('Tidak ditemukan').first().waitFor()
	await context.setOffline(false)
	await page.waitForFunction(() => !localStorage.getItem('padan.answers'))
	await until(answers, 1)
	assert.deepEqual(said.filter((s) => !/fetch|service worker/i.test(s)), [])
	await context.close()
	await office.context.close()
})
