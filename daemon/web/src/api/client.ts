// Every request of the pages goes through here: typed by the OpenAPI file, with the CSRF token, and with what to do when
// the session has ended (a dialog asks, then the request goes on) or the server cannot be reached (readers wait for it).
// Not for uploads of files: those are app/upload.ts, in pieces.
import type { paths, Problem, Session } from '#api'
import { lang } from '../i18n'
import { heard, unreachable, untilReachable } from '../app/reach'
import { askLogin } from '../app/login_again'
import { makeStore } from '../app/store'

export const BASE = '/api/v1'

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'
type PathsOf<M extends Method> = { [P in keyof paths]: paths[P][M] extends object ? P : never }[keyof paths]
type Op<P extends keyof paths, M extends Method> = Exclude<paths[P][M], undefined>
type Query<O> = O extends { parameters: { query?: infer Q } } ? Exclude<Q, undefined> : never
type InPath<O> = O extends { parameters: { path: infer Q } } ? Q : never
type Body<O> = O extends { requestBody: { content: { 'application/json': infer B } } } ? B : never
type Json<R> = R extends { content: { 'application/json': infer T } } ? T : undefined
type Success<O> = O extends { responses: infer R } ? Json<R[Extract<keyof R, 200 | 201 | 202 | 204>]> : never

export type Answer<P extends PathsOf<M>, M extends Method = 'get'> = Success<Op<P, M>>
export type QueryOf<P extends PathsOf<'get'>> = Query<Op<P, 'get'>>
type Options<P extends PathsOf<M>, M extends Method> = {
	path?: InPath<Op<P, M>>
	query?: Partial<Query<Op<P, M>>>
	body?: Body<Op<P, M>>
	version?: string // sent as If-Match
	signal?: AbortSignal
	quiet401?: boolean // the caller deals with "nobody is logged in" itself
}
export type ReadOptions<P extends PathsOf<'get'>> = Pick<Options<P, 'get'>, 'path' | 'query'>
export type ReadPath = PathsOf<'get'>

// A refusal, with what the server says about it in words that may be shown.
export class Refused extends Error {
	constructor(
		readonly status: number,
		readonly problem: Partial<Problem>,
	) {
		super(problem.detail || problem.title || `HTTP ${status}`)
	}
	get now() {
		return this.problem.now as unknown
	}
}
export class NoAnswer extends Error {}

export const session = makeStore<Session | null | undefined>(undefined) // undefined: not asked yet; null: nobody

export function address(path: string, options: { path?: unknown; query?: unknown } = {}): string {
	const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
		encodeURIComponent(String((options.path as Record<string, unknown> | undefined)?.[name])),
	)
	const query = new URLSearchParams()
	for (const [name, value] of Object.entries(options.query ?? {}))
		if (value !== undefined && value !== null && value !== '') query.set(name, String(value))
	const text = query.toString()
	return BASE + filled + (text ? `?${text}` : '')
}

export function headers(method: string): Record<string, string> {
	const all: Record<string, string> = { Accept: 'application/json', 'Accept-Language': lang.value }
	if (method !== 'GET' && session.value) all['X-Padan-CSRF'] = session.value.csrf
	return all
}

async function problemOf(response: Response): Promise<Partial<Problem>> {
	try {
		return (await response.json()) as Problem
	} catch {
		return { title: `HTTP ${response.status}` }
	}
}

const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms))

async function send<P extends PathsOf<M>, M extends Method>(
	method: M,
	path: P,
	options: Options<P, M>,
): Promise<Success<Op<P, M>>> {
	const reads = method === 'get'
	let renewed = false
	for (;;) {
		const head = headers(method.toUpperCase())
		if (options.version) head['If-Match'] = `"${options.version}"`
		const body = options.body ?? (method === 'post' ? {} : undefined)
		if (body !== undefined) head['Content-Type'] = 'application/json'
		let response: Response
		try {
			response = await fetch(address(path as string, options), {
				method: method.toUpperCase(),
				headers: head,
				credentials: 'same-origin',
				body: body === undefined ? undefined : JSON.stringify(body),
				signal: options.signal,
			})
		} catch (e) {
			if ((e as Error).name === 'AbortError') throw e
			unreachable()
			if (!reads) throw new NoAnswer()
			await untilReachable(options.signal)
			continue
		}
		if (response.status === 502 || response.status === 504 || (response.status === 503 && reads)) {
			const wait = Number(response.headers.get('Retry-After')) || 1
			unreachable()
			if (!reads) throw new NoAnswer()
			await sleep(Math.min(wait, 10) * 1000)
			await untilReachable(options.signal)
			continue
		}
		heard()
		if (response.ok) return (response.status === 204 ? undefined : await response.json()) as Success<Op<P, M>>
		if (response.status === 401 && !options.quiet401) {
			await askLogin()
			continue
		}
		const problem = await problemOf(response)
		if (response.status === 403 && !reads && !renewed && /csrf/.test(problem.type ?? '')) {
			renewed = true // another tab logged in anew
			session.value = await send('get', '/session', {})
			continue
		}
		throw new Refused(response.status, problem)
	}
}

export const get = <P extends PathsOf<'get'>>(path: P, options: Options<P, 'get'> = {}) => send('get', path, options)
export const post = <P extends PathsOf<'post'>>(path: P, options: Options<P, 'post'> = {}) =>
	send('post', path, options)
export const put = <P extends PathsOf<'put'>>(path: P, options: Options<P, 'put'> = {}) => send('put', path, options)
export const patch = <P extends PathsOf<'patch'>>(path: P, options: Options<P, 'patch'> = {}) =>
	send('patch', path, options)
export const del = <P extends PathsOf<'delete'>>(path: P, options: Options<P, 'delete'> = {}) =>
	send('delete', path, options)
