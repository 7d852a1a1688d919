import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';

import { checkAll, Refusal, type Files } from '../../scripts/verify-receipt.mjs';
import { growLog } from '../../workers/core/log/grow-log';
import { signHead, type InclusionProof, type SignedHead } from '../../workers/core/log/log-head';
import {
	consistencyRanges,
	foldNodes,
	inclusionRanges,
	leafHash,
	nodesOf,
	type Range,
} from '../../workers/core/log/merkle';
import { canonicalJson } from '../../workers/core/receipts/canonical-json';
import { GENESIS_HASH, type SignedReceipt } from '../../workers/core/receipts/receipt-facts';
import { importReceiptKey, publicKeySet } from '../../workers/core/receipts/receipt-key';
import { signReceipt } from '../../workers/core/receipts/sign-receipt';
import { parametersOf } from '../support/property-parameters';
import { testReceiptKey } from '../support/receipt-key';

const SIZE = 40;
const key = await testReceiptKey();
const otherKey = await importReceiptKey(btoa('another seed of 32 bytes length.'));
const keys = publicKeySet(otherKey, key);
const receipts = await signedReceipts();
const nodes = new Map(
	growLog(
		0,
		[],
		receipts.map(({ body }) => leafHash(canonicalJson(body))),
	)?.map((node) => [keyOf(node), node.hash]),
);
const directory = await mkdtemp(join(tmpdir(), 'verify-log-'));
afterAll(() => rm(directory, { recursive: true }));

function keyOf({ level, position }: { level: number; position: number }): string {
	return `${level}/${position}`;
}

function hashOf(range: Range): string {
	return foldNodes(nodesOf(range).map((id) => nodes.get(keyOf(id)) ?? ''));
}

async function signedReceipts(): Promise<SignedReceipt[]> {
	const all: SignedReceipt[] = [];
	for (let seq = 1; seq <= SIZE; seq += 1) {
		const at = `2026-11-22T12:${String(seq).padStart(2, '0')}:01.000Z`;
		const facts = {
			kind: 'asset_deleted' as const,
			objectId: 'ast_0123456789abcdefghjkmnpqrs',
			deleted: [{ what: 'video', count: 1 }],
			places: [{ name: 'Our private store', state: 'deleted' as const, checkedAt: at }],
			kept: [],
			reason: 'requested' as const,
			dueAt: null,
			deletedAt: at,
		};
		const previousHash = all.at(-1)?.hash ?? GENESIS_HASH;
		all.push(await signReceipt(key, facts, { receiptId: `rct_${seq}`, seq, previousHash, issuedAt: new Date(at) }));
	}
	return all;
}

function headOf(treeSize: number, by = key): Promise<SignedHead> {
	const signedAt = new Date('2026-11-22T13:00:00.000Z');
	return signHead(by, { treeSize, rootHash: hashOf({ from: 0, to: treeSize }), signedAt });
}

async function proofOf(seq: number, size: number): Promise<InclusionProof> {
	const hashes = inclusionRanges(seq - 1, size).map(hashOf);
	return { leafIndex: seq - 1, hashes, head: await headOf(size) };
}

/** The file that the receipt's page offers. */
async function fileOf(seq: number, size: number) {
	const receipt = receipts[seq - 1];
	if (receipt === undefined) throw new Error(`there is no receipt ${seq}`);
	return { ...receipt, proof: await proofOf(seq, size) };
}

function growth(from: number, to: number) {
	return { from, to, hashes: consistencyRanges(from, to).map(hashOf) };
}

/** What it says, or the sentence and the code with which it refuses. */
function check(files: Partial<Files>, keySet: unknown = keys): string[] | [string, number] {
	try {
		return checkAll({ proofs: [], ...files }, keySet);
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
		return [error.message, error.exitCode];
	}
}

function isAccepted(files: Partial<Files>): boolean {
	return typeof check(files)[1] !== 'number';
}

test('every receipt is in the log under every head that covers it', async () => {
	for (let size = 1; size <= SIZE; size += 1) {
		for (let seq = 1; seq <= size; seq += 1) {
			const said = check({ receipt: await fileOf(seq, size) });
			expect(said.at(-1)).toBe(`In the log: place ${seq} of ${size}, under a head signed 2026-11-22 13:00 UTC.`);
		}
	}
});

test('of each two heads the newer continues the older', async () => {
	const heads = await Promise.all(receipts.map((_, index) => headOf(index + 1)));
	for (let to = 1; to <= SIZE; to += 1) {
		for (let from = 1; from <= to; from += 1) {
			const [head, oldHead] = [heads[to - 1], heads[from - 1]];
			const said = check({ head, oldHead, proofs: [growth(from, to)] });
			expect(said).toEqual([expect.stringMatching(/^Valid: .*Nothing was taken out or changed\.$/)]);
		}
	}
});

test('a receipt belongs to the log of a head from elsewhere, older or newer, when both are of one log', async () => {
	const receipt = await fileOf(7, 20);
	for (const size of [9, 20, 33]) {
		const proofs = size === 20 ? [] : [growth(Math.min(size, 20), Math.max(size, 20))];
		expect(check({ receipt, head: await headOf(size), proofs }).at(-1)).toContain('belongs to the same log');
	}
	expect(check({ receipt, head: await headOf(33) })).toEqual([
		'The heads are of different sizes. Fetch /v1/log/consistency?from=20&to=33 and give it with --consistency.',
		2,
	]);
});

test('a head of another log is not valid, although its signature fits', async () => {
	const signedAt = new Date('2026-11-22T13:00:00.000Z');
	const forged = await signHead(key, { treeSize: 20, rootHash: leafHash('another log'), signedAt });
	const [sentence, code] = check({ receipt: await fileOf(7, 20), head: forged });
	expect([sentence, code]).toEqual([
		'Not valid: two heads of one size have different roots: the log was rewritten. Do not rely on this receipt.',
		1,
	]);
	const grown = check({ head: await headOf(33), oldHead: forged, proofs: [growth(20, 33)] });
	expect(grown).toEqual([expect.stringContaining('does not continue the one of 20'), 1]);
});

test('the receipt before it is checked for the link', async () => {
	const receipt = await fileOf(7, 20);
	expect(check({ receipt, previous: receipts[5] })).toContain('It follows receipt rct_6.');
	expect(check({ receipt, previous: receipts[4] })[1]).toBe(2);
	const other = await signReceipt(
		key,
		{ ...bodyFacts(receipts[5]), reason: 'window_ended' },
		{
			receiptId: 'rct_6',
			seq: 6,
			previousHash: GENESIS_HASH,
			issuedAt: new Date('2026-11-22T12:00:00.000Z'),
		},
	);
	expect(check({ receipt, previous: other })).toEqual([expect.stringContaining('does not name the receipt before'), 1]);
});

function bodyFacts(receipt: SignedReceipt | undefined) {
	if (receipt === undefined) throw new Error('there is a sixth receipt');
	const { kind, objectId, deleted, places, kept, reason, dueAt, deletedAt } = receipt.body;
	return { kind, objectId, deleted, places, kept, reason, dueAt, deletedAt };
}

test('no single byte of a receipt, its proof, a head or the proof between heads can be another', async () => {
	const receipt = await fileOf(7, 20);
	const files = { receipt, head: await headOf(33), oldHead: await headOf(9), proofs: [growth(20, 33), growth(9, 33)] };
	expect(isAccepted(files)).toBe(true);
	const texts = {
		receipt: JSON.stringify(files.receipt),
		head: JSON.stringify(files.head),
		oldHead: JSON.stringify(files.oldHead),
		proofs: JSON.stringify(files.proofs),
	};
	const { numRuns: rounds, seed } = parametersOf('single bytes', 2, {
		seed: process.env['PROPERTY_SEED'] ?? '',
		runs: process.env['PROPERTY_RUNS'] ?? '',
	});
	const bytes = fc.sample(fc.integer({ min: 0x20, max: 0x7e }), { numRuns: 5000 * rounds, seed });
	let tried = 0;
	for (const [name, text] of Object.entries(texts)) {
		for (let at = 0; at < text.length; at += 1) {
			for (let round = 0; round < rounds; round += 1) {
				const letter = String.fromCharCode(bytes[tried % bytes.length] ?? 0x20);
				tried += 1;
				if (letter === text[at]) continue;
				const touched = parsed(`${text.slice(0, at)}${letter}${text.slice(at + 1)}`);
				if (touched === null) continue;
				expect(isAccepted({ ...files, [name]: touched }), `${name} at ${at}: ${letter}`).toBe(false);
			}
		}
	}
	expect(tried).toBeGreaterThan(3000 * rounds);
});

/** What is no JSON any more is refused before anything is checked. */
function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}

async function written(name: string, content: unknown): Promise<string> {
	const path = join(directory, name);
	await writeFile(path, JSON.stringify(content));
	return path;
}

async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
	try {
		return { code: 0, ...(await promisify(execFile)(process.execPath, ['scripts/verify-receipt.mjs', ...args])) };
	} catch (error) {
		const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
		return { code, stdout, stderr };
	}
}

test('the command reads all of it from files, and exits 0, 1 or 2', async () => {
	const keysPath = await written('keys.json', keys);
	const receipt = await written('receipt.json', await fileOf(7, 20));
	const head = await written('head.json', await headOf(33));
	const old = await written('old.json', await headOf(20));
	const between = await written('between.json', growth(20, 33));

	const whole = await run(receipt, '--key', keysPath, '--head', head, '--old-head', old, '--consistency', between);
	expect(whole).toMatchObject({ code: 0, stderr: '' });
	expect(whole.stdout.trim().split('\n')).toHaveLength(6);
	const heads = await run('--key', keysPath, '--head', head, '--old-head', old, '--consistency', between);
	expect(heads).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Valid: the log of 33 receipts/) });
	expect(await run('--key', keysPath, '--head', old, '--old-head', head)).toMatchObject({ code: 2 });
	const strangers = await written(
		'strangers.json',
		await headOf(33, await importReceiptKey(btoa('a third seed of 32 bytes length.'))),
	);
	expect(await run(receipt, '--key', keysPath, '--head', strangers)).toMatchObject({
		code: 1,
		stderr: expect.stringContaining('is not among the published keys'),
	});
	const bare = await written('bare.json', receipts[6]);
	expect(await run(bare, '--key', keysPath, '--head', head)).toMatchObject({ code: 2, stdout: '' });
});
