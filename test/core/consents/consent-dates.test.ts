import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { accounts } from '../../../schema/accounts';
import { consents } from '../../../schema/consents';
import { LIFE_RULES, lastsToMs, lifeRuleOf, MINOR_RULE } from '../../../studios/consent-rules';
import { JURISDICTIONS } from '../../../studios/publish-rules';
import { createConsent } from '../../../workers/core/consents/create-consent';
import { endsSoon } from '../../../workers/core/consents/read-consent';
import { createSubject } from '../../../workers/core/consents/create-subject';
import { freshDeps } from '../../support/deps';
import { givenAccount } from '../../support/given';
import { completeElements } from '../../support/given-consent';

const DAY_MS = 86_400_000;
const NOW_MS = Date.parse('2026-11-21T12:00:00Z');

async function given(jurisdiction: (typeof JURISDICTIONS)[number] | null) {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	await deps.db.update(accounts).set({ jurisdiction }).where(eq(accounts.id, actor.accountId));
	const subject = await createSubject(deps, { actor, reference: 'M-1' });
	const elements = completeElements(deps.now().getTime());
	const stored = () => deps.db.select().from(consents).where(eq(consents.accountId, actor.accountId));
	return { deps, actor, subjectId: subject.id, elements, stored };
}

test('every place has one rule, with a sentence and a source', () => {
	for (const place of JURISDICTIONS) {
		expect(LIFE_RULES.filter(({ where }) => where.includes(place))).toEqual([lifeRuleOf(place)]);
	}
	for (const { sentence, source } of LIFE_RULES) expect([sentence, source]).not.toContain('');
	expect(MINOR_RULE).toMatchObject({ comesOfAge: 18, source: '45 CFR 164.502(g)(3)' });
});

test.each([
	['2026-11-21T12:00:00Z', 1, '2027-11-22T23:59:59.999Z'],
	['2026-11-21T00:00:00Z', 1, '2027-11-21T23:59:59.999Z'],
	['2026-11-21T23:30:00Z', 10, '2036-11-22T23:59:59.999Z'],
	['2028-02-28T20:00:00Z', 1, '2029-03-01T23:59:59.999Z'],
])('signed at %s for %i years it lasts to %s at most, wherever the calendar hangs', (signed, years, last) => {
	expect(new Date(lastsToMs({ years }, Date.parse(signed))).toISOString()).toBe(last);
});

const PLACES = [
	[null, 1],
	['US-CA', 1],
	['US-TX', 10],
	['EU', 10],
] as const;

test.each(PLACES)(
	'in %s a consent lasts to the last day that the rule allows, and not a day longer',
	async (place, years) => {
		const { deps, actor, subjectId, elements, stored } = await given(place);
		const last = lastsToMs({ years }, elements.signedAtMs!);
		const rule = lifeRuleOf(place ?? 'US-CA');
		const longer = { ...elements, expiresAtMs: last + 1 };
		const refused = await createConsent(deps, { actor, subjectId, elements: longer }).catch((error: unknown) => error);
		expect(refused).toMatchObject({
			code: 'invalid_input',
			details: { fields: ['expiresAt'], rule: rule.id, source: rule.source },
		});
		expect(String(refused)).toContain(rule.source);
		expect(await stored()).toEqual([]);
		const longest = { ...elements, expiresAtMs: last };
		expect(await createConsent(deps, { actor, subjectId, elements: longest })).toMatchObject({ state: 'active' });
	},
);

test('the year is counted from the signature, not from when it was written down', async () => {
	const { deps, actor, subjectId, elements, stored } = await given('US-CA');
	const nowMs = deps.now().getTime();
	const late = { ...elements, signedAtMs: nowMs - 90 * DAY_MS, expiresAtMs: nowMs + 364 * DAY_MS };
	await expect(createConsent(deps, { actor, subjectId, elements: late })).rejects.toThrow(/more than a year after/);
	expect(await stored()).toEqual([]);
});

const MINORS = [
	['a minor who signs alone', { signerRole: 'patient' as const }, 200, ['signerRole']],
	['a consent beyond the day a minor comes of age', {}, 200, ['expiresAt']],
	['a patient who has come of age', {}, -1, ['comesOfAgeAt']],
] as const;

test.each(MINORS)('%s is refused, and nothing is stored', async (_, changed, days, fields) => {
	const { deps, actor, subjectId, elements, stored } = await given(null);
	const guardian = { ...elements, signerRole: 'representative', representativeAuthority: 'Parent' } as const;
	const comesOfAgeAtMs = deps.now().getTime() + days * DAY_MS;
	const order = { actor, subjectId, elements: { ...guardian, ...changed }, comesOfAgeAtMs };
	await expect(createConsent(deps, order)).rejects.toMatchObject({ code: 'invalid_input', details: { fields } });
	expect(await stored()).toEqual([]);
});

test('a guardian’s consent up to the day a minor comes of age is taken, and that day is stored nowhere else', async () => {
	const { deps, actor, subjectId, elements, stored } = await given(null);
	const comesOfAgeAtMs = deps.now().getTime() + 200 * DAY_MS + 7;
	const guardian = {
		...elements,
		signerRole: 'representative',
		representativeAuthority: 'Parent',
		expiresAtMs: comesOfAgeAtMs - 1,
	} as const;
	const consent = await createConsent(deps, { actor, subjectId, elements: guardian, comesOfAgeAtMs });
	expect(consent).toMatchObject({ state: 'active', signerRole: 'representative', signedVia: 'staff' });
	expect(Object.values((await stored())[0]!)).not.toContain(comesOfAgeAtMs);
});

test('a consent in force ends soon within 30 days of its end, and in no other state', () => {
	expect(endsSoon('active', NOW_MS + 30 * DAY_MS, NOW_MS)).toBe(true);
	expect(endsSoon('active', NOW_MS + 30 * DAY_MS + 1, NOW_MS)).toBe(false);
	for (const state of ['draft', 'expired', 'revoked'] as const) expect(endsSoon(state, NOW_MS + 1, NOW_MS)).toBe(false);
	expect(endsSoon('active', null, NOW_MS)).toBe(false);
});
