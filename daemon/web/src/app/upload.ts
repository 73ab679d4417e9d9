// Sending a file in pieces: what has arrived is asked for after every break, and the sending goes on from there – after a lost
// connection by itself, after the page was closed when the same file is chosen again. Used by pages/lists/send_page.tsx.
import type { Upload } from '#api'
import { address, get, headers, NoAnswer, post, Refused } from '../api/client'
import { untilReachable, unreachable } from './reach'
import { askLogin } from './login_again'
import { recall, remember } from './store'

const PIECE = 4 * 1024 * 1024
export const MOST_BYTES = 2 * 1024 ** 3
const TYPES = /\.(csv|tsv|txt|xlsx)$/i

export type Unfit = 'type' | 'big' | 'empty'
export function unfit(file: File): Unfit | null {
	if (!TYPES.test(file.name)) return 'type'
	if (file.size === 0) return 'empty'
	return file.size > MOST_BYTES ? 'big' : null
}

// The name, size and date of a file stand for it: the browser tells no more before it is read.
const markOf = (file: File) => `${file.name}|${file.size}|${file.lastModified}`
interface Kept {
	upload: string
	mark: string
	name: string
}
export function unfinished(): Kept | null {
	try {
		return JSON.parse(recall('upload') ?? 'null') as Kept | null
	} catch {
		return null
	}
}
export const forgetUpload = () => remember('upload', null)

export interface Sending {
	stop(): void
	done: Promise<Upload>
}
interface Watch {
	progress(received: number): void
	paused(yes: boolean): void
}

export function sendFile(file: File, watch: Watch): Sending {
	const stopper = new AbortController()
	return { stop: () => stopper.abort(), done: run(file, watch, stopper.signal) }
}

async function begin(file: File): Promise<Upload> {
	const kept = unfinished()
	if (kept?.mark === markOf(file)) {
		const old = await get('/uploads/{upload}', { path: { upload: kept.upload } }).catch(() => null)
		if (old && old.bytes === file.size && (old.state === 'receiving' || old.state === 'complete')) return old
	}
	for (;;) {
		try {
			const made = await post('/uploads', { body: { file_name: file.name, bytes: file.size } })
			remember('upload', JSON.stringify({ upload: made.upload, mark: markOf(file), name: file.name }))
			return made
		} catch (e) {
			if (!(e instanceof NoAnswer)) throw e
			await untilReachable()
		}
	}
}

async function run(file: File, watch: Watch, signal: AbortSignal): Promise<Upload> {
	let state = await begin(file)
	watch.progress(state.received)
	while (state.state === 'receiving' && state.received < state.bytes) {
		const from = state.received
		const to = Math.min(from + PIECE, file.size)
		try {
			state = await putPiece(state.upload, file.slice(from, to), from, to, file.size, watch, signal)
		} catch (e) {
			if (signal.aborted || !(e instanceof NoAnswer)) throw e
			watch.paused(true)
			await untilReachable(signal)
			state = await get('/uploads/{upload}', { path: { upload: state.upload }, signal })
			watch.paused(false)
		}
		watch.progress(state.received)
	}
	return state
}

// XMLHttpRequest, since fetch tells nothing about how far a sending is.
function putPiece(
	upload: string,
	piece: Blob,
	from: number,
	to: number,
	whole: number,
	watch: Watch,
	signal: AbortSignal,
): Promise<Upload> {
	return new Promise((done, failed) => {
		const request = new XMLHttpRequest()
		request.open('PUT', address('/uploads/{upload}/content', { path: { upload } }))
		for (const [name, value] of Object.entries(headers('PUT'))) request.setRequestHeader(name, value)
		request.setRequestHeader('Content-Type', 'application/octet-stream')
		request.setRequestHeader('Content-Range', `bytes ${from}-${to - 1}/${whole}`)
		request.timeout = 120_000
		request.upload.onprogress = (e) => watch.progress(from + e.loaded)
		const lost = () => {
			unreachable()
			failed(new NoAnswer())
		}
		request.onerror = lost
		request.ontimeout = lost
		request.onabort = () => failed(new DOMException('aborted', 'AbortError'))
		signal.addEventListener('abort', () => request.abort())
		request.onload = () => {
			const said = (() => {
				try {
					return JSON.parse(request.responseText) as unknown
				} catch {
					return {}
				}
			})()
			if (request.status >= 200 && request.status < 300) done(said as Upload)
			else if (request.status === 401) askLogin().then(() => failed(new NoAnswer()), failed)
			else if (request.status >= 502 || request.status === 409) failed(new NoAnswer())
			else failed(new Refused(request.status, said as object))
		}
		request.send(piece)
	})
}
