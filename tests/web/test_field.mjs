// Verifikasi lapangan: sheets are made, a phone keeps one, fills it in without a connection and sends it later, once.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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

	const { page, context, said } = await windowOf('vera', {
		viewport: { width: 360, height: 740 },
		isMobile: true,
		hasTouch: true,
	})
	await page.goto(path)
	await page.locator('.visit').first().waitFor()
	await page.waitForFunction((key) => localStorage.getItem(key) !== null, `padan.sheet.${sheet}`)
	// The service worker holds the pages: what the page is made of lies in its store.
	await page.waitForFunction(
		async () =>
			navigator.serviceWorker.controller !== null &&
			(
				await Promise.all(
					performance
						.getEntriesByType('resource')
						.filter((r) => r.name.includes('/assets/'))
						.map((r) => caches.match(r.name)),
				)
			).every(Boolean) &&
			(await caches.match('/')) !== undefined,
	)
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
	assert.deepEqual(
		said.filter((s) => !/fetch|service worker/i.test(s)),
		[],
	)
	await context.close()
	await office.context.close()
})

test('a sheet filled in as a workbook comes back, and what was found becomes a proposed target list', async () => {
	const { page, context, said } = await windowOf('siti')
	const village = (await ask(page, '/api/v1/flags?kind=INCLUSION&limit=200')).items.find(
		(f) => f.village != null && f.village !== world.village,
	).village
	const made = await page.request.post('/api/v1/sheets', {
		data: { villages: [village], kinds: ['INCLUSION'], states: ['finding', 'to_check', 'provisional'], most: 10 },
		headers: { 'X-Padan-CSRF': (await ask(page, '/api/v1/session')).csrf },
	})
	assert.equal(made.status(), 201, await made.text())
	const { sheet } = (await made.json()).items[0]
	await page.goto(`/lapangan/${sheet}`)
	const [file] = await Promise.all([
		page.waitForEvent('download'),
		page.getByRole('link', { name: 'Unduh XLSX' }).click(),
	])
	const path = join(mkdtempSync(join(tmpdir(), 'padan-lembar-')), 'lembar.xlsx')
	await file.saveAs(path)
	const send = async () => {
		await page.getByRole('button', { name: 'Kirim XLSX terisi' }).first().click()
		const dialog = page.getByRole('dialog')
		await dialog.getByLabel('Nama petugas').fill('Bu RT')
		await dialog.getByLabel('Berkas lembar yang sudah diisi').setInputFiles(path)
		await dialog.getByRole('button', { name: 'Kirim XLSX terisi' }).click()
		return dialog
	}
	// As it came: nothing is filled in, and the page says so.
	let dialog = await send()
	await dialog.getByText('Tidak ada hasil di berkas ini').waitFor()
	await page.keyboard.press('Escape')
	execFileSync('python3', ['tests/support/fill_sheet.py', path, 'salah', 'sudah mampu'])
	dialog = await send()
	await dialog.getByText(/^1 hasil diterima/).waitFor()
	await dialog.getByRole('button', { name: 'Tutup' }).last().click()
	await page.getByText('sudah mampu').first().waitFor()
	const seen = await ask(page, `/api/v1/sheets/${sheet}`)
	const visit = seen.visits.find((v) => v.result)
	assert.deepEqual([seen.answered, visit.result, visit.verifier, visit.note], [1, 'wrong', 'Bu RT', 'sudah mampu'])
	// The same file again changes nothing.
	dialog = await send()
	await dialog.getByText(/^0 hasil diterima/).waitFor()
	await dialog.getByText(/^1 sudah pernah dikirim/).waitFor()
	await page.keyboard.press('Escape')

	// Not off target after all: the next target list is to have this household.
	await page.goto('/lapangan')
	await settled(page)
	await page.getByRole('button', { name: 'Susun usulan' }).click()
	await toBe(page, /^\/lapangan\/usulan\/\d+$/)
	await settled(page)
	const row = page.getByRole('row').filter({ hasText: 'Bu RT' })
	await row.getByText('sudah mampu').waitFor()
	const [proposed] = await Promise.all([
		page.waitForEvent('download'),
		page.getByRole('link', { name: /Unduh/ }).first().click(),
	])
	assert.match(proposed.suggestedFilename(), /\.csv$/)
	await page.goto('/lapangan')
	await settled(page)
	await page
		.getByRole('link', { name: /^Usulan/ })
		.first()
		.waitFor()
	assert.deepEqual(said, [])
	await context.close()
})
