import { drizzle } from 'drizzle-orm/d1';
import { generateSignedCookie } from 'hono/cookie';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';

import type { Role } from '../../../studios/roles';
import { dental } from '../../../studios/dental';
import { sessionCookieName } from '../../../workers/core/accounts/create-auth';
import type { Actor } from '../../../workers/core/actor';
import type { Deps } from '../../../workers/core/deps';
import { openMail } from '../../../workers/core/mail/seal-mail';
import { startCountingApi } from '../../budgets/counting-api';
import { givenAccount, givenMember, givenSession, givenUser } from '../../support/given';

const ORIGIN = 'https://app.test';

let world: Awaited<ReturnType<typeof startCountingApi>>;
let deps: Pick<Deps, 'db' | 'now'>;
beforeAll(async () => {
	world = await startCountingApi();
	deps = { db: drizzle(world.d1), now: () => new Date() };
}, 60_000);
afterAll(() => world.close());

async function cookieOf({ via }: Pick<Actor, 'via'>): Promise<string> {
	const token = `token of ${via.kind === 'session' ? via.sessionId : ''}`;
	const options = { path: '/', secure: true };
	const set = await generateSignedCookie(sessionCookieName(ORIGIN), token, world.env.AUTH_SECRET, options);
	return set.split(';', 1)[0] ?? '';
}

function as(cookie: string) {
	return async (method: string, path: string, body?: unknown) => {
		const json = body === undefined ? {} : { 'content-type': 'application/json' };
		const answer = await world.fetch(path, {
			method,
			headers: { ...(cookie === '' ? {} : { cookie }), origin: ORIGIN, ...json },
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
		const answered: unknown = await answer.json();
		return { status: answer.status, body: answered };
	};
}

const nobody = as('');

async function givenPractice() {
	const owner = await givenAccount(deps);
	const inRole = async (role: Role) => as(await cookieOf(await givenMember(deps, { ...owner, role })));
	return { ...owner, owner: as(await cookieOf(owner)), inRole };
}

async function givenPerson() {
	const { userId, email } = await givenUser(deps);
	const via = await givenSession(deps, { userId, accountId: null });
	return { userId, email, ask: as(await cookieOf({ via })) };
}

/** What stands behind # in the newest mail. */
async function mailedToken(): Promise<string> {
	const row = z
		.object({ id: z.string(), sealed: z.string() })
		.parse(await world.d1.prepare('select id, sealed from mails order by rowid desc limit 1').first());
	const mail = await openMail(world.env.MAIL_SEALING_KEY, row.id, row.sealed);
	return mail.kind === 'invitation' ? new URL(mail.url).hash.slice(1) : '';
}

test('invited, looked at, joined, raised, handed over to, left behind: a team’s life over HTTP', async () => {
	const { owner, userId, accountId } = await givenPractice();
	const { email, userId: guestId, ask: guest } = await givenPerson();

	const invited = await owner('POST', '/v1/invitations', { email: ` ${email.toUpperCase()} `, role: 'staff' });
	expect(invited).toMatchObject({ status: 201, body: { email, role: 'staff', state: 'open' } });
	expect(await owner('GET', '/v1/invitations')).toEqual({ status: 200, body: { items: [invited.body] } });
	const token = await mailedToken();
	expect(await nobody('POST', '/v1/invitations/look', { token })).toMatchObject({
		status: 200,
		body: { accountName: 'Practice', role: 'staff', state: 'open' },
	});

	expect(await guest('GET', '/v1/members')).toMatchObject({
		status: 403,
		body: { error: { code: 'account_required' } },
	});
	expect(await guest('POST', '/v1/invitations/accept', { token })).toMatchObject({
		status: 403,
		body: { error: { code: 'statement_required', details: { textVersion: dental.statement?.textVersion } } },
	});
	const statementVersion = dental.statement?.textVersion;
	expect(await guest('POST', '/v1/invitations/accept', { token, statementVersion })).toEqual({
		status: 200,
		body: { id: accountId, name: 'Practice', role: 'staff' },
	});

	const raise = { role: 'clinician', reason: 'Exam.' };
	expect(await owner('PATCH', `/v1/members/${guestId}`, raise)).toEqual({
		status: 200,
		body: { id: guestId, role: 'clinician' },
	});
	expect(await owner('POST', '/v1/account/transfer', { userId: guestId })).toMatchObject({ status: 200 });
	expect(await guest('GET', '/v1/members')).toMatchObject({
		body: {
			membersMax: 50,
			items: [
				{ id: guestId, role: 'owner', isYou: true },
				{ id: userId, role: 'clinician', isYou: false },
			],
		},
	});
	// A body is not needed to remove somebody.
	expect(await guest('DELETE', `/v1/members/${userId}`)).toEqual({ status: 200, body: { id: userId } });
	expect(await owner('GET', '/v1/account')).toMatchObject({
		status: 403,
		body: { error: { code: 'account_required' } },
	});
	expect((await owner('GET', '/v1/session')).body).toMatchObject({ account: null, isAccountLost: true });
	expect((await guest('GET', '/v1/session')).body).toMatchObject({ account: { id: accountId }, isAccountLost: false });
	expect(await guest('POST', `/v1/accounts/${accountId}/leave`)).toMatchObject({ status: 409 });

	const audit = z
		.object({ items: z.array(z.object({ action: z.string() })) })
		.parse((await guest('GET', '/v1/audit')).body);
	expect(audit.items.map(({ action }) => action).toSorted()).toEqual([
		'audit.read',
		'member.invited',
		'member.joined',
		'member.removed',
		'ownership.transferred',
		'role.changed',
	]);
	expect(JSON.stringify(world.queued)).not.toContain(token);
	expect(JSON.stringify(world.queued)).not.toContain(email);
});

test.each(['clinician', 'staff', 'billing'] as const)(
	'as %s one reads who belongs to it and is refused everything else before it is looked up',
	async (role) => {
		const { inRole, userId } = await givenPractice();
		const ask = await inRole(role);
		for (const path of ['/v1/account', '/v1/members', '/v1/invitations']) {
			expect(await ask('GET', path)).toMatchObject({ status: 200 });
		}
		const refused: [string, string, object?][] = [
			['PATCH', '/v1/account', { name: 'Mine' }],
			['PUT', '/v1/account/logo', { uploadId: 'upl_none' }],
			['DELETE', '/v1/account/logo'],
			['POST', '/v1/account/transfer', { userId }],
			['POST', '/v1/invitations', { email: 'a@b.test', role: 'staff' }],
			['DELETE', '/v1/invitations/inv_none'],
			['GET', '/v1/audit'],
		];
		for (const id of [userId, 'nobody']) {
			refused.push(['PATCH', `/v1/members/${id}`, { role: 'staff' }], ['DELETE', `/v1/members/${id}`]);
		}
		const answers = new Set<string>();
		for (const [method, path, body] of refused) answers.add(JSON.stringify(await ask(method, path, body)));
		expect([...answers]).toEqual([expect.stringContaining(`Your role here, ${role}, does not include this.`)]);
		const logo = { kind: 'logo', contentType: 'image/png', byteLength: 10 };
		expect(await ask('POST', '/v1/uploads', logo)).toMatchObject({
			status: 403,
			body: { error: { code: 'not_allowed' } },
		});
	},
);

test('handing over asks for a fresh proof', async () => {
	const { owner, userId } = await givenPractice();
	vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 11 * 60_000 });
	try {
		expect(await owner('POST', '/v1/account/transfer', { userId })).toMatchObject({
			status: 403,
			body: { error: { code: 'reauthentication_required' } },
		});
	} finally {
		vi.useRealTimers();
	}
});

test('the profile is filled, shown and emptied, and a logo gets an address of its own', async () => {
	const { owner, accountId } = await givenPractice();
	const filled = { name: 'Bright', phone: '1', website: 'https://smile.example', address: '2' };

	expect(await owner('PATCH', '/v1/account', filled)).toMatchObject({ status: 200, body: filled });
	expect(await owner('PATCH', '/v1/account', { website: 'javascript:alert(1)' })).toMatchObject({
		status: 400,
		body: { error: { code: 'invalid_input', message: expect.stringContaining('https://') } },
	});
	const emptied = await owner('PATCH', '/v1/account', { phone: '', website: '', address: '' });
	expect(emptied.body).toMatchObject({ name: 'Bright', phone: null, website: null, address: null, logoUrl: null });

	const order = { kind: 'logo', contentType: 'image/png', byteLength: 10 };
	const ticket = await owner('POST', '/v1/uploads', order);
	expect(ticket).toMatchObject({ status: 201, body: { state: 'awaiting', consentId: null } });
	const { id, put } = z.object({ id: z.string(), put: z.object({ url: z.string() }) }).parse(ticket.body);
	expect(new URL(put.url).pathname).toMatch(new RegExp(`^/o/logo/${accountId}/`));
	expect(await owner('PUT', '/v1/account/logo', { uploadId: id })).toMatchObject({ status: 409 });
	expect(await owner('DELETE', '/v1/account/logo')).toEqual(emptied);
});

test.each([
	['POST', '/v1/invitations', { email: 'no address', role: 'staff' }],
	['POST', '/v1/invitations', { email: 'a@b.test', role: 'owner' }],
	['PATCH', '/v1/members/x', { role: 'owner' }],
	['PATCH', '/v1/members/x', { role: 'staff', reason: 'x'.repeat(301) }],
	['GET', '/v1/audit?action=nothing', undefined],
	['GET', '/v1/audit?from=yesterday', undefined],
	['GET', '/v1/audit?limit=101', undefined],
])('%s %s with %o is refused for its form', async (method, path, body) => {
	const { owner } = await givenPractice();
	expect(await owner(method, path, body)).toMatchObject({ status: 400, body: { error: { code: 'invalid_input' } } });
});
