import type { Messages } from '../id'
import { many, num } from '../format'

export const common: Messages['common'] = {
	loading: 'Loading…', close: 'Close', cancel: 'Cancel', save: 'Save', again: 'Try again', more: 'Load more', all: 'All', none: 'None', yes: 'Yes', no: 'No',
	mark: 'Select this row', markAll: 'Select all that are loaded',
	noAnswer: 'Not sent: the server does not answer. What you typed is still here; try again in a moment.',
	unknownError: 'Something on this page failed. Load it again and retry.',
	absentTitle: 'Not found', absent: 'This address does not exist, or is not yours to see.',
	copied: 'Link copied', copyLink: 'Copy link', undo: 'Undo', reason: 'Reason', reasonNeeded: 'The reason is recorded with your name.', search: 'Search',
	count: (n, more) => many(n, more), rows: (n) => `${num(n)} rows`, households: (n) => `${num(n)} households`,
	changedMeanwhile: 'Somebody else has just changed it. You see the newest now; check, and repeat if needed.',
	saved: 'Saved', download: 'Download', print: 'Print', back: 'Back', by: (who) => `by ${who}`,
	fieldNames: {
		name: 'Name', nik: 'NIK', kk: 'Family card', birth: 'Born', sex: 'Sex', village: 'Village', rt: 'RT/RW', address: 'Address', relation: 'Relation', desil: 'Desil',
		head: 'Head of family', father: "Father's name", birthPlace: 'Place of birth', family_id: 'Family ID', list: 'List', row: 'Row', notes: 'Notes', other: 'Other',
	},
	sex: { L: 'Male', P: 'Female' },
}

export const help: Messages['help'] = {
	certainty: 'How sure Padan is that this flag is right, from 0 to 100 %. Almost certain from 95 %, very likely from 80 %, maybe from 50 %, doubtful below. A person decides.',
	kk: 'Number of the family card, 16 digits. It changes when a card is reissued or a family splits, so one family may have had several.',
	nik: 'National identity number, 16 digits, for life. Its middle is masked since it tells the birth date; opening it asks for a reason and is recorded.',
	desil: 'A tenth of the population by welfare: desil 1 are the poorest 10 % of families, desil 10 the best off.',
	weight: 'Match weight (log2). Each field that agrees adds, each difference takes away; a rare name adds more than a common one. Above zero: more likely the same person.',
	worth: 'How much becomes clear once this pair is decided: the flags that hang on it, and how unsure they are.',
	coverage: 'The share of target households that receive at least one programme.',
	provisional: 'Provisional: lists of this period are still awaited, so the household may turn out to receive something.',
	period: 'What a list is good for: a year (2024) or a month (2024-07).',
	target: 'The list of families that should be reached, set by decree.',
	hard: 'Its probability is near one half. Two people have to agree before this pair counts as decided.',
	across: 'The two rows stand in lists of two offices. Both see the pair, Bappeda decides.',
	threshold: 'From which probability on two rows are taken for one person without asking.',
	level: 'Whether the rule looks at the whole household or at the person alone.',
	frequency: 'The part of a weight that comes from how rarely people have that value.',
}

export const keys: Messages['keys'] = {
	title: 'Keyboard', everywhere: 'Everywhere', list: 'In a list', next: 'Next', before: 'Before', open: 'Open', mark: 'Select', palette: 'Find pages and commands', help: 'This list of keys',
	goTo: (page) => `Go to ${page}`, search: 'To the search box', then: 'then', close: 'Close the pane',
}

export const login: Messages['login'] = {
	title: 'Log in', lead: "A district's aid lists, side by side.", name: 'User name', password: 'Password', enter: 'Log in', forgot: 'Forgot the password? An administrator can make a new link.',
	again: 'Your session has ended', againText: 'Log in again to go on. What you were doing on this page is still there.', otherUser: 'Log in as somebody else',
	firstTitle: (name) => `Welcome, ${name}`, firstText: (role) => `You are registered as ${role}. Choose a password of your own; this link works once.`,
	newPassword: 'New password', newPasswordHelp: 'At least 8 characters; a few words only you know are better than one complicated word.', repeatPassword: 'Once more', differ: 'They are not the same yet.',
	begin: 'Save and begin', linkBadTitle: 'This link no longer works', linkBad: 'It has been used or has expired. Ask an administrator of the district for a new one.', toLogin: 'To the login page',
	changePassword: 'Change password', oldPassword: 'Present password', changed: 'Password changed; other sessions have ended.', wait: (s) => `Too many attempts. Wait ${num(s)} seconds.`,
	roles: { administrator: 'data administrator', bappeda: 'Bappeda', office: 'programme manager', verifier: 'field verifier', token: 'system' },
}

export const shell: Messages['shell'] = {
	skip: 'Skip to content', nav: 'Pages', home: 'Home', lists: 'Lists', flags: 'Flags', review: 'Review', coverage: 'Coverage', overlap: 'Overlap', field: 'Field work', household: 'Households', settings: 'Settings', audit: 'Audit trail',
	menu: 'Menu', palette: 'Find or do…', paletteEmpty: 'Nothing fits.', pages: 'Pages', commands: 'Commands', themeDark: 'Dark theme', themeLight: 'Light theme', themeAuto: "Theme as the device's", toggleTheme: 'Switch light/dark theme',
	language: 'Bahasa Indonesia', logout: 'Log out', account: 'Account', unreachable: 'The server cannot be reached. The page reconnects by itself; what you typed stays.', backAgain: 'Connected again',
	outdated: 'Padan on the server has been updated.', reload: 'Load the new page', reloadLater: 'Later', pieceMissing: 'A part of this page cannot be loaded', pieceMissingText: 'Padan may just have been updated. Load the page again to go on.',
	broken: 'This page could not be drawn', working: (n) => `${num(n)} lists being worked on`, sendList: 'Send a list', findPerson: 'Find a person or household', skipNav: 'Navigation',
}
