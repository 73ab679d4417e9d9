// All Indonesian texts; the shape that the English ones must have.
import { common, help, keys, login, shell } from './common'
import { flags, review } from './decide'
import { coverage, home, household, overlap } from './look'
import { lists } from './lists'
import { field } from './field'
import { audit, settings } from './settings'

export const id = {
	common,
	help,
	keys,
	login,
	shell,
	home,
	lists,
	flags,
	review,
	coverage,
	overlap,
	household,
	field,
	settings,
	audit,
}
export type Messages = typeof id
