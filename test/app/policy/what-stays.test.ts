import { readdirSync, readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { HISTORY_DAYS, whatStays } from '../../../app/policy/what-stays';
import { whoTouches } from '../../../app/policy/who-touches';
import { STUDIOS } from '../../../studios/all';
import type { StudioSlug } from '../../../studios/studio';

function kept(slug: StudioSlug): Record<string, string> {
	return Object.fromEntries(whatStays(STUDIOS[slug]).map(({ what, how }) => [what, how]));
}

test('the practice is told that references, consents, orders and accounts stay', () => {
	expect(Object.keys(kept('dental'))).toEqual([
		'Videos and after pictures',
		'Patient references',
		'Signed consents',
		'What was ordered',
		'Deletion receipts',
		'Your account',
		'Your practice',
		'What you bought',
		'Your sign-ins',
		'Who changed what',
		'Mail to you',
	]);
	expect(kept('dental')['Signed consents']).toContain('stay when the photo is gone');
});

test('whoever writes words is told that they outlive the picture, here and at OpenAI', () => {
	expect(kept('image')['Pictures']).toBe('Until you delete them.');
	expect(kept('image')['Your words']).toMatch(/stay with the account, also after the picture is deleted.*OpenAI/);
	expect(Object.keys(kept('image'))).not.toContain('Signed consents');
});

test('a studio that makes nothing keeps accounts alone', () => {
	expect(Object.keys(kept('media'))).toEqual([
		'Your account',
		'Your workspace',
		'What you bought',
		'Your sign-ins',
		'Who changed what',
		'Mail to you',
	]);
});

test('where people work alone nobody is told of a team, and without keys nobody of keys', () => {
	expect(JSON.stringify(kept('image'))).not.toMatch(/belongs to it|API key/);
	expect(kept('dental')['Your practice']).toMatch(/Who belongs to it, and its API keys/);
});

/** Whom a gateway of core speaks to; one that is added has to be named on the page. */
const SPEAKS_TO: Readonly<Record<string, string>> = {
	fal: 'fal.ai',
	openai: 'OpenAI',
	resend: 'Resend',
	turnstile: 'Turnstile',
	google: 'Google',
	apple: 'Apple',
	github: 'GitHub',
	stripe: 'Stripe',
};
/** What gateways share, and what reads the processors' answers. */
const NO_PARTY = /^(?:ask-|fal-|processor|read-at-most|sign-in|verify-)/;

test('everybody whom a gateway tells something of a person is named, and nobody that a studio does not use', () => {
	const files = ['workers/core/gateways', 'workers/core/gateways/sign-in'].flatMap((folder) => readdirSync(folder));
	// A gateway with parts has a folder of its name beside it.
	const parties = new Set(files.map((file) => file.replace('.ts', '')).filter((file) => !NO_PARTY.test(file)));
	expect([...parties].toSorted()).toEqual(Object.keys(SPEAKS_TO).toSorted());

	const named = Object.values(STUDIOS).flatMap((studio) => whoTouches(studio).map(({ name }) => name));
	expect(Object.values(SPEAKS_TO).filter((party) => !named.some((name) => name.includes(party)))).toEqual([]);
	// The list of stolen passwords is asked beside the rule that it belongs to.
	expect(named).toContain('Have I Been Pwned');
	const dental = whoTouches(STUDIOS.dental).map(({ name }) => name);
	expect(dental).toContain('fal.ai');
	expect(dental).not.toContain('OpenAI');
});

test('the page promises no more than the record of storage says', () => {
	const storage = readFileSync('docs/storage.md', 'utf8');
	expect(storage).toContain(`a history of ${HISTORY_DAYS} days`);
	expect(storage).toContain('Removed after 24 months');
	expect(kept('dental')['Who changed what']).toContain('24 months');
	expect(storage).toMatch(
		/no erase path yet\*\* for: accounts, users, subjects, consents that were signed, renders with/,
	);
});
