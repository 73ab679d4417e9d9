// Periksa: by keyboard, undo; the session that ends in mid-work.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { closeBrowser, PASSWORD, settled, windowOf } from './browser.mjs'

after(closeBrowser)
const names = (page) => page.locator('.pairs tbody tr').first().innerText()
const left = async (page) => (await (await page.request.get('/api/v1/review/progress')).json()).left

test('deciding and undoing by keyboard; the next pair is there at once', async () => {
	const { page, said, context } = await windowOf('siti')
	await page.goto('/periksa')
	await page.locator('.pairs').waitFor()
	const before = await left(page)
	const first = await names(page)
	await page.locator('main').focus()
	const began = Date.now()
	await page.keyboard.press('b')
	await page.waitForFunction((old) => document.querySelector('.pairs tbody tr')?.innerText !== old, first)
	assert.ok(Date.now() - began < 1_500)
	await page.getByText(/^Dicatat|^Pendapat Anda/).first().waitFor()
	await page.waitForTimeout(500)
	assert.ok((await left(page)) < before)
	await page.locator('main').focus()
	await page.keyboard.press('u')
	await page.getByText('Keputusan diurungkan').waitFor()
	assert.equal(await names(page), first, 'the pair is back')
	assert.equal(await left(page), before)
	await page.goto('/periksa/putusan')
	await settled(page)
	assert.ok((await page.getByText('diurungkan').count()) > 0)
	assert.deepEqual(said, [])
	await context.close()
})

test('a session that ends in mid-work: log in over the page, and nothing typed is lost', async () => {
	const { page, context } = await windowOf('siti')
	const flag = (await (await page.request.get('/api/v1/flags?kind=EXCLUSION')).json()).items[1].flag
	await page.goto(`/temuan/${flag}`)
	await page.getByRole('button', { name: 'Tolak' }).click()
	await page.getByRole('dialog').getByRole('textbox').fill('alasan yang panjang dan penting')
	await context.clearCookies()
	await page.getByRole('dialog').getByRole('button', { name: 'Tolak', exact: true }).click()
	const again = page.getByRole('dialog', { name: 'Sesi Anda berakhir' })
	await again.waitFor()
	await again.getByLabel('Kata sandi').fill(PASSWORD)
	await again.getByRole('button', { name: 'Masuk' }).click()
	await page.getByText('Temuan ditolak').waitFor()
	const now = await (await page.request.get(`/api/v1/flags/${flag}`)).json()
	assert.deepEqual([now.status, now.reason], ['dismissed', 'alasan yang panjang dan penting'])
	await context.close()
})
