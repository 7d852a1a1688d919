import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, expect, test } from 'vitest';

import { GENESIS_HASH, type ReceiptFacts, type SignedReceipt } from '../../workers/core/receipts/receipt-facts';
import { importReceiptKey, publicKeySet } from '../../workers/core/receipts/receipt-key';
import { signReceipt } from '../../workers/core/receipts/sign-receipt';
import { testReceiptKey } from '../support/receipt-key';

const directory = await mkdtemp(join(tmpdir(), 'verify-receipt-'));
afterAll(() => rm(directory, { recursive: true }));

const facts: ReceiptFacts = {
	kind: 'source_deleted',
	objectId: 'upl_0123456789abcdefghjkmnpqrs',
	deleted: [{ what: 'patient photo', count: 1 }],
	places: [
		{ name: 'Private store', state: 'deleted', checkedAt: '2026-11-22T12:00:01.000Z' },
		{ name: 'fal.ai', state: 'nothing_held', checkedAt: '2026-11-22T12:00:02.000Z' },
	],
	kept: [{ what: 'video «é»', why: 'It is yours until you delete it', until: null }],
	reason: 'window_ended',
	dueAt: '2026-11-22T12:00:00.000Z',
	deletedAt: '2026-11-22T12:00:01.000Z',
};
const key = await testReceiptKey();
const otherKey = await importReceiptKey(btoa('another seed of 32 bytes length.'));
const issuedAt = new Date('2026-11-22T12:00:03.000Z');
const place = { receiptId: 'rct_1', seq: 3, previousHash: GENESIS_HASH, issuedAt };
const receipt = await signReceipt(key, facts, place);
const keysPath = await written('keys.json', publicKeySet(otherKey, key));

async function written(name: string, content: unknown): Promise<string> {
	const path = join(directory, name);
	await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
	return path;
}

/** Runs the script as its reader does. */
async function verify(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
	const script = ['scripts/verify-receipt.mjs', ...args];
	try {
		return { code: 0, ...(await promisify(execFile)(process.execPath, script)) };
	} catch (error) {
		const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
		return { code, stdout, stderr };
	}
}

test('a receipt is valid and says what was deleted, when, where, and what is kept', async () => {
	const answer = await verify(await written('receipt.json', receipt), '--key', keysPath);
	expect(answer).toEqual({
		code: 0,
		stdout: [
			`Valid: receipt rct_1, number 3, signed by key ${key.keyId}.`,
			'Deleted 2026-11-22 12:00 UTC, due 2026-11-22 12:00 UTC: patient photo (1) of upl_0123456789abcdefghjkmnpqrs.',
			'  Private store: deleted, checked 2026-11-22 12:00 UTC',
			'  fal.ai: nothing held, checked 2026-11-22 12:00 UTC',
			'  kept: video «é». It is yours until you delete it',
			'Not checked: whether it is in the log, for this file holds no proof. Downloaded again, it does.',
			'',
		].join('\n'),
		stderr: '',
	});
});

test('a receipt as the API answers it, with its text as a string, is valid too, and a changed text is not', async () => {
	const text = JSON.stringify(receipt.body);
	const asAnswered = await verify(await written('answered.json', { ...receipt, body: text }), '--key', keysPath);
	expect(asAnswered.code).toBe(0);

	const changed = { ...receipt, body: text.replace('patient photo', 'patient phot0') };
	expect((await verify(await written('changed.json', changed), '--key', keysPath)).code).toBe(1);
	expect((await verify(await written('broken.json', { ...receipt, body: '{' }), '--key', keysPath)).code).toBe(1);
});

test.each<[string, (copy: SignedReceipt) => void, string]>([
	[
		'the time of deletion',
		({ body }) => (body.deletedAt = '2026-11-21T12:00:00.000Z'),
		'its hash does not fit its text',
	],
	['a place', ({ body }) => body.places.pop(), 'its hash does not fit its text'],
	['an added field', ({ body }) => Object.assign(body, { note: 'x' }), 'its hash does not fit its text'],
	['the hash', (copy) => (copy.hash = GENESIS_HASH), 'its hash does not fit its text'],
	['the signature', (copy) => (copy.signature = 'A'.repeat(86)), 'its signature does not fit its text'],
	['a cut signature', (copy) => (copy.signature = 'AAAA'), 'its signature does not fit its text'],
	['the outer number', (copy) => (copy.seq = 2), 'its seq differs from the signed one'],
	['the version', ({ body }) => Object.assign(body, { version: '2' }), 'this file is not in the form of a receipt'],
])('a receipt is not valid after a change to %s', async (what, change, problem) => {
	const copy = structuredClone(receipt);
	change(copy);
	const answer = await verify(await written(`${what}.json`, copy), '--key', keysPath);
	expect(answer).toEqual({ code: 1, stdout: '', stderr: `Not valid: ${problem}. Do not rely on this receipt.\n` });
});

test('a receipt whose text and hash were both changed fails on its signature', async () => {
	const forged = await signReceipt(otherKey, { ...facts, kept: [] }, place);
	const body = { ...forged.body, keyId: key.keyId, publicKey: key.publicKey };
	const { hash } = await signReceipt(
		{ ...otherKey, keyId: key.keyId, publicKey: key.publicKey },
		{ ...facts, kept: [] },
		place,
	);
	const mixed = { ...forged, body, hash, keyId: key.keyId, publicKey: key.publicKey };
	const answer = await verify(await written('mixed.json', mixed), '--key', keysPath);
	expect(answer.stderr).toContain('its signature does not fit its text');
	expect(answer.code).toBe(1);
});

test("a receipt of a stranger's key is not valid, although its own key fits", async () => {
	const strangers = await written('stranger.json', await signReceipt(otherKey, facts, place));
	const answer = await verify(strangers, '--key', await written('ours.json', publicKeySet(key)));
	expect(answer).toMatchObject({ code: 1, stdout: '' });
	expect(answer.stderr).toContain(`its key ${otherKey.keyId} is not among the published keys`);
});

test.each([
	['a missing file', ['nowhere.json', '--key', keysPath], 'The receipt nowhere.json cannot be read. Check the path.'],
	['no key file', ['receipt.json'], 'Name one receipt and the file with the published keys.'],
	['no receipt', ['--key', keysPath], 'Name one receipt and the file with the published keys.'],
	['an unknown option', ['--force'], "Unknown option '--force'"],
])('%s is refused with a sentence', async (_what, args, sentence) => {
	const answer = await verify(...args);
	expect(answer).toMatchObject({ code: 2, stdout: '' });
	expect(answer.stderr).toContain(sentence);
});

test.each(['not json', 'null', '{}', '[]', '{"body":null}'])('a file that holds %s is not valid', async (content) => {
	const answer = await verify(await written('odd.json', content), '--key', keysPath);
	expect(answer).toMatchObject({ code: content === 'not json' ? 2 : 1, stdout: '' });
	expect(answer.stderr).toMatch(/^(Not valid: |The receipt .* is not JSON)/);
});

test('the help says how to use it', async () => {
	const answer = await verify('--help');
	expect(answer).toMatchObject({ code: 0, stderr: '' });
	expect(answer.stdout).toContain('Usage: node scripts/verify-receipt.mjs RECEIPT.json --key KEYS.json');
});
