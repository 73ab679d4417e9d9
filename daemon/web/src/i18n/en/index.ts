// The English texts; fetched only by those who ask for them.
import type { Messages } from '../id'
import { common, help, keys, login, shell } from './common'
import { flags, review } from './decide'
import { coverage, home, household, overlap } from './look'
import { lists } from './lists'
import { field } from './field'
import { audit, settings } from './settings'

export const en: Messages = {
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
