// Coming in: wrong logins, the one-time link, logging out, no scripts, a theme and a language of one's own.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { ask, closeBrowser, firstLogin, login, openWindow, settled, until, windowOf, world } from './browser.mjs'

after(closeBrowser)

test('a wrong name and a wrong password are told alike, and nobody is let in', async () => {
	const { page, context } = await openWindow()
	await page.goto('/temuan')
	const said = []
	for (const name of ['baru', 'tidak-ada']) {
		await page.getByLabel('Nama pengguna').fill(name)
		// On a busy machine the server may ask to come again: only so many passwords are checked at once.
		for (let status = 0; status !== 401; ) {
			await page.getByLabel('Kata sandi').fill('bukan ini')
			const answered = page.waitForResponse((r) => r.url().endsWith('/api/v1/login'))
			await page.getByRole('button', { name: 'Masuk', exact: true }).click()
			status = (await answered).status()
			assert.ok([401, 429, 503].includes(status), `${status}`)
			await page.getByRole('button', { name: 'Masuk', exact: true, disabled: false }).waitFor()
		}
		said.push(await page.getByRole('alert').innerText())
		assert.equal(await page.getByLabel('Kata sandi').inputValue(), '', 'the password is not kept')
		assert.equal(await page.getByLabel('Nama pengguna').inputValue(), name, 'the name is')
	}
	assert.equal(said[0], said[1])
	await context.close()
})

test('a one-time link works once and leads in; a bad password is explained', async () => {
	const { page, context } = await openWindow()
	await page.goto(world.links.baru)
	await page.getByText('Selamat datang, Orang Baru').waitFor()
	await page.getByLabel('Kata sandi baru').fill('12345678')
	await page.getByLabel('Sekali lagi').fill('12345679')
	await page.getByText('Keduanya belum sama.').waitFor()
	await page.getByLabel('Sekali lagi').fill('12345678')
	await page.getByRole('button', { name: 'Simpan dan mulai' }).click()
	await page.getByRole('alert').waitFor()
	await firstLogin(page, 'baru')
	assert.equal(new URL(page.url()).pathname, '/')
	assert.equal(new URL(page.url()).hash, '', 'the token leaves the address')
	await page.goto('about:blank')
	await page.goto(world.links.baru)
	await page.getByText('Tautan ini tidak berlaku lagi').waitFor()
	await context.close()
})

test('logging out ends the session', async () => {
	const { page, context } = await openWindow()
	await login(page, 'dewi')
	await page.locator('.account summary').click()
	await page.getByRole('button', { name: 'Keluar' }).click()
	await page.getByLabel('Kata sandi').waitFor()
	await ask(page, '/api/v1/session', 401)
	await context.close()
})

test('without scripts the page says what is needed', async () => {
	const { page, context } = await openWindow({ javaScriptEnabled: false })
	await page.goto('/')
	assert.match(await page.locator('noscript').innerText(), /Padan memerlukan JavaScript/)
	await context.close()
})

test('the first page is light and quick', async () => {
	const { page, context } = await openWindow()
	let bytes = 0
	page.on('response', async (r) => {
		bytes += (
			await r
				.request()
				.sizes()
				.catch(() => ({ responseBodySize: 0 }))
		).responseBodySize
	})
	await page.goto('/')
	await page.getByLabel('Kata sandi').waitFor()
	await settled(page)
	assert.ok(bytes > 0 && bytes < 150_000, `${bytes} bytes`)
	const encodings = await page.evaluate(() =>
		performance
			.getEntriesByType('resource')
			.filter((r) => r.name.includes('/assets/'))
			.filter((r) => r.decodedBodySize > 1_000)
			.map((r) => r.encodedBodySize < r.decodedBodySize),
	)
	assert.ok(encodings.length > 1 && encodings.every(Boolean), 'assets come compressed')
	await context.close()
})

test('English and the dark theme are kept', async () => {
	const { page, context, said } = await openWindow({ colorScheme: 'light' })
	await login(page, 'siti')
	await page.getByRole('button', { name: 'English' }).click()
	await page.getByRole('link', { name: 'Flags', exact: true }).waitFor()
	assert.equal(await page.locator('html').getAttribute('lang'), 'en')
	await page.getByRole('button', { name: 'Dark theme' }).click()
	const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
	const dark = await ground()
	await page.reload()
	await page.getByRole('link', { name: 'Coverage', exact: true }).waitFor()
	assert.equal(await ground(), dark)
	await page.goto('/temuan')
	await settled(page)
	assert.equal(await page.getByText('Siapa', { exact: true }).count(), 0, 'no Indonesian headings left')
	await page.getByRole('button', { name: 'Bahasa Indonesia' }).click()
	await page.getByRole('link', { name: 'Temuan', exact: true }).waitFor()
	assert.deepEqual(said, [])
	await context.close()
})

test("the language is the user's, on whatever device", async () => {
	const here = await windowOf('dewi')
	await here.page.goto('/')
	await settled(here.page)
	const chosen = here.page.waitForResponse(
		(r) => r.url().endsWith('/api/v1/session') && r.request().method() === 'PATCH',
	)
	await here.page.getByRole('button', { name: 'English' }).click()
	await here.page.getByRole('link', { name: 'Flags', exact: true }).waitFor()
	assert.equal((await chosen).status(), 204)
	await here.context.close()
	// Another device has never heard of it.
	const there = await windowOf('dewi')
	await there.page.goto('/')
	await there.page.getByRole('link', { name: 'Flags', exact: true }).waitFor()
	await there.page.getByRole('button', { name: 'Bahasa Indonesia' }).click()
	await there.page.getByRole('link', { name: 'Temuan', exact: true }).waitFor()
	await until(async () => (await ask(there.page, '/api/v1/session')).lang, 'id')
	await there.context.close()
})
