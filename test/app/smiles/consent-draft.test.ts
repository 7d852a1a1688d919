import { expect, test } from 'vitest';

import { dayOf, draftOf, freshDraft, orderOf, stillMissing } from '../../../app/smile/consent-draft';
import { LIFE_RULES, lastsToMs } from '../../../studios/consent-rules';
import { dental } from '../../../studios/dental';

const NOW_MS = Date.parse('2026-11-21T06:00:00.000Z');
const fresh = freshDraft({
	practice: 'Hollis Street Dental',
	studio: dental,
	nowMs: NOW_MS,
	zone: 'America/Los_Angeles',
});

test('a fresh draft names the practice, every processor that sees the photo and a year on the practice’s own calendar', () => {
	expect(fresh.discloser).toBe('Hollis Street Dental');
	expect(dental.policy.processors.map(({ id }) => id)).toEqual(expect.arrayContaining(['cloudflare', 'fal', 'stripe']));
	for (const { id, name } of dental.policy.processors)
		expect([id, fresh.recipient.includes(name)]).toEqual([id, id === 'cloudflare' || id === 'fal']);
	expect(fresh.description).toContain('20 November 2026');
	expect(fresh.expiresOn).toBe('2027-11-20');
});

test('a fresh draft signs and ticks nothing by itself', () => {
	expect(fresh).toMatchObject({
		signerName: '',
		toldOfRevocation: false,
		toldTreatmentNotConditioned: false,
		toldOfRedisclosure: false,
	});
	expect(orderOf(fresh, { subjectId: 'sub_1', nowMs: NOW_MS })).not.toHaveProperty('signedAt');
});

test('an empty field is left out of the order, so that the api can name it', () => {
	const order = orderOf({ ...fresh, description: '', expiresOn: '31.12.2027' }, { subjectId: 'sub_1', nowMs: NOW_MS });
	expect(order).not.toHaveProperty('description');
	expect(order).not.toHaveProperty('expiresAt');
	expect(order).not.toHaveProperty('representativeAuthority');
});

test('the day a minor comes of age goes with the order only where somebody signs for them', () => {
	const minor = { ...fresh, comesOfAgeOn: '2027-05-03' };
	const basis = { subjectId: 'sub_1', nowMs: NOW_MS };
	expect(orderOf(minor, basis)).not.toHaveProperty('comesOfAgeAt');
	expect(orderOf({ ...minor, signerRole: 'representative' }, basis)).toMatchObject({
		comesOfAgeAt: '2027-05-03T23:59:59.000Z',
	});
	expect(orderOf({ ...fresh, signerRole: 'representative' }, basis)).not.toHaveProperty('comesOfAgeAt');
});

test('the usual end is one that every place allows', () => {
	const { expiresAt } = orderOf(fresh, { subjectId: 'sub_1', nowMs: NOW_MS });
	for (const rule of LIFE_RULES) expect(Date.parse(expiresAt ?? '')).toBeLessThanOrEqual(lastsToMs(rule, NOW_MS));
});

test('an unknown purpose in the form is not taken over', () => {
	const form = new FormData();
	form.append('purposes', 'website');
	form.append('purposes', 'billboard');
	expect(draftOf(form).purposes).toEqual(['website']);
});

test('a day that is none has no words', () => {
	expect(dayOf('2027-11-21')).toBe('21 November 2027');
	for (const day of ['', '2027-13-40', 'tomorrow']) expect(dayOf(day)).toBeNull();
});

test('a mark of something missing goes when its field is filled, and an unknown one stays', () => {
	const missing = { signerName: 'Write it.', toldOfRevocation: 'Tick it.', newElement: 'Fill it.' };
	const filled = { ...fresh, signerName: 'Jo Keller' };
	expect(stillMissing(missing, filled)).toEqual({ toldOfRevocation: 'Tick it.', newElement: 'Fill it.' });
});
