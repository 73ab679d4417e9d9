// Builds the pages into build/web: one folder that padand serves as it is. Hashed file names below assets/, a .br and
// a .gz beside whatever is worth it, index.html last (so that nobody is sent to files that are not there yet).
//
//   node build.mjs            the pages
//   node build.mjs --types    build/gen/api.d.ts alone, from daemon/http/openapi.yaml (for the type check: tests/web/run.sh)
//   node build.mjs --watch    the pages again after every change, unminified
//
// Called by `make pages`; needs only what package-lock.json pins.
import { build, context } from 'esbuild'
import { createHash } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const here = dirname(fileURLToPath(import.meta.url))
const top = join(here, '../..')
const out = process.env.PADAN_WEB_OUT ?? join(top, 'build/web')
const made = `${out}.new`
const watch = process.argv.includes('--watch')

async function makeTypes() {
	const spec = join(top, 'daemon/http/openapi.yaml')
	const types = join(top, 'build/gen/api.d.ts')
	await mkdir(dirname(types), { recursive: true })
	execFileSync(
		join(top, 'tests/web/node_modules/.bin/openapi-typescript'),
		[spec, '-o', types, '--root-types', '--root-types-no-schema-prefix'],
		{
			stdio: ['ignore', 'ignore', 'inherit'],
		},
	)
}

// Plot puts a <style> into each picture, which our Content-Security-Policy forbids; src/styles/charts.css says the same.
const plotWithoutStyle = {
	name: 'plot-without-style',
	setup(b) {
		b.onLoad({ filter: /@observablehq\/plot\/src\/plot\.js$/ }, async ({ path }) => {
			const text = await readFile(path, 'utf8')
			const without = text.replace(/svg\.append\("style"\)\.text\(\s*`[^`]*`\s*\)/, 'svg')
			if (without === text) throw new Error('Plot no longer writes its <style> where build.mjs takes it out')
			return { contents: without, loader: 'js' }
		})
	},
}

const options = {
	absWorkingDir: here,
	entryPoints: { app: 'src/main.tsx' },
	outdir: join(made, 'assets'),
	bundle: true,
	splitting: true,
	format: 'esm',
	target: ['es2020', 'chrome87', 'firefox98', 'safari15.4'],
	// padand keeps for ever what has eight letters and digits, a digit among them, before the ending.
	entryNames: '[name]-0[hash]',
	chunkNames: '[name]-0[hash]',
	assetNames: '[name]-0[hash]',
	jsx: 'automatic',
	jsxImportSource: 'preact',
	minify: !watch,
	legalComments: 'none',
	metafile: true,
	logLevel: 'warning',
	logLimit: 20,
	define: { 'process.env.NODE_ENV': '"production"' },
	plugins: [plotWithoutStyle],
}

// index.html names the hashed files, and the build they belong to: src/app/version.ts compares it with build.json.
async function writeIndex(meta) {
	const outputs = Object.entries(meta.outputs)
	const [script, about] = outputs.find(([, o]) => o.entryPoint === 'src/main.tsx')
	const url = (path) => `/assets/${path.split('/').pop()}`
	const needed = about.imports.filter((i) => i.kind === 'import-statement').map((i) => url(i.path))
	const id = createHash('sha256')
		.update(
			outputs
				.map(([path]) => path)
				.sort()
				.join('\n'),
		)
		.digest('hex')
		.slice(0, 12)
	const html = (await readFile(join(here, 'index.html'), 'utf8'))
		.replaceAll('{{script}}', url(script))
		.replaceAll('{{style}}', url(about.cssBundle))
		.replaceAll('{{build}}', id)
		.replaceAll('{{preload}}', needed.map((u) => `<link rel="modulepreload" href="${u}">`).join(''))
	if (html.includes('{{')) throw new Error('index.html asks for something that build.mjs does not know')
	await writeFile(join(made, 'build.json'), JSON.stringify({ build: id }) + '\n')
	for (const name of await readdir(join(here, 'public')))
		await writeFile(join(made, name), await readFile(join(here, 'public', name)))
	await writeFile(join(made, 'index.html'), html)
}

async function compress(folder) {
	for (const entry of await readdir(folder, { withFileTypes: true })) {
		const path = join(folder, entry.name)
		if (entry.isDirectory()) await compress(path)
		else if (/\.(js|css|html|svg|json|webmanifest)$/.test(entry.name)) {
			const bytes = await readFile(path)
			if (bytes.length < 512) continue
			await writeFile(`${path}.gz`, gzipSync(bytes, { level: 9 }))
			await writeFile(
				`${path}.br`,
				brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
			)
		}
	}
}

async function put() {
	const old = `${out}.old`
	await rm(old, { recursive: true, force: true })
	if (existsSync(out)) await rename(out, old)
	await rename(made, out)
	await rm(old, { recursive: true, force: true })
}

// What a first visit loads, compressed; more than this and the build fails.
const FIRST_PAGE_MAX = 150_000
async function weigh() {
	const html = await readFile(join(out, 'index.html'), 'utf8')
	let sum = 0
	for (const [, path] of html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g))
		sum += (await readFile(join(out, `${path}.gz`))).length
	if (sum > FIRST_PAGE_MAX) throw new Error(`the first page weighs ${sum} bytes (gzip), more than ${FIRST_PAGE_MAX}`)
	console.log(`  PAGES build/web (first page ${Math.round(sum / 1000)} kB with gzip)`)
}

async function finish(result) {
	if (result.errors.length) return
	await writeIndex(result.metafile)
	if (!watch) await compress(made)
	await put()
	if (!watch) await weigh()
}

if (process.argv.includes('--types')) {
	await makeTypes()
} else {
	await rm(made, { recursive: true, force: true })
	await mkdir(join(made, 'assets'), { recursive: true })
	if (watch) {
		const again = {
			name: 'put',
			setup: (b) =>
				b.onEnd(async (r) => {
					await finish(r)
					await mkdir(join(made, 'assets'), { recursive: true })
				}),
		}
		await (await context({ ...options, plugins: [...options.plugins, again] })).watch()
	} else {
		await finish(await build(options))
	}
}
