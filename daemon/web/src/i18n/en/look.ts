import type { Messages } from '../id'
import { many, num, share } from '../format'

export const home: Messages['home'] = {
	hello: (name) => `Hello, ${name}`, since: (when) => `You were last here ${when}.`, firstTime: 'This is your first visit.', waiting: 'Waiting for you', nothingWaiting: 'Nothing is waiting. What is new will appear here by itself.',
	happened: 'What happened', nothingHappened: 'Nothing yet since you were last here.', working: 'Being worked on', kinds: 'Open flags by kind', finding: 'finding', toCheck: 'to check', provisional: 'provisional', more: 'up', fewer: 'down',
	before: (text) => `before: ${text}`, beforeList: (text) => `before the newest list: ${text}`, noTrend: 'to be compared once the next list is in', withoutData: 'without notes on data', new: 'new', urgent: 'urgent', emptyTitle: 'No list yet', emptySend: 'Begin with the target list, then the programmes. Once two lists are in, the first flags appear here.',
	emptyWait: 'As soon as offices send their lists you see here what was found.', rowsOf: (done, total) => (total ? `${num(done)} of ${num(total)} rows` : `${num(done)} rows`),
	stage: { read: 'reading', normalise: 'tidying', match: 'matching', flag: 'looking for flags', write: 'storing' }, queue: (n) => `${num(n)} jobs come first`, allFlags: 'All flags', allLists: 'All lists',
}

export const coverage: Messages['coverage'] = {
	lead: 'Target households that receive at least one programme, and those left out.', by: 'By', groups: { kecamatan: 'Kecamatan', village: 'Village', programme: 'Programme', desil: 'Desil', period: 'Period' },
	reached: 'Reached', leftOut: 'Left out', target: 'Target', share: 'Coverage', change: 'Change', programme: 'Programme', unknownPlace: 'Place not known', anyProgramme: 'Any programme', desil: (d) => `Desil ${d}`, allKecamatan: 'All kecamatan',
	provisional: (names) => `Provisional: the lists ${names} are still awaited, so some of those left out may turn out to receive.`, countedAt: (when) => `counted ${when}`, leftOutTitle: (where) => `Left out in ${where}`,
	leftOutLead: 'Target households that receive nothing. Looking at this list is recorded.', showLeftOut: 'Show the left out', nobodyLeftOut: 'Nobody is left out here.', emptyTitle: 'No target list yet',
	empty: 'Coverage is counted against the target list. Send it first, then the programmes.', members: (n) => `${num(n)} members`, head: 'Head of family', village: 'Village', rt: 'RT/RW', programmes: 'Programmes',
	picture: (text) => `Bar chart: ${text}`, printSheet: 'Make a field sheet', byProgramme: 'Reached by programme', total: 'Total',
}

export const overlap: Messages['overlap'] = {
	lead: 'Households in more than one programme: what is allowed, and what a rule forbids.', household: 'Households', person: 'Persons', matrix: 'Programme against programme', matrixHelp: 'The number in a cell: how many are in both. Choose a cell to see them.',
	upset: 'Exact combinations', upsetHelp: 'Each column is one combination: households in all of these dots and in no other programme.', forbidden: 'forbidden by a rule', allowed: 'allowed', shareOf: (s, a) => `${share(s)} of ${a}`,
	cell: (a, b, n, forbidden) => `${a} and ${b}: ${num(n)}${forbidden ? ', forbidden by a rule' : ''}`, households: (names) => `Households in ${names}`, exact: 'and in no other', emptyTitle: 'No overlap yet',
	empty: 'This picture appears once lists of two programmes are in.', own: "You see the overlaps of your office's programmes.", onlyAllowed: 'All', onlyForbidden: 'Forbidden only', asList: 'As a list', limited: (n) => `The ${num(n)} largest combinations are shown.`,
}

export const household: Messages['household'] = {
	searchTitle: 'Households', searchLead: 'Find by NIK, family card or name. Searches are recorded.', placeholder: 'NIK, family card number, or name', village: 'Village', anyVillage: 'All villages', birth: 'Year or date of birth',
	found: (n, more) => `${many(n, more)} persons found`, nothing: 'Nothing fits', nothingText: 'Try another spelling, without titles, or a part of the number on the family card.', start: 'Who is looked for?',
	startText: 'Old and new spelling, titles and a wrong letter or two do not matter.', openFlags: (n) => `${num(n)} open flags`, title: (head) => `Household of ${head}`, onTarget: 'On the target list', offTarget: 'Not on the target list',
	members: 'Members', cards: 'Family cards', programmes: 'Programmes received', timeline: 'Over time', entries: 'Rows in lists', flags: 'Flags', decisions: 'Decisions on pairs', history: 'Merged and split', looked: 'Who looked',
	noFlags: 'No flags about this household.', noCards: 'No list names a family card number.', times: (n) => `${num(n)} times`, noProgrammes: 'Receives nothing according to current lists.', since: (a, b) => `${a} – ${b}`, now: 'now', left: 'no longer here', became: 'This household was merged into another.', toOther: 'Open that one',
	merge: 'merged', split: 'split', unmask: 'Open NIK', unmaskTitle: 'Open NIK, family card and birth date', unmaskText: 'For whom and what for? Your name, the time and the reason are recorded and cannot be deleted (UU 27/2022 art. 31).',
	unmaskReason: 'Reason', unmaskDo: 'Open and record', unmaskSuggest: ['Verification in the field', 'Matching with Dukcapil', "Answering a resident's complaint"], same: 'the same person', notSame: 'different people', unsure: 'unsure', undone: 'undone',
	grid: 'Programmes by period', person: 'Person', line: (n) => `line ${num(n)}`,
}
