// When something breaks: no connection, a server that is started anew, a page older than the server, a piece of it gone, an address that is not there.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { spawn } from 'node:child_process'
import { openSync, readFileSync, writeFileSync } from 'node:fs'
import { ask, closeBrowser, settled, until, windowOf, world } from './browser.mjs'

after(closeBrowser)

test('a lost connection is told, nothing is lost, and the page recovers by itself', async () => {
	const { page, context } = await windowOf('bagus')
	const flag = (await ask(page, '/api/v1/flags?kind=INCLUSION&status=found')).items.at(-1).flag
	await page.goto(`/temuan/${flag}`)
	await page.getByRole('button', { name: 'Tolak' }).click()
	const dialog = page.getByRole('dialog')
	await dialog.getByRole('textbox').fill('sudah didatangi')
	await context.setOffline(true)
	await dialog.getByRole('button', { name: 'Tolak', exact: true }).click()
	await dialog.getByText('server tidak menjawab').waitFor()
	assert.equal(await dialog.getByRole('textbox').inputValue(), 'sudah didatangi')
	await page.locator('.banner.warn').waitFor({ state: 'attached' })
	await context.setOffline(false)
	await page.locator('.banner.warn').waitFor({ state: 'detached' })
	await dialog.getByRole('button', { name: 'Tolak', exact: true }).click()
	await page.getByText('Temuan ditolak').waitFor()
	await context.close()
})

test('a server that is started anew: the page says so, keeps what was typed, and goes on', async () => {
	const { page, context } = await windowOf('siti')
	const flag = (await ask(page, '/api/v1/flags?kind=INCLUSION&status=found')).items[0].flag
	await page.goto(`/temuan/${flag}`)
	await page.getByRole('button', { name: 'Tolak' }).click()
	const dialog = page.getByRole('dialog')
	await dialog.getByRole('textbox').fill('tertulis sebelum server berhenti')
	const answers = () =>
		fetch(`${world.url}/build.json`).then(
			() => true,
			() => false,
		)
	process.kill(Number(readFileSync(world.pid, 'utf8')), 'SIGTERM')
	await until(answers, false, 'the server ends')
	await page.locator('.banner.warn').waitFor({ state: 'attached' })
	const [program, ...options] = world.padand
	const log = openSync(world.log, 'a')
	const padand = spawn(program, options, { detached: true, stdio: ['ignore', log, log] })
	padand.unref()
	writeFileSync(world.pid, `${padand.pid}\n`)
	await until(answers, true, 'the server answers again')
	await page.locator('.banner.warn').waitFor({ state: 'detached' })
	await dialog.getByRole('button', { name: 'Tolak', exact: true }).click()
	await page.getByText('Temuan ditolak').waitFor()
	assert.equal((await ask(page, `/api/v1/flags/${flag}`)).reason, 'tertulis sebelum server berhenti')
	await context.close()
})

test('a page asked for while there is no connection comes once there is one', async () => {
	const { page, context } = await windowOf('bagus')
	await page.goto('/')
	await settled(page)
	await page.getByRole('link', { name: 'Cakupan', exact: true }).hover() // its piece of the page is fetched
	await page.waitForFunction(() =>
		performance.getEntriesByType('resource').some((r) => r.name.includes('/coverage_page-')),
	)
	await settled(page)
	await context.setOffline(true)
	await page.getByRole('link', { name: 'Cakupan', exact: true }).click()
	await page.locator('.banner.warn').waitFor()
	await context.setOffline(false)
	await page.getByText('terjangkau').first().waitFor()
	await context.close()
})

test('a newer version on the server is told, and the page reloads only when asked', async () => {
	const { page, context } = await windowOf('bagus')
	await page.route('**/build.json', (route) => route.fulfill({ json: { build: 'a-newer-one' } }))
	await page.goto('/')
	await page.getByText('Padan di server sudah diperbarui').waitFor()
	await page.unroute('**/build.json')
	const reloaded = page.waitForEvent('load')
	await page.getByRole('button', { name: 'Muat halaman baru' }).click()
	await reloaded
	await page.getByRole('heading', { level: 1 }).waitFor()
	await context.close()
})

test('a piece of the page that is gone, and an address that is not there', async () => {
	const { page, context } = await windowOf('bagus')
	await page.route('**/assets/overlap_page-*', (route) => route.abort())
	await page.goto('/tumpang-tindih')
	await page.getByText('Bagian halaman ini tidak dapat dimuat').waitFor()
	await page.goto('/tidak-ada')
	await page.getByRole('heading', { name: 'Tidak ditemukan' }).waitFor()
	await page.goto('/temuan/99999999')
	await page.getByRole('heading', { name: 'Tidak ditemukan' }).waitFor()
	await settled(page)
	await context.close()
})
