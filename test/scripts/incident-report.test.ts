import { expect, test } from 'vitest';

import { incidentReport } from '../../scripts/ops/incident-report';
import { incidentTable, type Affected, type IncidentFile } from '../../scripts/ops/incident-shapes';

const FILE: IncidentFile = {
	studio: 'Dental Diffusion',
	controller: { name: 'Afterglow', address: 'Street 1', email: 'privacy@studio.test', dataProtectionOfficer: null },
	titles: ['Photos you upload'],
	incident: {
		id: 'inc_1',
		title: 'A backup lay open',
		dataClasses: ['source'],
		from: '2026-11-20T00:00:00.000Z',
		until: '2026-11-20T05:00:00.000Z',
		knownAt: '2026-11-21T12:00:00.000Z',
		reportBy: '2026-11-24T12:00:00.000Z',
		hoursLeft: 71,
		state: 'open',
		words: { happened: 'It lay open.', consequences: 'Seen by others.', measures: 'Closed.', advice: 'Look out.' },
		reportedAt: null,
		reportReason: null,
		told: 0,
		underWay: 0,
		notReached: 0,
		toldAt: null,
	},
};
const AFFECTED: Affected = {
	incidentId: 'inc_1',
	people: 3,
	records: [{ dataClass: 'source', records: 7 }],
	accounts: [
		{ accountId: 'acc_1', subjects: ['sub_1', 'sub_2'] },
		{ accountId: 'acc_2', subjects: ['sub_3'] },
	],
	nextCursor: null,
	tickets: [],
	requests: ['rrq_1', 'rrq_2'],
	unreached: [],
};

test('the notice to the authority has each point of Article 33(3), out of the data', () => {
	const report = incidentReport(FILE, AFFECTED);
	for (const said of [
		'people with an account: 3',
		'people in pictures: 3, in 2 accounts',
		'asked for a right without an account: 2',
		'- source: about 7',
		'Contact (Art. 33(3)(b)): privacy@studio.test',
		'Seen by others.',
		'Closed.',
		'72 hours end: 2026-11-24T12:00:00.000Z',
		'Nobody was told yet. They are advised: Look out.',
	]) {
		expect(report).toContain(said);
	}
	expect(report).not.toMatch(/undefined|null|delay/);
});

test('what is not written yet says so, and a late one wants its reason', () => {
	const { incident } = FILE;
	const words = { ...incident.words, measures: null };
	const late = { ...FILE, incident: { ...incident, words, state: 'late' as const } };
	expect(incidentReport(late, AFFECTED)).toContain(
		'## Measures taken and proposed (Art. 33(3)(d))\n\n(not written yet',
	);
	expect(incidentReport(late, AFFECTED)).toContain('Reasons for the delay (Art. 33(1)): (give them');
	const given = { ...late, incident: { ...late.incident, reportReason: 'Its size was not known' } };
	expect(incidentReport(given, AFFECTED)).toContain('Reasons for the delay (Art. 33(1)): Its size was not known');
});

test('who could not be told by mail stands in the notice, and does not count as told', () => {
	const incident = { ...FILE.incident, told: 5, underWay: 1, notReached: 2, toldAt: '2026-11-21T13:00:00.000Z' };
	expect(incidentReport({ ...FILE, incident }, AFFECTED)).toContain(
		'5 people were told by mail; the last mail was written at 2026-11-21T13:00:00.000Z. Mail to 1 is under way. 2 could not be told by mail, and are told by letter or phone. They are advised',
	);
	const nobody = { ...incident, told: 0, underWay: 0, toldAt: null };
	expect(incidentReport({ ...FILE, incident: nobody }, AFFECTED)).toContain(
		'0 people were told by mail so far. 2 could not be told by mail, and are told by letter or phone.',
	);
	expect(incidentTable([incident], false)).toMatch(/told +not reached[^]* 5 +2 +A backup/);
});

test('a late incident says LATE, and is red where there is colour', () => {
	const late = { ...FILE.incident, state: 'late' as const, hoursLeft: -2 };
	const lines = incidentTable([FILE.incident, late], true).split('\n');
	expect(lines[1]).toMatch(/open {2,}71 h/);
	expect([lines[2]?.startsWith('\u001B[31m'), lines[2]?.endsWith('\u001B[0m')]).toEqual([true, true]);
	expect(lines[2]).toMatch(/LATE.*-2 h/);
	expect(incidentTable([late], false)).not.toContain('\u001B');
	expect(incidentTable([], true)).toBe('None is open\n');
});
