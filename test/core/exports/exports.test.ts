import { createHash } from 'node:crypto';

import { env } from 'cloudflare:workers';
import { eq } from 'drizzle-orm';
import { beforeAll, expect, test } from 'vitest';

import { accounts } from '../../../schema/accounts';
import { auditEntries } from '../../../schema/audit';
import { wordsOf } from '../../../schema/data-map/data-map';
import { mails } from '../../../schema/mail';
import { memberships } from '../../../schema/memberships';
import { assets } from '../../../schema/renders';
import { exports } from '../../../schema/rights';
import { uploads } from '../../../schema/uploads';
import type { Person } from '../../../workers/core/accounts/resolve-person';
import type { Actor } from '../../../workers/core/actor';
import { BUILD_MS, buildExport, EXPORT_TRIES_MAX } from '../../../workers/core/exports/build-export';
import { exportedTables, shownColumns } from '../../../workers/core/exports/export-rows';
import { prepareZip } from '../../../workers/core/exports/export-zip';
import { listExports, readExport } from '../../../workers/core/exports/read-exports';
import { requestExport } from '../../../workers/core/exports/request-export';
import { sweepExports } from '../../../workers/core/exports/sweep-exports';
import { openMail } from '../../../workers/core/mail/seal-mail';
import { verifyGet } from '../../../workers/core/media/sign-url';
import { givenAccount, givenMember } from '../../support/given';
import { givenEverything, type Everything } from '../../support/given-everything';
import { readZip } from '../../support/read-zip';
import { renderWorld, type RenderWorld } from '../../support/render-world';

const WHENCE = { network: null, country: null, browser: null };
const HOUR_MS = 3_600_000;

function personOf({ userId, accountId, via }: Actor, role: 'owner' | 'staff' = 'owner'): Person {
	if (via.kind !== 'session') throw new Error('not a session');
	return {
		userId,
		sessionId: via.sessionId,
		name: 'Ada',
		email: 'ada@practice.test',
		hasSecondFactor: false,
		provedAtMs: 0,
		account: { id: accountId, name: 'Practice', role },
		isAccountLost: false,
		isRestricted: false,
		credits: { available: 0, held: 0 },
		accountCount: 1,
		policy: { isAccepted: true, isUseNoted: true, announced: null },
	};
}

async function copyOf(deps: RenderWorld, person: Person) {
	const { id } = await requestExport(deps, { person, whence: WHENCE });
	await buildExport(deps, { exportId: id });
	const [row] = await deps.db.select().from(exports).where(eq(exports.id, id));
	const object = await env.MEDIA.get(row?.objectKey ?? '');
	const bytes = object === null ? null : new Uint8Array(await object.arrayBuffer());
	return { id, row: row!, bytes, files: bytes === null ? null : readZip(bytes) };
}

const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);
const rowsIn = (files: Map<string, Uint8Array>, table: string): Record<string, unknown>[] =>
	JSON.parse(text(files.get(`data/${table}.json`))) as Record<string, unknown>[];

let deps: RenderWorld;
let mine: Everything;
let other: Everything;
let copy: Awaited<ReturnType<typeof copyOf>>;

beforeAll(async () => {
	deps = await renderWorld();
	mine = await givenEverything(deps, 'mine-canary');
	other = await givenEverything(deps, 'other-canary');
	copy = await copyOf(deps, personOf(mine.actor));
});

test.each(exportedTables())('a copy has every column of every row of %s', (name, table) => {
	const given = mine.rows.get(name);
	expect(given, `${name} has no row in test/support/given-everything.ts`).toBeDefined();
	const found = rowsIn(copy.files!, name);
	const secret = new Set(wordsOf(table.columns.secret));
	for (const row of given!) {
		const wanted = Object.entries(row).filter(([column]) => !secret.has(column));
		expect(wanted.map(([column]) => column).toSorted()).toEqual(shownColumns(table).toSorted());
		expect(found).toContainEqual(expect.objectContaining(Object.fromEntries(wanted)));
	}
});

test('no word of somebody else’s, no secret and no sealed text stands in a copy', () => {
	const whole = text(copy.bytes!);
	expect(whole).toContain('mine-canary');
	expect(whole).not.toContain('other-canary');
	for (const id of [other.actor.userId, other.actor.accountId]) expect(whole).not.toContain(id);
	expect(mine.secrets.length).toBeGreaterThan(10);
	for (const secret of mine.secrets) expect(whole).not.toContain(secret);
	expect(whole).not.toContain('"v1.');
});

test('pictures are in it as they are stored, and the manifest has each file with its size and hash', () => {
	const files = copy.files!;
	for (const [name, bytes] of mine.media) expect(files.get(name)).toEqual(bytes);
	const manifest = JSON.parse(text(files.get('manifest.json'))) as {
		files: { name: string; bytes: number; sha256: string }[];
		leftOut: { what: string; why: string }[];
	};
	const listed = manifest.files.map(({ name }) => name).toSorted();
	expect(listed).toEqual([...files.keys()].filter((name) => name !== 'manifest.json').toSorted());
	for (const { name, bytes, sha256 } of manifest.files) {
		const found = files.get(name)!;
		expect([name, found.byteLength]).toEqual([name, bytes]);
		expect([name, createHash('sha256').update(found).digest('hex')]).toEqual([name, sha256]);
	}
	expect(manifest.leftOut.every(({ what, why }) => what !== '' && why !== '')).toBe(true);
	expect(text(files.get('README.txt'))).toContain('What is not in it');
});

test('its length was right before its first byte, and the row and a mail without a token say that it is there', async () => {
	expect(copy.row).toMatchObject({ state: 'ready', byteLength: copy.bytes!.byteLength, tries: 1 });
	expect(copy.row.deleteAtMs - copy.row.readyAtMs!).toBe(24 * HOUR_MS);
	const letters = await deps.db.select().from(mails).where(eq(mails.kind, 'export_ready'));
	const opened = await Promise.all(letters.map(({ id, sealed }) => openMail(deps.mailKey, id, sealed!)));
	expect(opened).toContainEqual(expect.objectContaining({ kind: 'export_ready', deleteAtMs: copy.row.deleteAtMs }));
	expect(JSON.stringify(opened)).not.toContain(copy.row.objectKey);
});

test('it is given to its person alone, through a link of minutes', async () => {
	const { userId } = mine.actor;
	const shown = await readExport(deps, { userId, exportId: copy.id });
	const claims = await verifyGet(deps.urlSigningKey, shown.downloadUrl!, 'GET', deps.now().getTime());
	expect(claims).toMatchObject({ objectKey: copy.row.objectKey, purpose: 'download' });
	expect(claims.expiresAtMs - deps.now().getTime()).toBe(5 * 60_000);
	const foreign = readExport(deps, { userId: other.actor.userId, exportId: copy.id });
	await expect(foreign).rejects.toMatchObject({ code: 'not_found' });
	expect(await listExports(deps, other.actor)).not.toContainEqual(expect.objectContaining({ id: copy.id }));
});

test('a member’s copy has what is theirs and nothing of the account', async () => {
	const staff = await givenMember(deps, { accountId: mine.actor.accountId, role: 'staff' });
	const { files, row } = await copyOf(deps, personOf(staff, 'staff'));
	expect(row.accountId).toBe(null);
	expect(rowsIn(files!, 'users')).toMatchObject([{ id: staff.userId, email: staff.email }]);
	expect(rowsIn(files!, 'memberships')).toMatchObject([{ user_id: staff.userId, role: 'staff' }]);
	for (const name of ['accounts', 'subjects', 'renders', 'assets', 'audit_entries', 'purchases']) {
		const foreign = rowsIn(files!, name).filter((found) => found['user_id'] !== staff.userId);
		expect([name, foreign]).toEqual([name, []]);
	}
	expect([...files!.keys()].filter((name) => name.startsWith('media/'))).toEqual([]);
});

test('an owner’s copy says what others did in the account, and not from where', async () => {
	const owner = await givenAccount(deps);
	const staff = await givenMember(deps, { accountId: owner.accountId, role: 'staff' });
	const entry = {
		id: deps.newId('audit'),
		accountId: owner.accountId,
		userId: staff.userId,
		action: 'key.made',
		facts: {},
	};
	await deps.db
		.insert(auditEntries)
		.values({ ...entry, network: '203.0.113.0/24', browser: 'Firefox', createdAtMs: 1 });
	const { files } = await copyOf(deps, personOf(owner));
	const found = rowsIn(files!, 'audit_entries').find(({ id }) => id === entry.id);
	expect(found).toMatchObject({ action: 'key.made', user_id: staff.userId, network: null, browser: null });
});

test('one is made at a time, and no more than the studio’s rate in a day', async () => {
	const actor = await givenAccount(deps);
	const person = personOf(actor);
	const own = { person, whence: WHENCE };
	await requestExport(deps, own);
	await expect(requestExport(deps, own)).rejects.toMatchObject({ code: 'conflict' });
	expect(await listExports(deps, actor)).toHaveLength(1);
	const { max } = deps.studio.rates.export.person;
	for (let made = 1; made < max; made += 1) {
		await deps.db.update(exports).set({ state: 'failed' }).where(eq(exports.userId, actor.userId));
		await requestExport(deps, own);
	}
	await deps.db.update(exports).set({ state: 'failed' }).where(eq(exports.userId, actor.userId));
	await expect(requestExport(deps, own)).rejects.toMatchObject({ code: 'too_many_requests' });
	expect(await listExports(deps, actor)).toHaveLength(5);
});

test('two builds of one copy at once write it once and mail once', async () => {
	const actor = await givenAccount(deps);
	const { id } = await requestExport(deps, { person: personOf(actor), whence: WHENCE });
	deps.sent.length = 0;
	await Promise.all([buildExport(deps, { exportId: id }), buildExport(deps, { exportId: id })]);
	await buildExport(deps, { exportId: id });
	const [row] = await deps.db.select().from(exports).where(eq(exports.id, id));
	expect(row).toMatchObject({ state: 'ready', tries: 1 });
	expect(deps.sent.filter(({ message }) => message.type === 'mail.send')).toHaveLength(1);
});

test('a build that fails is begun again by the sweep, and given up after its tries, with no bytes left', async () => {
	const own = await renderWorld();
	const actor = await givenAccount(own);
	const { id } = await requestExport(own, { person: personOf(actor), whence: WHENCE });
	const broken = { ...own, blobs: { ...own.blobs, putStream: () => Promise.reject(new Error('R2 is away')) } };
	for (let tried = 0; tried < EXPORT_TRIES_MAX; tried += 1) {
		await expect(buildExport(broken, { exportId: id })).rejects.toThrow('R2 is away');
		own.clock.advance({ seconds: BUILD_MS / 1000 });
		own.sent.length = 0;
		await sweepExports(own, { dueMs: own.now().getTime() });
		const again = own.sent.filter(({ message }) => message.type === 'export.build' && message.exportId === id);
		expect(again).toHaveLength(tried + 1 < EXPORT_TRIES_MAX ? 1 : 0);
	}
	const [row] = await own.db.select().from(exports).where(eq(exports.id, id));
	expect(row).toMatchObject({ state: 'failed', tries: EXPORT_TRIES_MAX });
	expect(await env.MEDIA.head(row!.objectKey)).toBe(null);
});

test('after a day a copy is refused at once, its bytes go with the next sweep, and its row a day later', async () => {
	const own = await renderWorld();
	const actor = await givenAccount(own);
	const { id, row } = await copyOf(own, personOf(actor));
	own.clock.advance({ hours: 24 });
	await expect(readExport(own, { userId: actor.userId, exportId: id })).rejects.toMatchObject({ code: 'gone' });
	expect(await env.MEDIA.head(row.objectKey)).not.toBe(null);
	await sweepExports(own, { dueMs: own.now().getTime() });
	expect(await env.MEDIA.head(row.objectKey)).toBe(null);
	expect(await listExports(own, actor)).toMatchObject([{ state: 'gone' }]);
	own.clock.advance({ hours: 24 });
	await sweepExports(own, { dueMs: own.now().getTime() });
	expect(await listExports(own, actor)).toEqual([]);
});

test('a copy ends with the first photo in it, and leaves out one that is deleted within hours', async () => {
	const own = await renderWorld();
	const { actor } = await givenEverything(own, 'ending');
	await own.db
		.update(uploads)
		.set({ deleteAtMs: own.now().getTime() + 7 * HOUR_MS })
		.where(eq(uploads.accountId, actor.accountId));
	const first = await copyOf(own, personOf(actor));
	expect(first.row.deleteAtMs).toBe(own.now().getTime() + 7 * HOUR_MS);
	own.clock.advance({ hours: 2 });
	const second = await copyOf(own, personOf(actor));
	expect([...second.files!.keys()].some((name) => name.startsWith('media/photos/'))).toBe(false);
	expect(second.row.deleteAtMs).toBe(own.now().getTime() + 24 * HOUR_MS);
});

test('when something in it is deleted, or its person owns the account no more, a copy is withdrawn', async () => {
	const own = await renderWorld();
	const { actor } = await givenEverything(own, 'withdrawn');
	const read = (exportId: string) => readExport(own, { userId: actor.userId, exportId });
	const first = await copyOf(own, personOf(actor));
	own.clock.advance({ minutes: 1 });
	await own.db.update(memberships).set({ role: 'staff' }).where(eq(memberships.userId, actor.userId));
	await expect(read(first.id)).rejects.toMatchObject({ code: 'gone' });
	await own.db.update(memberships).set({ role: 'owner' }).where(eq(memberships.userId, actor.userId));
	expect(await read(first.id)).toMatchObject({ state: 'ready' });
	const deletedAtMs = own.now().getTime();
	await own.db.update(assets).set({ state: 'deleted', deletedAtMs }).where(eq(assets.accountId, actor.accountId));
	await expect(read(first.id)).rejects.toMatchObject({ code: 'gone' });
	await sweepExports(own, { dueMs: own.now().getTime() });
	expect(await env.MEDIA.head(first.row.objectKey)).toBe(null);
});

test('what came between asking and making is in the copy, which is withdrawn when that is deleted', async () => {
	const own = await renderWorld();
	const { actor } = await givenEverything(own, 'between');
	const { id } = await requestExport(own, { person: personOf(actor), whence: WHENCE });
	own.clock.advance({ minutes: 1 });
	const [asset] = await own.db
		.update(assets)
		.set({ createdAtMs: own.now().getTime() })
		.where(eq(assets.accountId, actor.accountId))
		.returning();
	own.clock.advance({ minutes: 1 });
	await buildExport(own, { exportId: id });
	const read = () => readExport(own, { userId: actor.userId, exportId: id });
	expect(await read()).toMatchObject({ state: 'ready' });
	own.clock.advance({ minutes: 1 });
	const gone = { state: 'deleted', deletedAtMs: own.now().getTime() } as const;
	await own.db.update(assets).set(gone).where(eq(assets.id, asset!.id));
	await expect(read()).rejects.toMatchObject({ code: 'gone' });
	await own.db.update(assets).set({ createdAtMs: own.now().getTime() }).where(eq(assets.id, asset!.id));
	expect(await read(), 'what came after it was made is not in it').toMatchObject({ state: 'ready' });
});

test('a person erased while their copy is made leaves no bytes', async () => {
	const actor = await givenAccount(deps);
	const { id } = await requestExport(deps, { person: personOf(actor), whence: WHENCE });
	const [row] = await deps.db.select().from(exports).where(eq(exports.id, id));
	const blobs: typeof deps.blobs = {
		...deps.blobs,
		putStream: async (...args) => {
			await deps.db.delete(exports).where(eq(exports.id, id));
			await deps.blobs.putStream(...args);
		},
	};
	await buildExport({ ...deps, blobs }, { exportId: id });
	expect(await env.MEDIA.head(row!.objectKey)).toBe(null);
});

test('a picture that goes while the copy is made fails the copy, which is made anew without it', async () => {
	const own = await renderWorld();
	const { actor } = await givenEverything(own, 'going');
	const zip = await prepareZip(own, actor);
	await own.db.update(uploads).set({ deleteAtMs: 0 }).where(eq(uploads.accountId, actor.accountId));
	const { objects } = await env.MEDIA.list({ prefix: `src/${actor.accountId}/` });
	await env.MEDIA.delete(objects.map(({ key }) => key));
	await expect(new Response(zip.body).arrayBuffer()).rejects.toMatchObject({ code: 'upstream_unavailable' });
	const { files } = await copyOf(own, personOf(actor));
	expect([...files!.keys()].filter((name) => name.startsWith('media/'))).toHaveLength(1);
});

test('more rows than a Worker holds are refused and not cut off', async () => {
	await expect(prepareZip(deps, mine.actor, { jsonBytesMax: 100 })).rejects.toMatchObject({
		code: 'payload_too_large',
	});
});

test('what a copy may hold is counted in bytes, whatever the letters are', async () => {
	const own = await renderWorld();
	const actor = await givenAccount(own);
	await own.db
		.update(accounts)
		.set({ name: '字'.repeat(20_000) })
		.where(eq(accounts.id, actor.accountId));
	await expect(prepareZip(own, actor, { jsonBytesMax: 50_000 })).rejects.toMatchObject({ code: 'payload_too_large' });
	const { body, byteLength } = await prepareZip(own, actor, { jsonBytesMax: 100_000 });
	const bytes = new Uint8Array(await new Response(body).arrayBuffer());
	expect(bytes.byteLength).toBe(byteLength);
	expect(rowsIn(readZip(bytes), 'accounts')).toMatchObject([{ name: '字'.repeat(20_000) }]);
});
