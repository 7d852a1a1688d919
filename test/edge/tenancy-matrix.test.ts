import { randomUUID } from 'node:crypto';

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

import { PERMISSIONS, SCOPES } from '../../studios/roles';
import { DeletionAnswer, ReceiptAnswer, RenderView } from '../../workers/api/contract';
import { OwnRightsOrdered } from '../../workers/api/contract/rights';
import api from '../../workers/api/index';
import { givenPurchase } from './support/given-purchase';
import { givenReadySmile } from './support/given-smile';
import { givenPractice, type Practice } from './support/practice';
import { Cast, operator, program, stranger, type Principal } from './support/principals';
import { startTestEdge, type TestEdge } from './support/start-test-edge';
import { expectOrder, rowsOf, traceOf, untilQuiet } from './support/trace';
import { until } from './support/until';

/*
 * Every route, as the API's own document lists it, for every kind of standing and every kind of object (T1, ASVS 8.4.1): what
 * is not yours answers as what never was, and a role decides before anything is looked up.
 */

const CELLS_MIN = 1500;
/** A ceiling against hanging: thousands of requests, on two busy cores. */
const MATRIX_MS_MAX = 300_000;

/** Objects by the path that names them; a new noun has to be added here, with one of the owner's. */
const NOUNS = {
	'/v1/consents/{id}': 'consent',
	'/v1/consent-links/{id}': 'consent link',
	'/v1/uploads/{id}': 'upload',
	'/v1/renders/{id}': 'render',
	'/v1/assets/{id}': 'asset',
	'/v1/compositions/{id}': 'composition',
	'/v1/shares/{id}': 'share',
	'/v1/postings/{id}': 'posting',
	'/v1/receipts/{id}': 'receipt',
	// Named by a number: whatever is none is as a size without a head.
	'/v1/log/heads/{size}': 'everybody’s',
	'/v1/members/{id}': 'member',
	'/v1/invitations/{id}': 'invitation',
	'/v1/keys/{id}': 'key',
	'/v1/billing/checkouts/{id}': 'checkout',
	'/v1/billing/purchases/{id}': 'purchase',
	'/v1/accounts/{id}': 'account',
	'/v1/me/sessions/{id}': 'session',
	'/v1/me/ways/{id}': 'way',
	'/v1/me/passkeys/{id}': 'passkey',
	'/v1/subjects/{id}': 'subject',
	// Of whoever has its number: whatever is none is as one that never was.
	'/v1/erasures/{id}': 'everybody’s',
	'/v1/rights/exports/{id}': 'export',
	'/v1/operations/rights/{id}': 'rights request',
	// Whoever has the link: whatever is none is as one that was never sent.
	'/v1/unsubscribe/{token}': 'everybody’s',
	// By the name that the policy gives it: whatever is none is as one that never was.
	'/v1/policy/claims/{id}': 'everybody’s',
	'/v1/operations/ledger/{id}': 'account',
	'/v1/operations/reconciliations/{id}': 'reconciliation',
	'/v1/tickets/{id}': 'ticket',
	'/v1/operations/tickets/{id}': 'ticket',
	'/v1/operations/incidents/{id}': 'incident',
	'/v1/operations/staff-access/{id}': 'look',
} as const;
type Noun = (typeof NOUNS)[keyof typeof NOUNS];

/** Bodies that parse, for routes with an id: otherwise they would be refused for their form, not for whose it is. */
const BODIES: Readonly<Record<string, object>> = {
	'post /v1/consents/{id}/narrow': { channels: ['room'] },
	'post /v1/consents/{id}/complete': { checked: [] },
	'post /v1/assets/{id}/shares': {},
	'post /v1/assets/{id}/postings': { place: 'website', address: 'Ours', postedAt: '2026-11-21T12:00:00.000Z' },
	'post /v1/postings/{id}/removed': { proof: 'Looked' },
	'patch /v1/members/{id}': { role: 'staff' },
	'delete /v1/members/{id}': {},
	'delete /v1/keys/{id}': {},
	'patch /v1/me/passkeys/{id}': { name: 'Laptop' },
	'post /v1/tickets/{id}/look': {},
	'post /v1/tickets/{id}/messages': { words: 'Mine', key: 'the-key-of-a-message' },
	'post /v1/tickets/{id}/close': {},
	'post /v1/tickets/{id}/reopen': {},
	'post /v1/operations/tickets/{id}/reply': { words: 'Ours', key: 'reply' },
	'post /v1/operations/incidents/{id}/words': { happened: 'Nothing' },
	'post /v1/operations/incidents/{id}/reported': {},
	'post /v1/operations/incidents/{id}/close': {},
};

interface Route {
	readonly key: string;
	readonly method: string;
	readonly path: string;
	readonly access: string;
	readonly isProofAsked: boolean;
	readonly noun: Noun | null;
	readonly takesBody: boolean;
}

const OpenApi = z.object({
	paths: z.record(
		z.string(),
		z.record(
			z.string(),
			z.object({
				'x-access': z.enum(['public', 'person', 'proved person', 'operator', ...PERMISSIONS]),
				'x-proved': z.boolean().optional(),
				requestBody: z.unknown().optional(),
			}),
		),
	),
});

let it: TestEdge;
let routes: Route[];
/** The owner's; what is everybody's is nobody's thing. */
let things: Record<Exclude<Noun, 'everybody’s'>, string>;
let everyone: Principal[];
/** Puts back the owner's other session, which the owner may have ended. */
let restoreSession: () => Promise<void>;
/** Each once, also when a test is tried again. */
const cells = new Set<string>();

beforeAll(async () => {
	it = await startTestEdge();
	routes = await readRoutes();
	await meetEveryone();
});
afterEach(() => expectOrder(it));
afterAll(() => {
	console.info(
		`tenancy matrix: ${cells.size} cells over ${routes.length} routes and ${everyone.length} kinds of standing`,
	);
	return it.close();
});

async function readRoutes(): Promise<Route[]> {
	const document = OpenApi.parse(await (await it.edge.api.fetch('https://api/openapi.json')).json());
	return Object.entries(document.paths).flatMap(([path, methods]) =>
		Object.entries(methods).map(([method, operation]) => ({
			key: `${method} ${path}`,
			method: method.toUpperCase(),
			path,
			access: operation['x-access'],
			isProofAsked: operation['x-proved'] === true || operation['x-access'] === 'proved person',
			noun: nounOf(path),
			takesBody: operation.requestBody !== undefined,
		})),
	);
}

function nounOf(path: string): Noun | null {
	if (!path.includes('{')) return null;
	const found = Object.entries(NOUNS).find(([prefix]) => path === prefix || path.startsWith(`${prefix}/`));
	if (found === undefined) throw new Error(`${path} names an object that this file knows none of`);
	return found[1];
}

/** The owner's things, and everybody who may come and ask for them. */
async function meetEveryone(): Promise<void> {
	const owner = await givenPractice(it.edge);
	const { source, ...ready } = await ownersSmile(owner);
	const db = await it.edge.d1();
	const { account_id: accountId, user_id: ownerId } = z
		.object({ account_id: z.string(), user_id: z.string() })
		.parse(await db.prepare('select account_id, user_id from memberships order by created_at_ms limit 1').first());
	const cast = new Cast(it.edge);
	const [clinician, staff, billing, removed, homeless, foreigner] = await Promise.all(
		Array.from({ length: 6 }, () => cast.givenUser()),
	);
	await cast.givenMembership(accountId, clinician!, 'clinician');
	await cast.givenMembership(accountId, staff!, 'staff');
	await cast.givenMembership(accountId, billing!, 'billing');
	const foreign = await cast.givenOwnAccount(foreigner!);

	const hour = 3_600_000;
	const full = await cast.givenKey({ accountId, userId: ownerId, scopes: SCOPES });
	const one = await cast.givenKey({ accountId, userId: ownerId, scopes: ['credits:read'] });
	const demoted = await cast.givenKey({ accountId, userId: billing!, scopes: SCOPES });
	const elsewhere = await cast.givenKey({ accountId: foreign, userId: foreigner!, scopes: SCOPES });
	const ended = await Promise.all([
		cast.givenKey({ accountId, userId: ownerId, scopes: SCOPES, isRevoked: true }),
		cast.givenKey({ accountId, userId: ownerId, scopes: SCOPES, isExpired: true }),
		cast.givenKey({ accountId, userId: removed!, scopes: SCOPES }),
	]);
	const over = await cast.givenSession({ userId: ownerId, accountId, endsAtMs: Date.now() - hour });
	const inside = { userId: ownerId, accountId };
	everyone = [
		stranger('nobody', { origin: it.edge.appOrigin }),
		stranger('a forged cookie', { cookie: `${over.cookie.slice(0, -8)}AAAAA%3D`, origin: it.edge.appOrigin }),
		stranger('an ended session of the owner', { cookie: over.cookie, origin: it.edge.appOrigin }),
		stranger('an unknown key', { authorization: `Bearer ak_${'A'.repeat(43)}` }),
		stranger('a revoked key', { authorization: `Bearer ${ended[0].key}` }),
		stranger('an expired key', { authorization: `Bearer ${ended[1].key}` }),
		stranger('the key of somebody who was removed', { authorization: `Bearer ${ended[2].key}` }),
		await cast.givenHolder('the owner', inside, { role: 'owner', isInside: true }),
		await cast.givenHolder(
			'the owner, who signed in an hour ago',
			{ ...inside, signedInAtMs: Date.now() - hour },
			{ role: 'owner', isInside: true, isProofOld: true },
		),
		await cast.givenHolder('a clinician', { userId: clinician!, accountId }, { role: 'clinician', isInside: true }),
		await cast.givenHolder('staff', { userId: staff!, accountId }, { role: 'staff', isInside: true }),
		await cast.givenHolder('billing', { userId: billing!, accountId }, { role: 'billing', isInside: true }),
		await cast.givenHolder('a removed member', { userId: removed!, accountId }, { role: null, isInside: false }),
		await cast.givenHolder('a person without an account', { userId: homeless!, accountId: null }, OUTSIDE),
		await cast.givenHolder(
			'the owner of another practice',
			{ userId: foreigner!, accountId: foreign },
			{ role: 'owner', isInside: false },
		),
		program('a key with every scope', { key: full.key, scopes: SCOPES, role: 'owner', isInside: true }),
		program('a key with one scope', { key: one.key, scopes: ['credits:read'], role: 'owner', isInside: true }),
		program('a key of somebody in billing', { key: demoted.key, scopes: SCOPES, role: 'billing', isInside: true }),
		program('a key of another practice', { key: elsewhere.key, scopes: SCOPES, role: 'owner', isInside: false }),
		operator('the operator', it.edge.secrets['OPERATOR_KEY'] ?? ''),
	];
	things = {
		...ready,
		...source,
		...(await givenPurchase(owner)),
		...(await otherThings(accountId, ownerId)),
		...(await thingsOfSupport(owner, { accountId, renderId: ready.render })),
		member: staff!,
		account: accountId,
		key: full.id,
	};
}

const OUTSIDE = { role: null, isInside: false } as const;

async function ownersSmile(owner: Awaited<ReturnType<typeof givenPractice>>) {
	const ready = await givenReadySmile(owner);
	const { source } = await owner.call(RenderView, 'GET', `/v1/renders/${ready.id}/view`);
	return {
		render: ready.id,
		asset: ready.assets[0]!.id,
		source: {
			subject: source!.subjectId!,
			consent: source!.consentId!,
			upload: source!.id,
			'consent link': (
				await owner.call(z.object({ id: z.string() }), 'POST', `/v1/consents/${source!.consentId!}/links`)
			).id,
			receipt: await givenReceipt(owner, ready.assets[1]!.id),
			...(await givenCopies(owner, ready.assets[0]!.id)),
			composition: await givenAnnounced(owner, ready.id),
		},
	};
}

/** The receipt, issued, of a picture that is deleted. Before what else is made, for a cron would go on with things that no flow led to. */
async function givenReceipt(owner: Practice, assetId: string): Promise<string> {
	const { receiptId } = await owner.call(DeletionAnswer, 'DELETE', `/v1/assets/${assetId}`);
	return until('the receipt is issued', async () => {
		const { state } = await owner.call(ReceiptAnswer, 'GET', `/v1/receipts/${receiptId}`);
		if (state === 'issued') return receiptId;
		await it.edge.runCron();
		return undefined;
	});
}

/** A link to it, and a copy of it that was posted. */
async function givenCopies(owner: Practice, assetId: string) {
	const made = z.object({ id: z.string() });
	const { id: share } = await owner.call(made, 'POST', `/v1/assets/${assetId}/shares`, { body: {} });
	const { id: posting } = await owner.call(made, 'POST', `/v1/assets/${assetId}/postings`, {
		body: { place: 'website', address: 'https://practice.example', postedAt: '2026-11-21T12:00:00.000Z' },
	});
	return { share, posting };
}

/** A reel of it that was announced and not sent. */
async function givenAnnounced(owner: Practice, renderId: string): Promise<string> {
	const body = { renderId, kind: 'reel', contentType: 'video/mp4', byteLength: 1000 };
	return (await owner.call(z.object({ id: z.string() }), 'POST', '/v1/compositions', { body })).id;
}

/** Things of the owner's that no flow of this file makes. */
async function otherThings(accountId: string, ownerId: string) {
	const db = await it.edge.d1();
	const made = {
		invitation: `inv_${randomUUID()}`,
		way: randomUUID(),
		passkey: randomUUID(),
		reconciliation: `operator:${randomUUID()}`,
		export: `exp_${randomUUID()}`,
	};
	const later = Date.now() + 86_400_000;
	await db.batch([
		db
			.prepare(
				`insert into invitations (id, account_id, email, role, token_hash, invited_by, created_at_ms, expires_at_ms)
				values (?, ?, 'guest@practice.example', 'staff', ?, ?, 1, ?)`,
			)
			.bind(made.invitation, accountId, randomUUID(), ownerId, later),
		db
			.prepare(
				`insert into sign_in_methods (id, user_id, provider_account_id, provider_id, created_at, updated_at)
				values (?, ?, ?, 'github', 1, 1)`,
			)
			.bind(made.way, ownerId, randomUUID()),
		db
			.prepare(
				`insert into passkeys (id, user_id, name, public_key, credential_id, counter, device_type, backed_up)
				values (?, ?, 'Key', 'none', ?, 0, 'singleDevice', 0)`,
			)
			.bind(made.passkey, ownerId, randomUUID()),
		db
			.prepare("insert into reconciliations (run, day, state, created_at_ms) values (?, '2026-11-20', 'done', 1)")
			.bind(made.reconciliation),
		db
			.prepare(
				`insert into exports (id, user_id, state, object_key, requested_at_ms, delete_at_ms) values (?, ?, 'queued', ?, 1, ?)`,
			)
			.bind(made.export, ownerId, `exp/${ownerId}/${randomUUID()}`, later),
	]);
	const session = await new Cast(it.edge).givenSession({ userId: ownerId, accountId });
	restoreSession = session.restore;
	return { ...made, session: session.id };
}

/** What support and staff have to do with the owner. */
async function thingsOfSupport(owner: Practice, { accountId, renderId }: { accountId: string; renderId: string }) {
	const db = await it.edge.d1();
	const { id: ticket } = await owner.call(z.object({ id: z.string() }), 'POST', '/v1/tickets', {
		body: { subject: 'Help', words: 'With this', key: randomUUID() },
	});
	// Sealed by the API, for operators read it.
	const { id: requestId } = await owner.call(OwnRightsOrdered, 'POST', '/v1/rights/own-requests', {
		body: { right: 'access', words: 'All of it' },
	});
	const made = { ticket, 'rights request': requestId, incident: `inc_${randomUUID()}`, look: `sta_${randomUUID()}` };
	await db.batch([
		db
			.prepare(
				`insert into incidents (id, title, data_classes, from_ms, until_ms, known_at_ms, report_by_ms)
				values (?, 'A leak', '["account"]', 0, 1, 1, 2)`,
			)
			.bind(made.incident),
		db
			.prepare(
				`insert into staff_accesses (id, account_id, render_id, reason, granted_at_ms, expires_at_ms)
				values (?, ?, ?, 'A test', 1, ?)`,
			)
			.bind(made.look, accountId, renderId, Date.now() + 86_400_000),
	]);
	return made;
}

interface Answered {
	readonly status: number;
	readonly text: string;
	readonly code: string | null;
}

const Refused = z.object({ error: z.object({ code: z.string() }) });

async function ask(route: Route, who: Principal, id: string | null): Promise<Answered> {
	const kind = Object.entries(things).find(([, thing]) => thing === id)?.[0] ?? 'none';
	cells.add(`${route.key}, ${who.name}, ${kind}`);
	const body = route.takesBody ? JSON.stringify(BODIES[route.key] ?? {}) : undefined;
	const answer = await it.edge.api.fetch(`${it.edge.appOrigin}${route.path.replace(/\{\w+\}/, id ?? '')}`, {
		method: route.method,
		headers: {
			'idempotency-key': randomUUID(),
			...(body === undefined ? {} : { 'content-type': 'application/json' }),
			...who.headers,
		},
		...(body === undefined ? {} : { body }),
	});
	if (answer.ok && answer.headers.get('content-type')?.startsWith('text/event-stream') === true) {
		await answer.body?.cancel();
		return { status: answer.status, text: '', code: null };
	}
	const text = await answer.text();
	const parsed = answer.status >= 400 ? Refused.safeParse(JSON.parse(text)) : null;
	return { status: answer.status, text, code: parsed?.success === true ? parsed.data.error.code : null };
}

/** Ends whoever asks for it, for good, so in the place of those who are needed for more a double of theirs asks. */
const LEAVING = 'delete /v1/account';

const REFUSALS = new Set(['not_signed_in', 'account_required', 'not_allowed', 'reauthentication_required']);

test('the document names every route of the API, and each says whom it is for', () => {
	const unnamed =
		/^\/(webhooks|api\/auth|\.well-known|docs$|evidence\.json$|evidence\/badge\.svg$|policy\.json$|openapi\.json$)/;
	const registered = api.routes
		.filter(({ method, path }) => method !== 'ALL' && !unnamed.test(path))
		.map(({ method, path }) => `${method.toLowerCase()} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
	expect(new Set(routes.map(({ key }) => key))).toEqual(new Set(registered));
	const bodiless = routes.filter((route) => route.noun !== null && route.takesBody && !(route.key in BODIES));
	expect(bodiless.map(({ key }) => key)).toEqual([]);
	expect(Object.keys(BODIES).filter((key) => !routes.some((route) => route.key === key))).toEqual([]);
});

test(
	'who may not is told so before anything is looked at, and who may goes on',
	async () => {
		const wrong: unknown[] = [];
		const left: string[] = [];
		// What an address that is not there answers: nothing may tell an operator's route from it.
		const nowhere = await (await it.edge.api.fetch(`${it.edge.appOrigin}/v1/operations/none`)).text();
		for (const route of routes) {
			for (const who of everyone) {
				const never = route.noun === null ? null : neverOf(route.noun);
				await who.restore();
				const asker = route.key === LEAVING ? await who.givenDouble?.() : undefined;
				const answered = await ask(route, asker ?? who, never);
				const refused = who.refusedBy(route.access, route.isProofAsked);
				const isHidden = answered.status === 404 && answered.text === nowhere;
				const seen = isHidden ? 'hidden' : answered.code !== null && REFUSALS.has(answered.code) ? answered.code : null;
				const isRight =
					refused === seen && answered.status < 500 && (refused !== null || never === null || answered.status === 404);
				if (!isRight) wrong.push([route.key, who.name, refused ?? 'goes on', answered.status, answered.text]);
				if (route.key === LEAVING && answered.status === 202) left.push(who.name);
			}
		}
		expect(wrong).toEqual([]);
		// Nobody but who may, and those did: with them went the accounts that were theirs alone.
		const { access, isProofAsked } = routes.find(({ key }) => key === LEAVING)!;
		const leavers = everyone.filter((who) => who.refusedBy(access, isProofAsked) === null);
		expect(left).toEqual(leavers.map(({ name }) => name));
		await until('everybody who asked is erased', async () => {
			const erasures = await rowsOf(it.edge, 'erasures');
			return erasures.every(({ state }) => state === 'certified') ? true : undefined;
		});
		const kinds = (await rowsOf(it.edge, 'erasures')).map(({ kind }) => kind);
		expect(kinds.filter((kind) => kind === 'person')).toHaveLength(left.length);
		expect(kinds.filter((kind) => kind === 'account')).toHaveLength(2);
		expect(kinds).toHaveLength(left.length + 2);
	},
	MATRIX_MS_MAX,
);

test(
	'somebody else’s thing answers as what never was, whatever its kind, and nothing anywhere differs after it',
	async () => {
		const outside = everyone.filter((who) => !who.isInside);
		await Promise.all([restoreSession(), ...everyone.map((who) => who.restore())]);
		await untilQuiet(it);
		const before = await quietTrace();
		const wrong: unknown[] = [];
		const compare = async (route: Route, who: Principal) => {
			const isDenied = who.refusedBy(route.access, route.isProofAsked) !== null;
			const never = await ask(route, who, neverOf(route.noun ?? 'render'));
			// Who is refused for who they are is so before a kind could matter: one's own kind shows it.
			const asked = Object.entries(things).filter(([kind]) => !isDenied || kind === route.noun);
			for (const [kind, id] of asked) {
				const real = await ask(route, who, id);
				const isSame = real.text === never.text && real.status === never.status;
				if (!isSame || (!isDenied && real.status !== 404)) wrong.push([route.key, who.name, kind, real, never]);
			}
		};
		for (const route of routes.filter(({ noun }) => noun !== null)) {
			await Promise.all(outside.map((who) => compare(route, who)));
		}
		expect(wrong).toEqual([]);
		expect(await quietTrace()).toEqual(before);
	},
	MATRIX_MS_MAX,
);

test(
	'inside the practice, an id of another kind is unknown, and reading one’s own is answered',
	async () => {
		await Promise.all(everyone.map((who) => who.restore()));
		const inside = everyone.filter((who) => who.isInside);
		const wrong: unknown[] = [];
		const kinds = Object.entries(things);
		let turn = 0;
		for (const route of routes.filter(({ noun }) => noun !== null)) {
			const isOfPerson = route.access.endsWith('person');
			const admitted = inside.filter((who) => who.refusedBy(route.access, route.isProofAsked) === null);
			for (const who of admitted) {
				turn += 1;
				// Every kind by the first who may; by each of the others their own and one more, a different one each time.
				const asked = kinds.filter(
					([kind], index) => who === admitted[0] || kind === route.noun || index === turn % kinds.length,
				);
				for (const [kind, id] of asked) {
					const isOwn = kind === route.noun && (!isOfPerson || who.name.startsWith('the owner'));
					// What is one's own is changed by its own tests, not here.
					if (isOwn && route.method !== 'GET') continue;
					if (kind === route.noun && route.noun === 'account') continue;
					const { status, text } = await ask(route, who, id);
					if (status !== (isOwn ? 200 : 404)) wrong.push([route.key, who.name, kind, status, text]);
				}
			}
		}
		expect(wrong).toEqual([]);
	},
	MATRIX_MS_MAX,
);

test(`the matrix has at least ${CELLS_MIN} cells`, () => {
	expect(cells.size).toBeGreaterThanOrEqual(CELLS_MIN);
});

/** An id that never was, as long and with the same beginning. */
function neverOf(noun: Noun): string {
	const id = things[noun === 'everybody’s' ? 'receipt' : noun];
	const at = id.indexOf('_') + 1;
	return `${id.slice(0, at)}${randomUUID()}`;
}

/** Everything but the counters that say how often somebody asked. */
async function quietTrace() {
	const { rows, ...rest } = await traceOf(it);
	const { rate_windows: _counted, api_keys: keys = [], ...others } = rows;
	return { ...rest, rows: { ...others, api_keys: keys.map(({ last_used_at_ms: _used, ...key }) => key) } };
}
