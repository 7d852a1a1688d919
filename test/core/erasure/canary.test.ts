import { env } from 'cloudflare:workers';
import { eq } from 'drizzle-orm';
import { afterAll, expect, test } from 'vitest';

import { DATA_MAP, wordsOf } from '../../../schema/data-map/data-map';
import { erasures } from '../../../schema/erasures';
import { users } from '../../../schema/users';
import { deletePerson } from '../../../workers/core/erasure/delete-person';
import { ruleOf } from '../../../workers/core/erasure/owned-rows';
import { sanitizeImage } from '../../../workers/core/media/sanitize-image';
import { signPut, verifyPut } from '../../../workers/core/media/sign-url';
import type { WorkMessage } from '../../../workers/core/messages';
import { completeUpload } from '../../../workers/core/uploads/complete-upload';
import { openText } from '../../../workers/core/vault/seal-text';
import { replayTombstones } from '../../../workers/core/vault/replay-tombstones';
import { givenEverything } from '../../support/given-everything';
import { handleMessage } from '../../../workers/jobs/handle-message';
import { deliver, givenReadyUpload, notify, renderWorld, smileOrder } from '../../support/render-world';
import { samplePng } from '../../support/sample-outputs';
import { startRender } from '../../../workers/core/renders/start-render';
import { untilErased } from './erasure-world';
import { withChunks } from '../../support/png-chunks';
import { formsOf, holds } from '../../support/word-forms';
import { classOf, findInBucket, findInTables, readTables, restoreTables, type Tables } from './scan';

/*
 * One word is planted in every column of every table that somebody may have a row in, in objects and their metadata, in a
 * photo's EXIF block and in what fal is sent. Then the person is erased, and the word is looked for everywhere (E1 to E6).
 */

const WORD = 'Qz7canaryK4wv';
const FORMS = formsOf(WORD);

/** The tables whose rows are left, as the policy's residue says. */
const RESIDUE_TABLES = ['audit_entries', 'choices', 'incidents', 'purchases', 'receipts', 'rights_requests'];

/** What the database's history gives back for thirty days, in plain: it is not sealed. */
const READABLE_AFTER_RESTORE = [
	'accounts.address',
	'accounts.name',
	'accounts.phone',
	'accounts.website',
	'api_keys.name',
	'audit_entries.browser',
	'audit_entries.country',
	'audit_entries.network',
	'audit_entries.reason',
	'consents.text_version',
	'invitations.email',
	'passkeys.name',
	'sessions.ip_address',
	'sessions.user_agent',
	'users.email',
	'users.image',
	'users.name',
	'webhook_events.payload',
];

const lines: string[] = [];
const { log } = console;
console.log = (...words: unknown[]) => {
	lines.push(words.join(' '));
};
afterAll(() => {
	console.log = log;
});

async function givenCanaries() {
	const deps = await renderWorld();
	const told: WorkMessage[] = [];
	const { queue } = deps;
	deps.queue = {
		send: (message, options) => {
			told.push(message);
			return queue.send(message, options);
		},
	};
	const mailed: { to: string; subject: string; text: string }[] = [];
	deps.mailer = {
		send: ({ to, subject, text }: { to: string; subject: string; text: string }) => {
			mailed.push({ to, subject, text });
			return Promise.resolve({ kind: 'taken', providerId: `re_${mailed.length}` } as const);
		},
	};
	const { actor } = await givenEverything(deps, WORD);
	const [user] = await deps.db.select().from(users).where(eq(users.id, actor.userId));
	const upload = await givenReadyUpload(deps, actor);
	await env.MEDIA.put(`out/${actor.accountId}/${'f'.repeat(32)}`, `a stray ${WORD}`, {
		customMetadata: { from: WORD },
	});
	await env.MEDIA.put(`exp/${actor.userId}/${'e'.repeat(32)}`, await gzipped(`a copy ${WORD}`));
	const { id: renderId } = await startRender(deps, smileOrder(actor, upload.id));
	await deliver(deps);
	const { accountId, userId } = actor;
	await env.DB.batch([
		env.DB.prepare('update accounts set website = ?, address = ? where id = ?').bind(WORD, WORD, accountId),
		env.DB.prepare('update sessions set ip_address = ?, user_agent = ? where user_id = ?').bind(WORD, WORD, userId),
		env.DB.prepare('update users set image = ? where id = ?').bind(WORD, userId),
		env.DB.prepare(
			"insert into webhook_events (id, attempt_id, request_id, status, payload, received_at_ms) select 'fal:x:OK', id, 'x', 'OK', ?, 1 from attempts where render_id = ? limit 1",
		).bind(WORD, renderId),
	]);
	return { deps, actor, user: user!, upload, renderId, told, mailed };
}

function gzipped(text: string): Promise<ArrayBuffer> {
	return new Response(new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer();
}

async function openedSealed(deps: Awaited<ReturnType<typeof givenCanaries>>['deps'], tables: Tables) {
	const opened: string[] = [];
	for (const [table, rows] of tables) {
		const mapped = DATA_MAP[table];
		for (const column of wordsOf(mapped?.sealed)) {
			for (const row of rows) {
				const sealed = row[column];
				if (typeof sealed !== 'string' || !sealed.startsWith('v1.')) continue;
				const owner = wordsOf(mapped?.sealedUnder ?? 'id')
					.map((name) => row[name])
					.find((value) => typeof value === 'string');
				const text = await openText(deps, { owner: String(owner), place: `${table}.${column}`, sealed });
				if (text !== null && holds(text, FORMS)) opened.push(`${table}.${column}`);
			}
		}
	}
	return [...new Set(opened)].toSorted();
}

test('the word is found in every form, so that not finding it says something', async () => {
	for (const shift of ['', 'a', 'ab']) {
		for (const encoding of ['base64', 'base64url', 'hex'] as const) {
			expect(holds(Buffer.from(`${shift}${WORD}, and more`).toString(encoding), FORMS)).toBe(true);
		}
	}
	await env.MEDIA.put('out/scan/plain', `xx${WORD}`);
	await env.MEDIA.put('out/scan/zipped', await gzipped(WORD));
	expect(await findInBucket(env.MEDIA, FORMS)).toEqual(['out/scan/plain', 'out/scan/zipped']);
	await env.MEDIA.delete(['out/scan/plain', 'out/scan/zipped']);
});

test('what a photo carries in its blocks is not stored in the first place', () => {
	const bytes = withChunks(samplePng(), [
		['eXIf', `MM\0*\0\0\0\x08${WORD}`],
		['tEXt', `Comment\0${WORD}`],
	]);
	expect(holds(Buffer.from(bytes).toString('latin1'), FORMS)).toBe(true);
	const { parts } = sanitizeImage(bytes, 'image/png');
	expect(holds(Buffer.concat(parts).toString('latin1'), FORMS)).toBe(false);
});

test('after the erasure the word is nowhere, after a restore it cannot be read, and replayed it is gone again', async () => {
	const { deps, actor, user, upload, renderId, told, mailed } = await givenCanaries();
	const before = await readTables();
	// An address is a word of its own: nobody else has it.
	const forms = [...FORMS, ...formsOf(user.email)];

	// Planted: each personal column of somebody's own has it, in plain or sealed.
	const planted = new Set([...findInTables(before, forms), ...(await openedSealed(deps, before))]);
	const personal = Object.entries(DATA_MAP).flatMap(([table, { columns }]) =>
		ruleOf(table, 'person') === 'none' && ruleOf(table, 'account') === 'none'
			? []
			: wordsOf(columns.personal).map((column) => `${table}.${column}`),
	);
	const notPlanted = personal.filter((place) => !planted.has(place));
	// One of two words of ours: there is no room for another.
	expect(notPlanted.toSorted()).toEqual(['statements.kind']);

	const { via } = actor;
	const person = { userId: user.id, sessionId: via.kind === 'session' ? via.sessionId : '', email: user.email };
	const request = deps.fal.last();
	const { erasureId } = await deletePerson(deps, { person, accountIds: [] });
	await untilErased(deps, erasureId);
	await deliver(deps);

	await nothingIsLeft(forms);
	expect(holds(JSON.stringify(told), forms)).toBe(false);
	expect(holds(lines.join('\n'), forms)).toBe(false);
	expect(holds(JSON.stringify(deps.fal.requests.filter(({ isHeld }) => isHeld)), forms)).toBe(false);
	// Resend has what it delivered, which the receipt says: to whom two mails about the erasure went, and no word of theirs.
	expect(mailed.map(({ to }) => to)).toEqual([user.email, user.email]);
	expect(holds(JSON.stringify(mailed.map(({ subject, text }) => [subject, text])), forms)).toBe(false);

	// Late: a webhook, a photo, a message of each kind.
	const quiet = await readTables();
	await notify(deps, request);
	const address = await signPut(deps.urlSigningKey, {
		origin: deps.mediaOrigin,
		objectKey: upload.objectKey,
		contentType: 'image/jpeg',
		byteLength: 3,
		expiresAtMs: upload.putExpiresAtMs,
	});
	await expect(verifyPut(deps.urlSigningKey, address, 'PUT', deps.now().getTime())).rejects.toMatchObject({
		code: 'not_allowed',
	});
	const completing = { actor, uploadId: upload.id };
	const objects = { head: () => Promise.resolve({ contentType: 'image/jpeg', byteLength: 3, width: 8, height: 8 }) };
	await expect(completeUpload({ ...deps, objects }, completing)).rejects.toMatchObject({ code: 'not_found' });
	for (const message of lateMessages(upload.id, renderId, erasureId)) await handleMessage(deps, message);
	await deliver(deps);
	expect(await readTables()).toEqual(quiet);

	// A restore: names of accounts come back, because the database has a history; what was sealed does not open.
	await restoreTables(before);
	const back = await readTables();
	expect(await openedSealed(deps, back)).toEqual(['rights_requests.answer_sealed', 'rights_requests.sealed']);
	const plain = findInTables(back, forms).filter((place) => ['personal', 'consent'].includes(classOf(place) ?? ''));
	expect(plain).toEqual(READABLE_AFTER_RESTORE);
	for (let cursor: string | null = null; ;) {
		const replayed = await replayTombstones(deps, { cursor });
		expect(replayed.refused).toBe(0);
		cursor = replayed.cursor;
		if (cursor === null) break;
	}
	const again = await deps.db.select().from(erasures).where(eq(erasures.targetId, user.id));
	expect(again).toHaveLength(1);
	await untilErased(deps, again[0]!.id);
	await nothingIsLeft(forms);
});

async function nothingIsLeft(forms: readonly string[]): Promise<void> {
	const found = findInTables(await readTables(), forms);
	// The helper marks ids and kinds as well, which say nothing about a person: of rows that the policy's residue names, they stay.
	expect(found.filter((place) => !isOfResidue(place))).toEqual([]);
	expect([...new Set(found.map((place) => place.split('.')[0]))]).toEqual(RESIDUE_TABLES);
	expect(await findInBucket(env.MEDIA, forms)).toEqual([]);
	// What was asked about rights stays sealed for three years, under the key of the request.
	const keys = await findInBucket(env.VAULT, forms);
	expect(keys.filter((name) => !name.includes('rights_requests'))).toEqual([]);
}

function isOfResidue(place: string): boolean {
	const isWordless = ['id', 'fact', 'credit', 'proof', 'secret'].includes(classOf(place) ?? 'unmapped');
	return isWordless && DATA_MAP[place.split('.')[0] ?? '']?.erase !== 'delete';
}

function lateMessages(uploadId: string, renderId: string, erasureId: string): WorkMessage[] {
	return [
		{ type: 'render.advance', renderId },
		{ type: 'render.forget', renderId },
		{ type: 'attempt.notified', attemptId: `${renderId}.after.1` },
		{ type: 'upload.delete', uploadId },
		{ type: 'asset.delete', assetId: 'ast_none' },
		{ type: 'mail.send', mailId: 'mai_none' },
		{ type: 'erasure.advance', erasureId },
	];
}
