import { expect, test } from 'vitest';

import { action as profileAction, loader as profileLoader } from '../../../app/routes/practice._index';
import { loader as auditLoader } from '../../../app/routes/practice.audit';
import { loader as keysLoader } from '../../../app/routes/practice.keys';
import { loader as rolesLoader } from '../../../app/routes/practice.roles';
import { action as teamAction, loader as teamLoader } from '../../../app/routes/practice.team';
import { loader as makeLoader } from '../../../app/routes/practice_.keys.new';
import { action as leaveAction, loader as leaveLoader } from '../../../app/routes/practice_.leave';
import { action as ownerAction, loader as ownerLoader } from '../../../app/routes/practice_.owner';
import { action as roleAction, loader as memberLoader } from '../../../app/routes/practice_.team.$id';
import { action as removeAction, loader as removeLoader } from '../../../app/routes/practice_.team.$id_.remove';
import { get, givenApi, json, post, refusal, responseOf } from '../fake-api';
import { ACCOUNT, ADA, args, BEN, members, PROOF } from '../given-team';

const signedOut = () => refusal(401, 'not_signed_in', 'Sign in.');

test('every page leads a stranger to sign-in and back', async () => {
	const api = givenApi({
		'GET /v1/account': signedOut,
		'GET /v1/members': signedOut,
		'GET /v1/invitations': signedOut,
		'GET /v1/keys': signedOut,
		'GET /v1/audit': signedOut,
	});
	const pages = [
		['/practice', profileLoader],
		['/practice/team', teamLoader],
		['/practice/roles', rolesLoader],
		['/practice/keys', keysLoader],
		['/practice/audit', auditLoader],
		['/practice/keys/new', makeLoader],
		['/practice/leave', leaveLoader],
		['/practice/owner', ownerLoader],
		['/practice/team/usr_ben', memberLoader],
		['/practice/team/usr_ben/remove', removeLoader],
	] as const;
	for (const [path, loader] of pages) {
		const answer = await responseOf(Promise.resolve(loader(args(api, get(path), { id: 'usr_ben' }))));
		expect(answer.headers.get('location')).toBe(`/sign-in?next=${encodeURIComponent(path)}`);
	}
});

const gone = () => refusal(403, 'account_required', 'Choose one first.');

test('who was removed is led to where an account is chosen', async () => {
	const api = givenApi({ 'GET /v1/members': gone, 'GET /v1/invitations': gone });
	const answer = await responseOf(teamLoader(args(api, get('/practice/team'))));
	expect(answer.headers.get('location')).toBe('/accounts?next=%2Fpractice%2Fteam');
});

test('where people work alone there is no team and no key, and the pages say so without asking', async () => {
	const api = givenApi({}, 'image');
	for (const [path, loader] of [
		['/practice/team', teamLoader],
		['/practice/roles', rolesLoader],
		['/practice/leave', leaveLoader],
		['/practice/keys', keysLoader],
		['/practice/keys/new', makeLoader],
	] as const) {
		const answer = await responseOf(loader(args(api, get(path))));
		expect(answer.status).toBe(404);
		expect(await answer.text()).toMatch(/there is no team|has no API keys/);
	}
	expect(api.called).toEqual([]);
});

test('the profile is saved trimmed, and names its owner for the others', async () => {
	const api = givenApi({
		'PATCH /v1/account': () => json(ACCOUNT),
		'GET /v1/account': () => json(ACCOUNT),
		'GET /v1/members': members('ben'),
	});
	const fields = { intent: 'profile', name: ' Praxis Nord ', phone: '', website: 'nord.example', address: '' };

	expect(await profileAction(args(api, post('/practice?index', fields)))).toMatchObject({
		data: { done: 'Profile saved.' },
	});
	expect(api.called[0]?.body).toEqual({ name: 'Praxis Nord', phone: '', website: 'https://nord.example', address: '' });
	expect(await profileLoader(args(api, get('/practice')))).toMatchObject({
		ownerName: 'Ada',
		profile: { phone: '', website: 'https://nord.example' },
	});
});

test('a profile without a name goes nowhere, and a refused one comes back as it was typed', async () => {
	const wrong = json(
		{ error: { code: 'invalid_input', message: 'A website begins with https://.', details: { fields: ['website'] } } },
		400,
	);
	const api = givenApi({ 'PATCH /v1/account': () => wrong });
	const typed = { name: 'Praxis', phone: '1', website: 'https://x.example', address: 'A\nB' };

	expect(await profileAction(args(api, post('/practice?index', { ...typed, name: ' ' })))).toMatchObject({
		data: { errors: { name: 'Type the name of the practice.' } },
		init: { status: 400 },
	});
	expect(api.called).toEqual([]);
	expect(await profileAction(args(api, post('/practice?index', typed)))).toMatchObject({
		data: { errors: { website: 'A website begins with https://.' }, typed },
		init: { status: 400 },
	});
});

test('a logo is chosen by its upload and removed; a refusal stands at the logo', async () => {
	const api = givenApi({
		'PUT /v1/account/logo': () => json(ACCOUNT),
		'DELETE /v1/account/logo': () => refusal(403, 'not_allowed', 'Ask the owner.'),
	});
	expect(await profileAction(args(api, post('/practice?index', { intent: 'logo', uploadId: 'upl_1' })))).toMatchObject({
		data: { done: 'Logo saved.' },
	});
	expect(api.called[0]?.body).toEqual({ uploadId: 'upl_1' });
	expect(await profileAction(args(api, post('/practice?index', { intent: 'remove-logo' })))).toMatchObject({
		data: { errors: { logo: 'Ask the owner.' } },
		init: { status: 403 },
	});
});

test('the team says who may change it', async () => {
	const list = { 'GET /v1/invitations': () => json({ items: [] }) };
	const owner = givenApi({ ...list, 'GET /v1/members': members('ada') });
	const staff = givenApi({ ...list, 'GET /v1/members': members('ben') });
	expect(await teamLoader(args(owner, get('/practice/team')))).toMatchObject({ mayChange: true, membersMax: 50 });
	expect(await teamLoader(args(staff, get('/practice/team')))).toMatchObject({ mayChange: false });
});

test('an invitation is mailed; what is wrong with it stands at its field', async () => {
	const api = givenApi({
		'POST /v1/invitations': () =>
			refusal(409, 'conflict', 'Somebody with this address belongs to the practice already.'),
	});
	const invite = (fields: Record<string, string>) =>
		teamAction(args(api, post('/practice/team', { intent: 'invite', ...fields })));

	expect(await invite({ email: 'ben', role: 'owner' })).toMatchObject({
		data: {
			errors: { email: expect.stringContaining('not an e-mail'), role: expect.stringContaining('Choose a role') },
		},
		init: { status: 400 },
	});
	expect(api.called).toEqual([]);
	expect(await invite({ email: ' ben@x.test ', role: 'staff' })).toMatchObject({
		data: { errors: { email: expect.stringContaining('already') }, typed: { role: 'staff' } },
		init: { status: 409 },
	});
	expect(api.called[0]?.body).toEqual({ email: 'ben@x.test', role: 'staff' });
});

const revoke = (status: number) =>
	givenApi({
		'DELETE /v1/invitations/inv_1': () =>
			status === 200 ? json({ id: 'inv_1' }) : refusal(409, 'conflict', 'This invitation was accepted.'),
	});

const revoking = () => post('/practice/team', { intent: 'revoke', id: 'inv_1' });

test('a revoked invitation is said in place, and so is one that was accepted meanwhile', async () => {
	expect(await teamAction(args(revoke(200), revoking()))).toMatchObject({
		data: { done: expect.stringContaining('dead') },
	});
	expect(await teamAction(args(revoke(409), revoking()))).toMatchObject({
		data: { refused: 'This invitation was accepted.' },
	});
});

const seen = async (you: 'ada' | 'ben', id: string) => {
	const api = givenApi({ 'GET /v1/members': members(you) });
	const answer = await memberLoader(args(api, get(`/practice/team/${id}`), { id })).catch((thrown: unknown) => thrown);
	return answer instanceof Response ? answer.status : 200;
};

test('a member’s page is the owner’s alone, and there is none for the owner or a stranger', async () => {
	expect(await seen('ada', BEN.id)).toBe(200);
	expect(await seen('ada', ADA.id)).toBe(404);
	expect(await seen('ada', 'usr_nobody')).toBe(404);
	expect(await seen('ben', BEN.id)).toBe(403);
});

test('a role is changed with its reason, and the team’s page says so', async () => {
	const api = givenApi({ 'PATCH /v1/members/usr_ben': () => json({ id: BEN.id, role: 'clinician' }) });
	const form = post('/practice/team/usr_ben', { role: 'clinician', reason: ' Exam ' });
	const answer = await responseOf(roleAction(args(api, form, { id: BEN.id })));
	expect(answer.headers.get('location')).toBe('/practice/team?done=role');
	expect(api.called[0]?.body).toEqual({ role: 'clinician', reason: 'Exam' });
});

const key = (state: string, maker: string) => ({ id: 'key', state, maker: { id: maker, name: '' } });

test('the page that removes counts the keys that stop, and only those that work', async () => {
	const items = [key('live', BEN.id), key('live', BEN.id), key('revoked', BEN.id), key('live', ADA.id)];
	const api = givenApi({
		'GET /v1/members': members('ada'),
		'GET /v1/keys': () => json({ items, liveMax: 20 }),
		'DELETE /v1/members/usr_ben': () => json({ id: BEN.id }),
	});
	const path = '/practice/team/usr_ben/remove';
	expect(await removeLoader(args(api, get(path), { id: BEN.id }))).toMatchObject({ keys: 2, member: { name: 'Ben' } });
	const answer = await responseOf(removeAction(args(api, post(path, { reason: '' }), { id: BEN.id })));
	expect(answer.headers.get('location')).toBe('/practice/team?done=removed');
});

test('the owner is not offered to leave, a member leaves the account that is named', async () => {
	const account = { 'GET /v1/account': () => json(ACCOUNT) };
	const owner = givenApi({ ...account, 'GET /v1/members': members('ada') });
	expect((await responseOf(leaveLoader(args(owner, get('/practice/leave'))))).headers.get('location')).toBe(
		'/practice/team',
	);
	const api = givenApi({
		...account,
		'GET /v1/members': members('ben'),
		'POST /v1/accounts/acc_1/leave': () => json({ id: 'acc_1' }),
	});
	expect(await leaveLoader(args(api, get('/practice/leave')))).toEqual({
		id: 'acc_1',
		name: 'Praxis Nord',
		keys: null,
	});
	const left = await responseOf(leaveAction(args(api, post('/practice/leave', { id: 'acc_1' }))));
	expect(left.headers.get('location')).toBe('/accounts');
});

test('handing over asks for a proof and comes back to the same choice', async () => {
	const api = givenApi({ 'POST /v1/account/transfer': PROOF });
	const form = (fields: Record<string, string>) => ownerAction(args(api, post('/practice/owner', fields)));
	expect(await form({ userId: '', reason: '' })).toMatchObject({ data: { errors: { userId: expect.any(String) } } });
	const answer = await responseOf(form({ userId: BEN.id, reason: '' }));
	expect(answer.headers.get('location')).toBe(`/prove?next=${encodeURIComponent('/practice/owner?to=usr_ben')}`);
	const alone = givenApi({ 'GET /v1/members': () => json({ items: [{ ...ADA, isYou: true }], membersMax: 50 }) });
	expect((await responseOf(ownerLoader(args(alone, get('/practice/owner'))))).headers.get('location')).toBe(
		'/practice/team',
	);
});
