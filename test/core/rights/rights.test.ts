import { env } from 'cloudflare:workers';
import { and, eq, like } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { auditEntries } from '../../../schema/audit';
import { choices } from '../../../schema/choices';
import { mails } from '../../../schema/mail';
import { RIGHTS, rightsRequests } from '../../../schema/rights';
import { users } from '../../../schema/users';
import { DAY_MS } from '../../../studios/policy/data-classes';
import { retentionMs } from '../../../studios/policy/policy';
import { RIGHT_KINDS } from '../../../studios/rights';
import type { Mail } from '../../../workers/core/mail/mail';
import { openMail } from '../../../workers/core/mail/seal-mail';
import { listRequests } from '../../../workers/core/rights/list-requests';
import { objectToUses } from '../../../workers/core/rights/object-to-uses';
import { openOwnRequest, openRequest } from '../../../workers/core/rights/open-request';
import { listOwnRequests, lookAtRequest, proveRequest } from '../../../workers/core/rights/prove-request';
import {
	nextRequestState,
	PROVE_DAYS,
	type RequestEvent,
	type RequestState,
} from '../../../workers/core/rights/request-state';
import { endRequest, extendRequest, showRequest } from '../../../workers/core/rights/requests-by-operator';
import { eraseDueRequests } from '../../../workers/core/retention/erase-due-requests';
import { sweepRights } from '../../../workers/core/rights/sweep-rights';
import { keyName } from '../../../workers/core/vault/data-key';
import { givenAccount, givenUser } from '../../support/given';
import { renderWorld, type RenderWorld } from '../../support/render-world';

const WHENCE = { network: null, country: null, browser: null };
const FORM = {
	right: 'access',
	name: 'Mara Sample',
	who: 'a patient of Practice Ada',
	words: 'canary of the words',
} as const;

let count = 0;
const freshAddress = () => `mara-${(count += 1)}-${crypto.randomUUID()}@patient.test`;

async function mailsTo(deps: RenderWorld, address: string): Promise<Mail[]> {
	const rows = await deps.db.select().from(mails);
	const opened = await Promise.all(
		rows
			.filter(({ sealed }) => sealed !== null)
			.map(({ id, sealed }) => openMail(deps.mailKey, id, sealed!).catch(() => null)),
	);
	return opened.filter((mail): mail is Mail => mail !== null && mail.to === address);
}

/** A request as it came, with the link that was mailed. */
async function givenRequest(deps: RenderWorld, changed: Partial<Parameters<typeof openRequest>[1]> = {}) {
	const email = freshAddress();
	await openRequest(deps, { ...FORM, email, network: null, ...changed });
	const [mail] = await mailsTo(deps, email);
	if (mail?.kind !== 'rights_link') throw new Error('no link was mailed');
	const url = new URL(mail.url);
	return { email, requestId: url.pathname.split('/').at(-1) ?? '', token: url.hash.slice(1), url };
}

async function givenOpen(deps: RenderWorld, changed: Partial<Parameters<typeof openRequest>[1]> = {}) {
	const given = await givenRequest(deps, changed);
	await proveRequest(deps, given);
	return given;
}

/** More than one sweep takes on: other tests of this file leave requests too. */
async function sweepAll(deps: RenderWorld, input: { dueMs: number }): Promise<void> {
	for (let sweeps = 0; sweeps < 4; sweeps += 1) await sweepRights(deps, input);
}

async function rowOf({ db }: RenderWorld, id: string) {
	const [row] = await db.select().from(rightsRequests).where(eq(rightsRequests.id, id));
	return row;
}

async function auditOf({ db }: RenderWorld, targetId: string) {
	const rows = await db
		.select()
		.from(auditEntries)
		.where(and(eq(auditEntries.targetId, targetId), like(auditEntries.action, 'rights.%')));
	return rows.map(({ action, userId }) => `${userId} ${action}`);
}

test('the words of the form and the rights of the table are the same list', () => {
	expect(RIGHT_KINDS).toEqual(RIGHTS);
});

test.each<[RequestState, RequestEvent, RequestState | null]>([
	['unproved', 'proved', 'open'],
	['unproved', 'silent', 'lapsed'],
	['unproved', 'answered', null],
	['unproved', 'extended', null],
	['open', 'extended', 'open'],
	['open', 'answered', 'answered'],
	['open', 'refused', 'refused'],
	['open', 'silent', null],
	['answered', 'refused', null],
	['refused', 'answered', null],
	['lapsed', 'proved', null],
])('a request that is %s and %s becomes %s', (state, event, next) => {
	expect(nextRequestState(state, event)).toBe(next);
});

test('a request is stored sealed under a key of its own, due a month later, and a link without what was typed is mailed', async () => {
	const deps = await renderWorld();
	const { requestId, email, url, token } = await givenRequest(deps);
	const row = await rowOf(deps, requestId);
	expect(row).toMatchObject({ state: 'unproved', right: 'access', userId: null, provedAtMs: null });
	expect(row?.dueAtMs).toBe(deps.now().getTime() + 30 * DAY_MS);
	expect(JSON.stringify(row)).not.toMatch(/canary|Mara|patient\.test/);
	expect(row?.tokenHash).not.toContain(token);
	expect(url.search).toBe('');
	expect(await env.VAULT.head(keyName(requestId))).not.toBe(null);
	expect(JSON.stringify(await mailsTo(deps, email))).not.toMatch(/canary|Mara/);
	expect((await listRequests(deps, {})).items).not.toContainEqual(expect.objectContaining({ id: requestId }));
});

test('the link opens it once, says how it stands each time, and no other link does', async () => {
	const deps = await renderWorld();
	const { requestId, token, email } = await givenRequest(deps);
	await expect(proveRequest(deps, { requestId, token: `${token}x` })).rejects.toMatchObject({ code: 'not_found' });
	const foreign = await givenRequest(deps);
	await expect(lookAtRequest(deps, { requestId, token: foreign.token })).rejects.toMatchObject({ code: 'not_found' });
	expect((await rowOf(deps, requestId))?.state).toBe('unproved');
	const proved = await proveRequest(deps, { requestId, token });
	expect(proved).toMatchObject({ state: 'open', answer: null });
	expect(await proveRequest(deps, { requestId, token })).toEqual(proved);
	expect((await mailsTo(deps, email)).filter(({ kind }) => kind === 'rights_news')).toHaveLength(1);
});

test('what nobody confirms within a week is emptied, its key first, and its link says so', async () => {
	const deps = await renderWorld();
	const { requestId, token } = await givenRequest(deps);
	deps.clock.advance({ hours: PROVE_DAYS * 24 - 1 });
	await sweepAll(deps, { dueMs: deps.now().getTime() });
	expect((await rowOf(deps, requestId))?.state).toBe('unproved');
	deps.clock.advance({ hours: 1 });
	await expect(proveRequest(deps, { requestId, token })).rejects.toMatchObject({ code: 'gone' });
	await sweepAll(deps, { dueMs: deps.now().getTime() });
	expect(await rowOf(deps, requestId)).toMatchObject({ state: 'lapsed', sealed: '' });
	expect(await env.VAULT.head(keyName(requestId))).toBe(null);
	await expect(lookAtRequest(deps, { requestId, token })).rejects.toMatchObject({ code: 'gone' });
});

test('the queue has what a child gave first, then what is due soonest, and marks what is alarming and late', async () => {
	const deps = await renderWorld();
	const late = await givenOpen(deps);
	deps.clock.advance({ hours: 25 * 24 });
	const soon = await givenOpen(deps);
	const child = await givenOpen(deps, { right: 'child' });
	deps.clock.advance({ hours: 5 * 24 });
	const ours = new Set([late, soon, child].map(({ requestId }) => requestId));
	const queue = (await listRequests(deps, {})).items.filter(({ id }) => ours.has(id));
	expect(queue).toMatchObject([
		{ id: child.requestId, right: 'child', isAlarming: false, isLate: false },
		{ id: late.requestId, isAlarming: true, isLate: true },
		{ id: soon.requestId, isAlarming: false, isLate: false },
	]);
	expect(JSON.stringify(queue)).not.toMatch(/canary|Mara|patient\.test/);
});

test('no request is hidden by those before it: each is on one page, and every page says how many wait', async () => {
	const deps = await renderWorld();
	const before = await deps.db.$count(rightsRequests, eq(rightsRequests.state, 'open'));
	const { alarming: late } = await listRequests(deps, {});
	const nowMs = deps.now().getTime();
	const rows = Array.from({ length: 230 }, (_, at) => ({
		id: deps.newId('rightsRequest'),
		right: at < 110 ? ('child' as const) : ('access' as const),
		state: 'open' as const,
		sealed: 'v1.',
		tokenHash: crypto.randomUUID(),
		receivedAtMs: nowMs,
		provedAtMs: nowMs,
		// Two of a day, so that a page ends between equals; the last of those without a child's is late.
		dueAtMs: at === 229 ? nowMs : nowMs + (10 + Math.floor(at / 2)) * DAY_MS,
	}));
	for (let from = 0; from < rows.length; from += 10)
		await deps.db.insert(rightsRequests).values(rows.slice(from, from + 10));
	const found: string[] = [];
	let cursor: string | undefined;
	do {
		const page = await listRequests(deps, { cursor });
		expect(page.items.length).toBeLessThanOrEqual(100);
		expect(page).toMatchObject({ open: before + 230, alarming: late + 1 });
		found.push(...page.items.map(({ id }) => id));
		cursor = page.nextCursor ?? undefined;
	} while (cursor !== undefined);
	const inOrder = rows.toSorted(
		(one, two) =>
			Number(two.right === 'child') - Number(one.right === 'child') ||
			one.dueAtMs - two.dueAtMs ||
			(one.id < two.id ? -1 : 1),
	);
	const ours = new Set(rows.map(({ id }) => id));
	expect(found.filter((id) => ours.has(id))).toEqual(inOrder.map(({ id }) => id));
	expect(new Set(found).size).toBe(before + 230);
	await expect(listRequests(deps, { cursor: '1~x~rrq_1' })).rejects.toMatchObject({ code: 'invalid_input' });
	for (const { id } of rows) await deps.db.delete(rightsRequests).where(eq(rightsRequests.id, id));
});

test('operators are warned once when a week is left, and once more after an extension', async () => {
	const deps = await renderWorld();
	const { requestId, email } = await givenOpen(deps);
	const { email: ops } = deps.studio.policy.controller;
	const warnings = async () =>
		(await mailsTo(deps, ops)).filter((mail) => mail.kind === 'rights_due' && mail.requestId === requestId);
	deps.clock.advance({ hours: 23 * 24 - 1 });
	await sweepAll(deps, { dueMs: deps.now().getTime() });
	expect(await warnings()).toHaveLength(0);
	deps.clock.advance({ hours: 1 });
	for (const _ of [1, 2]) await sweepAll(deps, { dueMs: deps.now().getTime() });
	expect(await warnings()).toHaveLength(1);
	expect(JSON.stringify(await warnings())).not.toContain(email);
	await extendRequest(deps, { whence: WHENCE, requestId, reason: 'Many pictures have to be looked through.' });
	deps.clock.advance({ hours: 60 * 24 });
	await sweepAll(deps, { dueMs: deps.now().getTime() });
	expect(await warnings()).toHaveLength(2);
});

test('showing a request opens its words and stands in the record', async () => {
	const deps = await renderWorld();
	const { requestId, email } = await givenOpen(deps);
	const shown = await showRequest(deps, { whence: WHENCE, requestId });
	expect(shown).toMatchObject({ ...FORM, address: email, state: 'open' });
	expect(JSON.stringify(shown)).not.toContain('token');
	expect(await auditOf(deps, requestId)).toEqual(['operator rights.read']);
});

test.each(['answered', 'refused'] as const)(
	'a request is %s once, its words mailed and sealed, and the same again changes nothing',
	async (as) => {
		const deps = await renderWorld();
		const given = await givenOpen(deps);
		const { requestId, email } = given;
		const input = { whence: WHENCE, requestId, as, words: 'Here is the answer of ours.' };
		const first = await endRequest(deps, input);
		expect(first).toMatchObject({ isNew: true, request: { state: as, answer: input.words } });
		expect(await endRequest(deps, input)).toMatchObject({ isNew: false, request: { state: as } });
		await expect(endRequest(deps, { ...input, words: 'Another.' })).rejects.toMatchObject({ code: 'conflict' });
		const other = as === 'answered' ? 'refused' : 'answered';
		await expect(endRequest(deps, { ...input, as: other })).rejects.toMatchObject({ code: 'conflict' });
		const news = (await mailsTo(deps, email)).flatMap((mail) => (mail.kind === 'rights_news' ? [mail.news] : []));
		expect(news.filter(({ what }) => what === as)).toEqual([{ what: as, words: input.words }]);
		expect(await auditOf(deps, requestId)).toEqual([`operator rights.${as}`]);
		expect(JSON.stringify(await rowOf(deps, requestId))).not.toContain('answer of ours');
		expect(await lookAtRequest(deps, given)).toMatchObject({ answer: input.words });
	},
);

test('two answers at once: one is told, the other is a conflict and leaves no entry', async () => {
	const deps = await renderWorld();
	const { requestId, email } = await givenOpen(deps);
	const asks = (['answered', 'refused'] as const).map((as) =>
		endRequest(deps, { whence: WHENCE, requestId, as, words: `It is ${as}.` }),
	);
	const results = await Promise.allSettled(asks);
	expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
	expect(await auditOf(deps, requestId)).toHaveLength(1);
	const news = (await mailsTo(deps, email)).filter(
		(mail) => mail.kind === 'rights_news' && mail.news.what !== 'opened',
	);
	expect(news).toHaveLength(1);
});

test('what is not confirmed is not answered, and what is not there is not found', async () => {
	const deps = await renderWorld();
	const { requestId } = await givenRequest(deps);
	const input = { whence: WHENCE, as: 'answered', words: 'Here.' } as const;
	await expect(endRequest(deps, { ...input, requestId })).rejects.toMatchObject({ code: 'conflict' });
	await expect(endRequest(deps, { ...input, requestId: 'rrq_none' })).rejects.toMatchObject({ code: 'not_found' });
	expect(await auditOf(deps, requestId)).toEqual([]);
});

test('a request takes longer once, before its month is over, with a reason that is mailed', async () => {
	const deps = await renderWorld();
	const { requestId, email } = await givenOpen(deps);
	const before = await rowOf(deps, requestId);
	const input = { whence: WHENCE, requestId, reason: 'Many pictures have to be looked through.' };
	expect(await extendRequest(deps, input)).toMatchObject({ isNew: true });
	expect(await extendRequest(deps, input)).toMatchObject({ isNew: false });
	expect((await rowOf(deps, requestId))!.dueAtMs - before!.dueAtMs).toBe(60 * DAY_MS);
	await expect(extendRequest(deps, { ...input, reason: 'And more.' })).rejects.toMatchObject({ code: 'conflict' });
	const news = (await mailsTo(deps, email)).flatMap((mail) => (mail.kind === 'rights_news' ? [mail.news] : []));
	expect(news.filter(({ what }) => what === 'extended')).toMatchObject([{ reason: input.reason }]);
	const late = await givenOpen(deps);
	deps.clock.advance({ hours: 31 * 24 });
	await expect(extendRequest(deps, { ...input, requestId: late.requestId })).rejects.toMatchObject({
		code: 'conflict',
	});
	expect(await auditOf(deps, requestId)).toEqual(['operator rights.extended']);
});

test.each([
	['2027-01-31T10:00:00.000Z', '2027-02-28T10:00:00.000Z', '2027-04-29T10:00:00.000Z'],
	['2027-02-01T10:00:00.000Z', '2027-03-01T10:00:00.000Z', '2027-04-30T10:00:00.000Z'],
	['2028-01-31T10:00:00.000Z', '2028-02-29T10:00:00.000Z', '2028-04-29T10:00:00.000Z'],
	['2027-03-31T10:00:00.000Z', '2027-04-30T10:00:00.000Z', '2027-06-29T10:00:00.000Z'],
	['2027-12-30T10:00:00.000Z', '2028-01-29T10:00:00.000Z', '2028-03-29T10:00:00.000Z'],
])(
	'what came on %s is due by %s and extended by %s, never past the month and the two more of the law',
	async (came, due, extended) => {
		const deps = await renderWorld();
		deps.clock.set(new Date(came));
		const { requestId, token } = await givenRequest(deps);
		expect(await proveRequest(deps, { requestId, token })).toMatchObject({ dueAt: due });
		const { request } = await extendRequest(deps, { whence: WHENCE, requestId, reason: 'Many pictures.' });
		expect(request.dueAt).toBe(extended);
		for (const [at, months] of [
			[due, 1],
			[extended, 3],
		] as const) {
			const last = new Date(came);
			const lastDay = new Date(Date.UTC(last.getUTCFullYear(), last.getUTCMonth() + months + 1, 0)).getUTCDate();
			last.setUTCMonth(last.getUTCMonth() + months, Math.min(last.getUTCDate(), lastDay));
			expect(Date.parse(at)).toBeLessThanOrEqual(last.getTime());
		}
	},
);

test('three years after its end a request is removed, its key first', async () => {
	const deps = await renderWorld();
	const { requestId } = await givenOpen(deps);
	await endRequest(deps, { whence: WHENCE, requestId, as: 'answered', words: 'Here.' });
	const keptMs = retentionMs(deps.studio.policy, 'request');
	await eraseDueRequests(deps, { dueMs: deps.now().getTime() + keptMs - 1 });
	expect(await rowOf(deps, requestId)).toBeDefined();
	await eraseDueRequests(deps, { dueMs: deps.now().getTime() + keptMs });
	expect(await rowOf(deps, requestId)).toBeUndefined();
	expect(await env.VAULT.head(keyName(requestId))).toBe(null);
});

test('no more requests than the studio’s rate are taken from an address, and what is refused leaves nothing', async () => {
	const deps = await renderWorld();
	const email = freshAddress();
	const { max } = deps.studio.rates.rights.address;
	for (let sent = 0; sent < max; sent += 1) await openRequest(deps, { ...FORM, email, network: null });
	const before = await deps.db.$count(rightsRequests);
	await expect(openRequest(deps, { ...FORM, email, network: null })).rejects.toMatchObject({
		code: 'too_many_requests',
	});
	expect(await deps.db.$count(rightsRequests)).toBe(before);
	expect(await mailsTo(deps, email)).toHaveLength(max);
});

test('who fills the form with somebody’s address keeps nobody who is signed in from asking', async () => {
	const deps = await renderWorld();
	const { userId, email } = await givenUser(deps);
	const { max } = deps.studio.rates.rights.address;
	for (let sent = 0; sent < max; sent += 1) await openRequest(deps, { ...FORM, email, network: null });
	const refused = { code: 'too_many_requests' };
	await expect(openRequest(deps, { ...FORM, email, network: null })).rejects.toMatchObject(refused);
	const own = { ...FORM, who: 'somebody with an account', userId, email, network: null };
	const ids: string[] = [];
	for (let sent = 0; sent < deps.studio.rates.rights.person.max; sent += 1)
		ids.push((await openOwnRequest(deps, own)).id);
	await expect(openOwnRequest(deps, own)).rejects.toMatchObject(refused);
	expect((await listOwnRequests(deps, { userId })).map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
});

test('a request of somebody signed in is open at once and is theirs to see', async () => {
	const deps = await renderWorld();
	const { userId, email } = await givenUser(deps);
	const { id } = await openOwnRequest(deps, { ...FORM, right: 'transfer_safeguards', userId, email, network: null });
	expect(await listOwnRequests(deps, { userId })).toMatchObject([{ id, state: 'open', right: 'transfer_safeguards' }]);
	const stranger = await givenUser(deps);
	expect(await listOwnRequests(deps, stranger)).toEqual([]);
});

test('who has another address since is answered there, and nowhere else', async () => {
	const deps = await renderWorld();
	const { userId, email } = await givenUser(deps);
	const { id } = await openOwnRequest(deps, { ...FORM, userId, email, network: null });
	const address = freshAddress();
	await deps.db.update(users).set({ email: address }).where(eq(users.id, userId));
	expect(await showRequest(deps, { whence: WHENCE, requestId: id })).toMatchObject({ address });
	await endRequest(deps, { whence: WHENCE, requestId: id, as: 'answered', words: 'Here is all of it.' });
	const newsTo = async (to: string) =>
		(await mailsTo(deps, to)).flatMap((mail) => (mail.kind === 'rights_news' ? [mail.news.what] : []));
	expect(await newsTo(address)).toEqual(['answered']);
	expect(await newsTo(email)).toEqual(['opened']);
});

test('an objection refuses every purpose in one step and opens one request, however often it is sent', async () => {
	const deps = await renderWorld();
	const actor = await givenAccount(deps);
	if (actor.via.kind !== 'session') throw new Error('no session');
	const person = { userId: actor.userId, sessionId: actor.via.sessionId, name: 'Ada', email: freshAddress() };
	const input = { person, whence: WHENCE, regime: 'eea' as const, hasGpc: false, words: 'Stop it.' };
	const first = await objectToUses(deps, input);
	const denied = await deps.db.select().from(choices).where(eq(choices.userId, actor.userId));
	expect(denied.map(({ purpose, choice }) => `${purpose} ${choice}`).toSorted()).toEqual([
		'advertising denied',
		'analytics denied',
		'announcements denied',
		'error_reports denied',
		'product_updates denied',
	]);
	expect(await objectToUses(deps, input)).toEqual(first);
	expect(await listOwnRequests(deps, person)).toMatchObject([{ id: first.requestId, right: 'object', state: 'open' }]);
	const ended = { ...input, person: { ...person, sessionId: 'over' } };
	await expect(objectToUses(deps, ended)).rejects.toMatchObject({ code: 'not_signed_in' });
	expect(await deps.db.select().from(choices).where(eq(choices.userId, actor.userId))).toHaveLength(10);
});
