// Periksa: by keyboard, undo; the session that ends in mid-work.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { ask, closeBrowser, PASSWORD, settled, until, windowOf } from './browser.mjs'

after(closeBrowser)
const names = (page) => page.locator('.pairs tbody tr').first().innerText()
const left = async (page) => (await ask(page, '/api/v1/review/progress')).left

test('deciding and undoing by keyboard; the next pair is there at once', async () => {
	const { page, said, context } = await windowOf('siti')
	await page.goto('/periksa')
	await page.locator('.pairs').waitFor()
	await settled(page)
	const before = await left(page)
	const first = await names(page)
	// The decision is held up on its way: the next pair does not wait for it.
	let letGo
	const held = new Promise((done) => {
		letGo = done
	})
	await page.route('**/decision', async (route) => {
		await held
		await route.continue()
	})
	await page.locator('main').focus()
	await page.keyboard.press('b')
	await until(
		() => names(page),
		(now) => now !== first,
		'the next pair',
	)
	assert.equal(await left(page), before)
	letGo()
	await page
		.getByText(/^Dicatat|^Pendapat Anda/)
		.first()
		.waitFor()
	await until(
		() => left(page),
		(n) => n < before,
		'pairs left',
	)
	await page.keyboard.press('u')
	await page.getByText('Keputusan diurungkan').waitFor()
	await until(() => names(page), first, 'the pair is back')
	await until(() => left(page), before, 'pairs left')
	await page.goto('/periksa/putusan')
	await settled(page)
	assert.ok((await page.getByText('diurungkan').count()) > 0)
	assert.deepEqual(said, [])
	await context.close()
})

test('two people at one pair: the second is told what the first has said', async () => {
	const a = await windowOf('siti')
	const b = await windowOf('bagus')
	for (const { page } of [a, b]) {
		await page.goto('/periksa')
		await page.locator('.pairs').waitFor()
		await settled(page)
	}
	const pair = await names(a.page)
	assert.equal(await names(b.page), pair, 'both begin with the pair that is worth most')
	const before = await left(a.page)
	await a.page.locator('main').focus()
	await a.page.keyboard.press('b')
	await a.page
		.getByText(/^Dicatat|^Pendapat Anda/)
		.first()
		.waitFor()
	await b.page.locator('main').focus()
	await b.page.keyboard.press('s')
	await b.page
		.locator('.toast')
		.filter({ hasText: /siti|orang lain/i })
		.waitFor()
	assert.deepEqual([a.said, b.said], [[], []])
	const decided = (await ask(b.page, '/api/v1/review/decisions')).items.filter((d) => d.who === 'bagus')
	assert.deepEqual(decided, [], 'his word did not go over hers')
	await a.page.keyboard.press('u')
	await a.page.getByText('Keputusan diurungkan').or(a.page.locator('.pairs')).first().waitFor()
	assert.ok((await left(a.page)) <= before)
	await a.context.close()
	await b.context.close()
})

test('a session that ends in mid-work: log in over the page, and nothing typed is lost', async () => {
	const { page, context } = await windowOf('siti')
	const flag = (await ask(page, '/api/v1/flags?kind=EXCLUSION')).items[1].flag
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
	const now = await ask(page, `/api/v1/flags/${flag}`)
	assert.deepEqual([now.status, now.reason], ['dismissed', 'alasan yang panjang dan penting'])
	await context.close()
})
