// Who sees what: the pages of a role, and what an office gets when it tries another's addresses.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { ask, closeBrowser, settled, windowOf } from './browser.mjs'

after(closeBrowser)

const names = (page) => page.getByRole('navigation', { name: 'Halaman' }).getByRole('link').allInnerTexts()

test('each role has its own pages, and all of them can be opened without complaint', async () => {
	const wanted = {
		siti: [
			'Beranda',
			'Daftar',
			'Temuan',
			'Periksa',
			'Cakupan',
			'Tumpang tindih',
			'Lapangan',
			'Keluarga',
			'Pengaturan',
			'Jejak audit',
		],
		budi: ['Beranda', 'Daftar', 'Temuan', 'Periksa', 'Cakupan', 'Tumpang tindih', 'Keluarga', 'Pengaturan'],
		vera: ['Beranda', 'Temuan', 'Lapangan'],
	}
	for (const [name, pages] of Object.entries(wanted)) {
		const { page, said, context } = await windowOf(name)
		await page.goto('/')
		await settled(page)
		assert.deepEqual(await names(page), pages, name)
		for (const text of pages) {
			await page
				.getByRole('navigation', { name: 'Halaman' })
				.getByRole('link', { name: text, exact: true })
				.click()
			await page
				.getByRole('link', { name: text, exact: true, current: 'page' })
				.or(page.locator('[aria-current=page]', { hasText: text }))
				.first()
				.waitFor()
			await settled(page)
			assert.equal(await page.getByText('gagal ditampilkan').count(), 0, `${name}: ${text}`)
		}
		assert.deepEqual(said, [], name)
		await context.close()
	}
})

test("an office that tries another's list gets what an absent one gives", async () => {
	const administrator = await windowOf('siti')
	const all = (await ask(administrator.page, '/api/v1/lists')).items
	const others = all.find((l) => l.subject === 'blt_dd')
	assert.ok(others)
	const { page, context } = await windowOf('budi')
	const seen = (await ask(page, '/api/v1/lists')).items
	assert.ok(seen.length > 0 && seen.every((l) => l.list !== others.list))
	const texts = []
	for (const id of [others.list, 999_999]) {
		await page.goto(`/daftar/${id}`)
		await page.getByRole('heading', { name: 'Tidak ditemukan' }).waitFor()
		texts.push(await page.locator('main').innerText())
	}
	assert.equal(texts[0], texts[1])
	const flag = (await ask(administrator.page, `/api/v1/flags?kind=DATA_QUALITY&list=${others.list}`)).items[0]
	await page.goto(`/temuan/${flag.flag}`)
	await page.getByRole('heading', { name: 'Tidak ditemukan' }).waitFor()
	await page.goto('/jejak')
	await settled(page)
	assert.equal(await page.getByText('Periksa rantai').count(), 0)
	await administrator.context.close()
	await context.close()
})
