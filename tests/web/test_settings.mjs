// Pengaturan, and what a person does with his own account: each is done once, by hand as it were.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { ask, closeBrowser, PASSWORD, settled, until, windowOf } from './browser.mjs'

after(closeBrowser)

test('a rule is tried before it is kept, and the whole text is checked before it is applied', async () => {
	const { page, said, context } = await windowOf('siti')
	await page.goto('/pengaturan/rules')
	await settled(page)
	const before = (await ask(page, '/api/v1/settings')).version
	await page.getByRole('button', { name: /^Ubah pkh-desil/ }).click()
	const dialog = page.getByRole('dialog')
	await dialog.getByLabel('Desil tertinggi').fill('1')
	await dialog.getByRole('button', { name: 'Coba dahulu' }).click()
	await dialog.getByText(/Aturan ini akan menandai \d+ baris/).waitFor()
	assert.equal((await ask(page, '/api/v1/settings')).version, before, 'nothing was kept')
	await dialog.getByRole('button', { name: 'Batal' }).click()
	await page.goto('/pengaturan/file')
	await settled(page)
	const text = await page.locator('textarea').inputValue()
	await page.locator('textarea').fill(text.replace('severity', 'beratnya'))
	await page.getByRole('button', { name: 'Periksa', exact: true }).click()
	await page
		.getByRole('alert')
		.getByText(/baris \d+/)
		.first()
		.waitFor()
	assert.ok(await page.getByRole('button', { name: 'Terapkan' }).isDisabled())
	await page.locator('textarea').fill(text)
	assert.deepEqual(said, [])
	await context.close()
})

test('a user is added, his link is shown once; the chain of the trail is checked', async () => {
	const { page, said, context } = await windowOf('siti')
	await page.goto('/pengaturan/users')
	await settled(page)
	await page.getByRole('button', { name: 'Baru', exact: true }).click()
	await page.getByRole('dialog').getByLabel('Pengguna').fill('tono')
	await page.getByRole('dialog').getByRole('button', { name: 'Simpan' }).click()
	await page
		.getByRole('dialog')
		.getByText(/undangan#/)
		.waitFor()
	await page.getByRole('dialog').getByRole('button', { name: 'Tutup' }).last().click()
	const row = page.getByRole('row').filter({ hasText: 'tono' })
	await row.getByRole('button', { name: 'Tautan baru' }).click()
	await page
		.getByRole('dialog')
		.getByText(/undangan#/)
		.waitFor()
	await page.getByRole('dialog').getByRole('button', { name: 'Tutup' }).last().click()
	await page.goto('/jejak')
	await settled(page)
	await page.getByRole('button', { name: 'Periksa rantai' }).click()
	await page.getByText('Rantai utuh').waitFor()
	assert.deepEqual(said, [])
	await context.close()
})

test('a NIK is opened for a reason, which is recorded', async () => {
	const { page, said, context } = await windowOf('siti')
	const household = (await ask(page, '/api/v1/flags?kind=OVERLAP&status=all')).items[0].household
	await page.goto(`/keluarga/${household}`)
	await settled(page)
	const whole = () => page.evaluate(() => /\d{16}/.test(document.querySelector('main').innerText))
	assert.equal(await whole(), false)
	await page
		.getByRole('button', { name: /^Buka NIK/ })
		.first()
		.click()
	await page.getByRole('dialog').getByRole('textbox').fill('pengaduan warga di loket')
	await page.getByRole('dialog').getByRole('button', { name: /^Buka/ }).click()
	await until(whole, true, 'the NIK')
	const opened = (await ask(page, '/api/v1/audit/unmaskings')).items[0]
	assert.deepEqual([opened.who, opened.reason], ['siti', 'pengaduan warga di loket'])
	assert.deepEqual(said, [])
	await context.close()
})

test("a password of one's own is changed by whoever knows the old one", async () => {
	const { page, context } = await windowOf('dewi')
	await page.goto('/')
	await settled(page)
	await page.locator('.account summary').click()
	await page.getByRole('button', { name: 'Ganti kata sandi' }).click()
	const fields = page.getByRole('dialog').locator('input[type=password]')
	const save = page.getByRole('dialog').getByRole('button', { name: 'Simpan' })
	await fields.nth(2).waitFor()
	for (const [old, next] of [
		['bukan yang lama', 'kapal berlayar malam ini'],
		[PASSWORD, 'kapal berlayar malam ini'],
		['kapal berlayar malam ini', PASSWORD],
	]) {
		if (!(await fields.count())) {
			await page.locator('.account summary').click()
			await page.getByRole('button', { name: 'Ganti kata sandi' }).click()
		}
		await fields.nth(2).waitFor()
		await fields.nth(0).fill(old)
		await fields.nth(1).fill(next)
		await fields.nth(2).fill(next)
		const answered = page.waitForResponse((r) => r.url().endsWith('/api/v1/password'))
		await save.click()
		const wrong = old === 'bukan yang lama'
		assert.equal((await answered).status(), wrong ? 422 : 204)
		if (wrong) await page.getByRole('dialog').getByRole('alert').waitFor()
		else await page.getByRole('dialog').waitFor({ state: 'detached' })
	}
	await context.close()
})

test('whoever is no administrator has those tabs alone that answer him', async () => {
	for (const name of ['bagus', 'budi']) {
		const { page, said, context } = await windowOf(name)
		await page.goto('/pengaturan')
		await settled(page)
		const tabs = await page
			.locator('.settings nav a')
			.evaluateAll((links) => links.map((a) => a.getAttribute('href')))
		assert.ok(tabs.length >= 2)
		for (const tab of tabs) {
			await page.goto(tab)
			await settled(page)
			assert.equal(await page.getByText('Tidak ditemukan').count(), 0, tab)
		}
		assert.deepEqual(said, [])
		await context.close()
	}
})
