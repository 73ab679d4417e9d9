// Temuan: filters in the address, the explanation, deciding one and many, the way back, a colleague who was faster.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { ask, closeBrowser, settled, toBe, until, windowOf } from './browser.mjs'

after(closeBrowser)
const has = (what) => until(() => what.evaluate((e) => e === document.activeElement), true, 'the focus') // where the keys will go
const rows = (page) => page.getByRole('table', { name: 'Temuan' }).getByRole('row')

test('a filter lives in the address and survives a reload', async () => {
	const { page, said, context } = await windowOf('siti')
	await page.goto('/temuan')
	await settled(page)
	await page.locator('summary', { hasText: 'Jenis' }).click()
	await page.getByRole('checkbox', { name: /^Tumpang tindih/ }).check()
	await toBe(page, /kind=OVERLAP/)
	await settled(page)
	const kinds = await page.getByRole('table', { name: 'Temuan' }).locator('.kind').allInnerTexts()
	assert.ok(kinds.length > 0 && new Set(kinds).size === 1)
	await page.reload()
	await settled(page)
	assert.deepEqual(await page.getByRole('table', { name: 'Temuan' }).locator('.kind').allInnerTexts(), kinds)
	await page.getByRole('button', { name: 'Hapus saringan' }).click()
	await toBe(page, /^[^?]*$/)
	assert.deepEqual(said, [])
	await context.close()
})

test('by keyboard alone: move, open, confirm, undo', async () => {
	const { page, said, context } = await windowOf('siti')
	await page.goto('/temuan?kind=OVERLAP')
	await settled(page)
	await page.locator('main').focus()
	await page.keyboard.press('j')
	await page.locator('[role=row][aria-selected=true]').waitFor()
	await page.keyboard.press('Enter')
	await toBe(page, /^\/temuan\/\d+\?kind=OVERLAP/)
	await page.getByRole('heading', { name: 'Baris ini dan pasangannya' }).waitFor()
	const flag = /temuan\/(\d+)/.exec(page.url())[1]
	assert.ok((await page.locator('.flag-said p').count()) >= 2, 'an explanation in sentences')
	await page.keyboard.press('b')
	const dialog = page.getByRole('dialog', { name: 'Benarkan temuan ini' })
	await has(dialog.getByRole('textbox'))
	await page.keyboard.type('dua dinas sudah bicara')
	await page.keyboard.press('Tab')
	await page.keyboard.press('Tab')
	await has(dialog.getByRole('button', { name: 'Benarkan', exact: true }))
	await page.keyboard.press('Enter')
	await page.getByText('Temuan dibenarkan').waitFor()
	const status = async () => (await ask(page, `/api/v1/flags/${flag}`)).status
	assert.equal(await status(), 'confirmed')
	await page.getByRole('button', { name: 'Urungkan' }).click()
	await until(status, 'found')
	assert.deepEqual(said, [])
	await context.close()
})

test('keys pressed before the list is there are not lost; the cursor stays at its row when the list is read anew', async () => {
	const { page, said, context } = await windowOf('siti')
	await page.goto('/')
	await settled(page)
	let letGo
	const held = new Promise((done) => {
		letGo = done
	})
	await page.route('**/api/v1/flags?*', async (route) => {
		await held
		await route.continue()
	})
	await page.locator('main').focus()
	await page.keyboard.press('g')
	await page.keyboard.press('t')
	await page.locator('main [aria-busy=true]').first().waitFor()
	await toBe(page, /^\/temuan$/)
	for (const key of ['j', 'j', 'Enter']) await page.keyboard.press(key)
	letGo()
	await toBe(page, /^\/temuan\/\d+$/)
	await page.unroute('**/api/v1/flags?*')
	await settled(page)
	const chosen = () => page.locator('[role=row][aria-selected=true]').getAttribute('aria-rowindex')
	assert.equal(await chosen(), '3', 'the second row')
	// The row above is gone when the list is read anew: the cursor stays with its own.
	await page.route('**/api/v1/flags?*', async (route) => {
		const answer = await route.fetch()
		const all = await answer.json()
		await route.fulfill({ response: answer, json: { ...all, items: all.items.slice(1) } })
	})
	await page.keyboard.press('Escape')
	await toBe(page, /^\/temuan$/)
	assert.equal(await chosen(), '3')
	const again = page.waitForResponse((r) => r.url().includes('/api/v1/flags?'))
	await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
	await again
	await until(chosen, '2', 'the cursor')
	assert.deepEqual(said, [])
	await context.close()
})

test('dismissing asks for a reason; a second person is told that the first was faster', async () => {
	const a = await windowOf('siti')
	const b = await windowOf('bagus')
	await b.context.route('**/api/v1/events', (route) => route.abort()) // he is not told before he decides
	const flag = (await ask(a.page, '/api/v1/flags?kind=INCLUSION')).items[0].flag
	for (const { page } of [a, b]) {
		await page.goto(`/temuan/${flag}`)
		await page.getByRole('button', { name: 'Tolak' }).waitFor()
	}
	await a.page.getByRole('button', { name: 'Tolak' }).click()
	const dialog = a.page.getByRole('dialog')
	assert.ok(await dialog.getByRole('button', { name: 'Tolak', exact: true }).isDisabled(), 'not without a reason')
	await dialog.getByRole('textbox').fill('keluarga sudah pindah')
	await dialog.getByRole('button', { name: 'Tolak', exact: true }).click()
	await a.page.getByText('Temuan ditolak').waitFor()
	await b.page.getByRole('button', { name: 'Benarkan' }).click()
	await b.page.getByRole('dialog').getByRole('button', { name: 'Benarkan', exact: true }).click()
	await b.page.getByRole('dialog').getByRole('alert').waitFor()
	assert.equal((await ask(a.page, `/api/v1/flags/${flag}`)).status, 'dismissed')
	await a.context.close()
	await b.context.close()
})

test('many of one kind at once; of two kinds not', async () => {
	const { page, context } = await windowOf('siti')
	await page.goto('/temuan?kind=DATA_QUALITY')
	await settled(page)
	for (const i of [1, 2, 3]) await rows(page).nth(i).getByRole('checkbox').check()
	await page.getByRole('region', { name: '3 dipilih' }).getByRole('button', { name: 'Benarkan' }).click()
	await page.getByRole('dialog').getByRole('button', { name: 'Benarkan', exact: true }).click()
	await page.getByText('3 temuan dibenarkan').waitFor()
	assert.equal((await ask(page, '/api/v1/flags?kind=DATA_QUALITY&status=confirmed')).total, 3)
	await page.goto('/temuan?kind=OVERLAP,EXCLUSION&sort=newest')
	await settled(page)
	await page.getByRole('checkbox', { name: 'Pilih semua yang termuat' }).check()
	await page.getByText('Pilih temuan dari satu jenis').waitFor()
	await context.close()
})

test('the workbook and the CSV of a filter come down', async () => {
	const { page, context } = await windowOf('siti')
	await page.goto('/temuan?kind=OVERLAP')
	await settled(page)
	for (const name of [/^Buku kerja/, /^CSV/]) {
		await page.locator('summary', { hasText: 'Unduh' }).click()
		const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name }).click()])
		assert.equal(await file.failure(), null)
		await page.keyboard.press('Escape')
		await page.reload()
		await settled(page)
	}
	await context.close()
})

test('a hundred thousand rows: those in sight alone are drawn, the last can be reached', async () => {
	const { page, said, context } = await windowOf('siti')
	const ALL = 100_000
	const one = (await ask(page, '/api/v1/flags?limit=1')).items[0]
	await page.route('**/api/v1/flags?*', (route) => {
		const from = Number(new URL(route.request().url()).searchParams.get('after') ?? 0)
		const to = Math.min(ALL, from + (from ? 8000 : 50)) // larger pages than the server's, to be through sooner
		const items = Array.from({ length: to - from }, (_, i) => ({
			...one,
			flag: from + i + 1,
			name: `ORANG ${from + i + 1}`,
		}))
		return route.fulfill({ json: { items, total: ALL, next: to < ALL ? String(to) : null } })
	})
	await page.goto('/temuan')
	await settled(page)
	const table = page.getByRole('table', { name: 'Temuan' })
	const loaded = async () => Number(await table.getAttribute('aria-rowcount')) - 1
	for (let before = 0; before < ALL; ) {
		before = await until(loaded, (n) => n > before, 'more rows')
		assert.ok((await table.getByRole('row').count()) < 120, `of ${before} rows few are in the document`)
		await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight))
	}
	await table.getByText('ORANG 100000', { exact: true }).waitFor()
	await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight / 2))
	await table
		.getByText(/^ORANG (49|50)\d{3}$/)
		.first()
		.waitFor()
	assert.ok((await table.getByRole('row').count()) < 120)
	assert.deepEqual(said, [])
	await context.close()
})
