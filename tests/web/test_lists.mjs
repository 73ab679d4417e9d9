// Daftar: a list is sent through the page – its columns checked first –, worked on, looked at, withdrawn; what is no list is refused.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { closeBrowser, settled, toBe, until, windowOf, world } from './browser.mjs'

after(closeBrowser)
const pkh = readFileSync(join(world.district, 'pkh.csv'))

test('what is no list is refused at once, in words', async () => {
	const { page, context } = await windowOf('budi')
	await page.goto('/daftar/kirim')
	const choose = (name, buffer) =>
		page.locator('input[type=file]').setInputFiles({ name, mimeType: 'application/octet-stream', buffer })
	await page.locator('input[type=file]').waitFor({ state: 'attached' })
	await choose('foto.jpg', Buffer.from('xx'))
	await page.getByText('foto.jpg bukan CSV atau XLSX').waitFor()
	await choose('kosong.csv', Buffer.alloc(0))
	await page.getByText('kosong.csv kosong').waitFor()
	await choose('palsu.xlsx', Buffer.from('%PDF-1.7 bukan buku kerja'.repeat(50)))
	await page.getByRole('alert').filter({ hasNotText: 'kosong' }).waitFor()
	await context.close()
})

test('sent, broken off in the middle and resumed, checked, accepted, withdrawn', async () => {
	const { page, context, said } = await windowOf('budi')
	await page.goto('/daftar/kirim')
	await page.locator('input[type=file]').waitFor({ state: 'attached' })
	let broken = false
	await page.route('**/content', (route) => {
		if (broken) return route.continue()
		broken = true
		return route.abort('connectionreset')
	})
	await page.locator('input[type=file]').setInputFiles({ name: 'pkh 2024-08.csv', mimeType: 'text/csv', buffer: pkh })
	await page.getByText('Kolom ini dibaca sebagai apa?').waitFor()
	assert.ok(broken)
	assert.ok((await page.locator('.column-card').count()) > 5)
	assert.ok(!/\d{16}/.test(await page.locator('main').innerText()), 'no whole NIK stands in the preview')
	await page.getByLabel('Program', { exact: true }).selectOption({ label: 'Program Keluarga Harapan' })
	await page.getByLabel('Periode', { exact: true }).fill('2024-08')
	await page.getByRole('button', { name: 'Kirim untuk diperiksa' }).click()
	await toBe(page, /^\/daftar\/\d+$/)
	await page.getByText('selesai diperiksa').waitFor()
	await settled(page)
	await until(
		async () => Number(await page.locator('.counts b').nth(1).innerText()),
		(n) => n > 10,
		'accepted',
	)
	await page.getByRole('button', { name: 'Tarik kembali' }).click()
	await page.getByRole('dialog').getByRole('textbox').fill('periode salah')
	await page.getByRole('dialog').getByRole('button', { name: 'Tarik kembali' }).click()
	await page.getByText('Ditarik oleh budi').waitFor()
	assert.deepEqual(said, [])
	await context.close()
})
