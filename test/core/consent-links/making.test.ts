import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { consentLinks } from '../../../schema/consents';
import { createLink } from '../../../workers/core/consent-links/create-link';
import { endLink } from '../../../workers/core/consent-links/end-link';
import { LINK_LIMITS } from '../../../workers/core/consent-links/link-state';
import { listLinks } from '../../../workers/core/consent-links/list-links';
import { openLink } from '../../../workers/core/consent-links/open-link';
import { sweepLinks } from '../../../workers/core/consent-links/sweep-links';
import { listAudit } from '../../../workers/core/audit/list-audit';
import { revokeConsent } from '../../../workers/core/consents/revoke-consent';
import { placeHold } from '../../../workers/core/erasure/legal-holds';
import { givenAccount } from '../../support/given';
import { WHENCE } from '../../support/given-invitation';
import { anotherLink, givenLink, holding, sign, stored } from './link-world';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

test('a link to sign is answered once, lives three days, and its token is stored nowhere', async () => {
	const { deps, actor, consent, linkId, url, token, expiresAt } = await givenLink();
	const nowMs = deps.now().getTime();
	expect(url).toBe(`https://app.test/p/${token}`);
	expect(token).toMatch(/^[\w-]{43}$/);
	expect(Date.parse(expiresAt)).toBe(nowMs + 72 * HOUR_MS);
	const { links, audit } = await stored(deps, { actor, consent });
	expect(links).toMatchObject([
		{ id: linkId, consentId: consent.id, subjectId: consent.subjectId, openedAtMs: null, endedAtMs: null },
	]);
	expect(audit).toMatchObject([
		{ action: 'consent_link.made', userId: actor.userId, targetId: linkId, facts: { consentId: consent.id } },
	]);
	expect(JSON.stringify({ links, audit })).not.toContain(token);
});

test('the list says how far each link is and never what it is', async () => {
	const given = await givenLink();
	const { deps, actor, consent, token } = given;
	const states = async () => (await listLinks(deps, { actor, consentId: consent.id })).map(({ state }) => state);
	expect(await states()).toEqual(['waiting']);
	await openLink(deps, holding(token));
	expect(await states()).toEqual(['opened']);
	deps.clock.advance({ minutes: 1 });
	const second = await anotherLink(given);
	expect(await states()).toEqual(['waiting', 'opened']);
	await endLink(deps, { actor, whence: WHENCE, linkId: second.linkId });
	await sign(deps, token);
	expect(await states()).toEqual(['ended', 'signed']);
	deps.clock.advance({ hours: 24 * 500 });
	expect(await states()).toEqual(['ended', 'over']);
	expect(JSON.stringify(await listLinks(deps, { actor, consentId: consent.id }))).not.toContain(token);
});

test('three links to a consent are open at most, and one that is ended makes room', async () => {
	const given = await givenLink();
	const { deps, actor, consent, linkId } = given;
	await anotherLink(given);
	await anotherLink(given);
	await expect(anotherLink(given)).rejects.toMatchObject({ code: 'conflict' });
	expect((await stored(deps, given)).links).toHaveLength(LINK_LIMITS.openMax);
	expect((await stored(deps, given)).audit).toHaveLength(LINK_LIMITS.openMax);
	await endLink(deps, { actor, whence: WHENCE, linkId });
	await createLink(deps, { actor, whence: WHENCE, consentId: consent.id });
});

test('of two who make the third link at once, one does', async () => {
	const given = await givenLink();
	await anotherLink(given);
	const made = await Promise.allSettled([anotherLink(given), anotherLink(given)]);
	expect(made.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
	expect((await stored(given.deps, given)).links).toHaveLength(3);
});

test.each([
	['description', { description: null }],
	['discloser', { discloser: ' ' }],
	['recipient', { recipient: null }],
	['purposes', { purposes: [] }],
])('a draft without its %s is not shown to a patient', async (field, changed) => {
	await expect(givenLink({ changed })).rejects.toMatchObject({ code: 'invalid_input', details: { fields: [field] } });
});

test('a draft that was withdrawn gets no link, and its link says so', async () => {
	const given = await givenLink();
	const { deps, actor, consent, token } = given;
	await revokeConsent(deps, { actor, consentId: consent.id });
	await expect(anotherLink(given)).rejects.toMatchObject({ code: 'conflict' });
	await expect(openLink(deps, holding(token))).rejects.toMatchObject({
		code: 'gone',
		details: { reason: 'withdrawn' },
	});
});

test('whoever lost their link gets another to what is signed, which lives as long as the consent and 90 days', async () => {
	const given = await givenLink();
	const { deps, token } = given;
	const { signing } = await sign(deps, token);
	const { expiresAt } = await anotherLink(given);
	expect(Date.parse(expiresAt)).toBe(signing.expiresAtMs + 90 * DAY_MS);
	deps.clock.set(new Date(signing.expiresAtMs + 1));
	const late = await anotherLink(given);
	expect(Date.parse(late.expiresAt)).toBe(signing.expiresAtMs + 1 + 90 * DAY_MS);
});

test('a stranger neither makes, lists nor ends a link, and leaves no trace', async () => {
	const given = await givenLink();
	const { deps, consent, linkId, token } = given;
	const actor = await givenAccount(deps);
	const before = await stored(deps, given);
	await expect(anotherLink({ ...given, actor })).rejects.toMatchObject({ code: 'not_found' });
	await expect(listLinks(deps, { actor, consentId: consent.id })).rejects.toMatchObject({ code: 'not_found' });
	await expect(endLink(deps, { actor, whence: WHENCE, linkId })).rejects.toMatchObject({ code: 'not_found' });
	expect(await stored(deps, given)).toEqual(before);
	expect((await stored(deps, { ...given, actor })).audit).toEqual([]);
	expect(await openLink(deps, holding(token))).toMatchObject({ state: 'to_sign' });
});

test('a link that the practice ended opens nothing any more, and ending it twice answers the same', async () => {
	const given = await givenLink();
	const { deps, actor, linkId, token } = given;
	deps.clock.advance({ minutes: 5 });
	const first = await endLink(deps, { actor, whence: WHENCE, linkId });
	deps.clock.advance({ minutes: 5 });
	expect(await endLink(deps, { actor, whence: WHENCE, linkId })).toEqual(first);
	await expect(openLink(deps, holding(token))).rejects.toMatchObject({ code: 'gone', details: { reason: 'ended' } });
	const { audit } = await stored(deps, given);
	expect(audit.map(({ action }) => action)).toEqual(['consent_link.made', 'consent_link.ended']);
});

test('a link is swept 30 days after its end, signed by or not, and one under a legal hold stays', async () => {
	const given = await givenLink();
	const { deps } = given;
	const held = await givenLink({ deps });
	await placeHold(deps, { whence: WHENCE, targetId: held.consent.subjectId, matter: 'M-1' });
	const dueMs = Date.parse(given.expiresAt) + LINK_LIMITS.keptDays * DAY_MS;
	await sweepLinks(deps, { dueMs: dueMs - 1 });
	expect((await stored(deps, given)).links).toHaveLength(1);
	await sweepLinks(deps, { dueMs });
	expect((await stored(deps, given)).links).toEqual([]);
	expect((await stored(deps, held)).links).toHaveLength(1);
	await expect(openLink(deps, holding(given.token))).rejects.toMatchObject({ code: 'not_found' });
});

test('the record names the patient as whoever holds the link, and nobody else', async () => {
	const given = await givenLink();
	const { deps, actor, token } = given;
	await sign(deps, token);
	const { items } = await listAudit(deps, { actor, whence: WHENCE, filter: { action: 'consent.signed' }, limit: 10 });
	expect(items).toMatchObject([{ who: { name: 'The patient' }, network: null, country: null, browser: null }]);
	expect(await deps.db.select().from(consentLinks).where(eq(consentLinks.tokenHash, token))).toEqual([]);
});
