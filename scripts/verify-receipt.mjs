// Checks deletion receipts and the log they are in without a network, a database or any package: a second implementation
// beside the service's own, short enough to be read by whoever has to trust it. Node 20 or newer.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';

const USAGE = `Usage: node scripts/verify-receipt.mjs RECEIPT.json --key KEYS.json [more]
       node scripts/verify-receipt.mjs --key KEYS.json --head NEW.json --old-head OLD.json --consistency PROOF.json

Checks that a deletion receipt was signed by one of the published keys and not changed since, and that it is in the
public log of receipts. With two heads, checks that the newer log continues the older one. Nothing is sent anywhere.

  RECEIPT.json         the receipt as you downloaded it
  --key FILE           the published keys: /.well-known/afterglow-keys.json of the service
  --head FILE          a head of the log from a source of your own: /.well-known/afterglow-log.json, now or later
  --old-head FILE      a head that you kept from before
  --consistency FILE   the proof that leads from one head to the other: /v1/log/consistency?from=SIZE&to=SIZE;
                       once for each pair of heads of different size
  --previous FILE      the receipt before this one, where you have it: checks the link between the two
  --help               show this

Exit status: 0 when all that was asked is valid; 1 when something is not valid; 2 when something is missing, cannot be
read or is no JSON, so that nothing is said about it.`;

const SHA256_HEX = /^[0-9a-f]{64}$/;
const RECEIPT_FIELDS = ['body', 'hash', 'previousHash', 'seq', 'keyId', 'signature', 'publicKey'];
/** What the API answers around them. */
const ANSWER_FIELDS = ['state', 'id', 'issuedAt', 'proof'];
const HEAD_FIELDS = ['version', 'treeSize', 'rootHash', 'signedAt', 'keyId', 'publicKey', 'signature'];

/** `exitCode` 1: it is not valid. 2: it could not be checked. */
export class Refusal extends Error {
	constructor(message, exitCode) {
		super(message);
		this.exitCode = exitCode;
	}
}

function invalid(why) {
	return new Refusal(`Not valid: ${why}. Do not rely on this receipt.`, 1);
}

function unchecked(sentence) {
	return new Refusal(sentence, 2);
}

function canonical(value) {
	if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
	if (typeof value === 'object' && value !== null) {
		const members = Object.keys(value)
			.toSorted()
			.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
		return `{${members.join(',')}}`;
	}
	return JSON.stringify(value);
}

function isObject(value) {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasOnly(value, fields) {
	return isObject(value) && Object.keys(value).every((field) => fields.includes(field));
}

/** What is not JSON is no receipt; the caller says so. */
function parseText(text) {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}

// Keys and signatures

function publishedKey(keySet, { keyId, publicKey }) {
	const keys = Array.isArray(keySet?.keys) ? keySet.keys : [];
	const key = keys.find(({ kid }) => kid === keyId);
	if (key === undefined) throw invalid(`its key ${keyId} is not among the published keys`);
	if (key.x !== publicKey) throw invalid('its key differs from the published one');
	return key.x;
}

function isSigned(bytes, signature, x) {
	// 64 bytes have exactly one spelling in base64url; Buffer alone would accept several.
	if (typeof signature !== 'string' || !/^[\w-]{85}[AQgw]$/.test(signature)) return false;
	const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
	return verify(null, bytes, publicKey, Buffer.from(signature, 'base64url'));
}

// The receipt

/** Returns the signed body, or throws a Refusal that says what is wrong. */
export function checkReceipt(receipt, keySet) {
	// The API hands the signed text over as it is; a saved receipt holds it as an object. Either way its canonical form counts.
	const body = typeof receipt?.body === 'string' ? parseText(receipt.body) : receipt?.body;
	if (
		!isObject(body) ||
		body.version !== 'afterglow-receipt/1' ||
		!hasOnly(receipt, [...RECEIPT_FIELDS, ...ANSWER_FIELDS])
	) {
		throw invalid('this file is not in the form of a receipt');
	}
	const repeated = { seq: 'seq', previousHash: 'previousHash', keyId: 'keyId', publicKey: 'publicKey' };
	const answered = { id: 'receiptId', issuedAt: 'issuedAt' };
	for (const [field, signed] of Object.entries({ ...repeated, ...answered })) {
		const isGiven = field in repeated || receipt[field] !== undefined;
		if (isGiven && receipt[field] !== body[signed]) throw invalid(`its ${field} differs from the signed one`);
	}
	if (receipt.state !== undefined && receipt.state !== 'issued') throw invalid('it says that it is not issued');
	const x = publishedKey(keySet, body);
	const bytes = Buffer.from(canonical(body));
	if (createHash('sha256').update(bytes).digest('hex') !== receipt.hash)
		throw invalid('its hash does not fit its text');
	if (!isSigned(bytes, receipt.signature, x)) throw invalid('its signature does not fit its text');
	return body;
}

function checkLink(receipt, body, previous, keySet) {
	const before = checkReceipt(previous, keySet);
	if (before.seq + 1 !== body.seq) {
		throw unchecked(
			`The receipt given as the previous one is number ${before.seq}, and this one is number ${body.seq}.`,
		);
	}
	if (previous.hash !== body.previousHash) throw invalid('it does not name the receipt before it');
	return before;
}

// The log (RFC 6962, 2.1)

function leafHash(bytes) {
	return createHash('sha256').update(Buffer.of(0)).update(bytes).digest('hex');
}

function innerHash(left, right) {
	return createHash('sha256')
		.update(Buffer.of(1))
		.update(Buffer.from(left + right, 'hex'))
		.digest('hex');
}

/** The largest power of two that is smaller than `size`. */
function split(size) {
	let k = 1;
	while (k * 2 < size) k *= 2;
	return k;
}

/** The root that PATH(index, D[size]) leads to. `path` is used up from its end, which is next to the root. */
function rootOfPath(leaf, index, size, path) {
	if (size === 1) return leaf;
	const k = split(size);
	const sibling = path.pop();
	if (sibling === undefined) throw invalid('its proof is too short');
	return index < k
		? innerHash(rootOfPath(leaf, index, k, path), sibling)
		: innerHash(sibling, rootOfPath(leaf, index - k, size - k, path));
}

/** Both roots that SUBPROOF(older, D[newer], …) leads to. */
function rootsOfProof(older, newer, knownRoot, proof) {
	if (older === newer) {
		const root = knownRoot ?? proof.pop();
		if (root === undefined) throw invalid('the proof between the heads is too short');
		return [root, root];
	}
	const k = split(newer);
	const sibling = proof.pop();
	if (sibling === undefined) throw invalid('the proof between the heads is too short');
	if (older <= k) {
		const [old, now] = rootsOfProof(older, k, knownRoot, proof);
		return [old, innerHash(now, sibling)];
	}
	const [old, now] = rootsOfProof(older - k, newer - k, null, proof);
	return [innerHash(sibling, old), innerHash(sibling, now)];
}

function hashesOf(value, what) {
	const isRight = Array.isArray(value) && value.every((hash) => typeof hash === 'string' && SHA256_HEX.test(hash));
	if (!isRight) throw invalid(`${what} is not a list of hashes`);
	return [...value];
}

function isSize(value) {
	return Number.isSafeInteger(value) && value > 0;
}

/** Returns the head, or throws: signed by a published key, and in its form. */
export function checkHead(head, keySet, what = 'the head') {
	if (!hasOnly(head, HEAD_FIELDS) || head.version !== 'afterglow-head/1' || !isSize(head.treeSize)) {
		throw invalid(`${what} is not in the form of a head`);
	}
	const { signature, ...signed } = head;
	const x = publishedKey(keySet, head);
	if (!isSigned(Buffer.from(canonical(signed)), signature, x)) {
		throw invalid(`the signature of ${what} does not fit its text`);
	}
	return head;
}

/** Checks the proof inside a receipt down to the head that came with it, and returns that head. */
export function checkInclusion(body, proof, keySet) {
	if (!hasOnly(proof, ['leafIndex', 'hashes', 'head'])) throw invalid('its proof is not in the form of one');
	const head = checkHead(proof.head, keySet, 'the head in its proof');
	if (proof.leafIndex !== body.seq - 1) throw invalid('its proof is about another place in the log');
	if (head.treeSize < body.seq) throw invalid('its proof leads to a log that ends before it');
	const path = hashesOf(proof.hashes, 'its proof');
	const root = rootOfPath(leafHash(Buffer.from(canonical(body))), proof.leafIndex, head.treeSize, path);
	if (path.length > 0) throw invalid('its proof is too long');
	if (root !== head.rootHash) throw invalid('its proof does not lead to the root that was signed');
	return head;
}

/** Checks that two heads are of one log that only grew; `proofs` are the consistency proofs at hand. */
export function checkGrowth(one, other, proofs) {
	const [older, newer] = one.treeSize <= other.treeSize ? [one, other] : [other, one];
	if (older.treeSize === newer.treeSize) {
		if (older.rootHash !== newer.rootHash)
			throw invalid('two heads of one size have different roots: the log was rewritten');
		return;
	}
	const proof = proofs.find((each) => each?.from === older.treeSize && each?.to === newer.treeSize);
	if (proof === undefined) {
		throw unchecked(
			`The heads are of different sizes. Fetch /v1/log/consistency?from=${older.treeSize}&to=${newer.treeSize} ` +
				'and give it with --consistency.',
		);
	}
	if (!hasOnly(proof, ['from', 'to', 'hashes'])) throw invalid('the proof between the heads is not in the form of one');
	const hashes = hashesOf(proof.hashes, 'the proof between the heads');
	const [old, now] = rootsOfProof(older.treeSize, newer.treeSize, older.rootHash, hashes);
	if (hashes.length > 0) throw invalid('the proof between the heads is too long');
	if (old !== older.rootHash || now !== newer.rootHash) {
		throw invalid(`the log of ${newer.treeSize} receipts does not continue the one of ${older.treeSize}`);
	}
}

// What is said

function minute(time) {
	return `${time.slice(0, 10)} ${time.slice(11, 16)} UTC`;
}

function until(time) {
	return time === null || time === undefined ? '' : `, until ${minute(time)}`;
}

function describe(body) {
	const due = body.dueAt === null ? '' : `, due ${minute(body.dueAt)}`;
	const what = body.deleted.map((item) => `${item.what} (${item.count})`).join(', ');
	const places = body.places.map(
		({ name, state, checkedAt }) => `  ${name}: ${state.replaceAll('_', ' ')}, checked ${minute(checkedAt)}`,
	);
	const kept = body.kept.map((item) => `  kept: ${item.what}. ${item.why}${until(item.until)}`);
	return [
		`Valid: receipt ${body.receiptId}, number ${body.seq}, signed by key ${body.keyId}.`,
		`Deleted ${minute(body.deletedAt)}${due}: ${what} of ${body.objectId}.`,
		...places,
		...kept,
	];
}

function nameOf(head) {
	return `the log of ${head.treeSize} receipts, signed ${minute(head.signedAt)}`;
}

/**
 * Everything that was given, checked: `receipt`, `previous`, `head` and `oldHead` are parsed files or undefined, `proofs` a list of
 * parsed files. Returns the sentences to print, or throws a Refusal.
 */
export function checkAll({ receipt, previous, head, oldHead, proofs }, keySet) {
	const said = [];
	const given = head === undefined ? undefined : checkHead(head, keySet, 'the head you gave');
	if (receipt !== undefined) {
		const body = checkReceipt(receipt, keySet);
		said.push(...describe(body));
		if (previous !== undefined)
			said.push(`It follows receipt ${checkLink(receipt, body, previous, keySet).receiptId}.`);
		const proof = receipt.proof ?? null;
		if (proof !== null) {
			const own = checkInclusion(body, proof, keySet);
			if (given !== undefined) checkGrowth(own, given, proofs);
			said.push(`In the log: place ${body.seq} of ${own.treeSize}, under a head signed ${minute(own.signedAt)}.`);
			if (given !== undefined) said.push(`The head you gave belongs to the same log: ${nameOf(given)}.`);
		} else if (given !== undefined) {
			throw unchecked(
				'This receipt holds no proof that it is in the log. Download it again: it does so within minutes.',
			);
		} else {
			said.push('Not checked: whether it is in the log, for this file holds no proof. Downloaded again, it does.');
		}
	}
	if (oldHead !== undefined) {
		const old = checkHead(oldHead, keySet, 'the older head');
		if (given === undefined) throw unchecked('Give the newer head as well, with --head.');
		if (old.treeSize > given.treeSize)
			throw unchecked('The head given with --old-head is the newer one. Exchange the two.');
		checkGrowth(old, given, proofs);
		said.push(`Valid: ${nameOf(given)}, continues ${nameOf(old)}. Nothing was taken out or changed.`);
	}
	return said;
}

// The command

function readJson(path, what) {
	let text;
	try {
		text = readFileSync(path, 'utf8');
	} catch {
		throw unchecked(`The ${what} ${path} cannot be read. Check the path.`);
	}
	try {
		return JSON.parse(text);
	} catch {
		throw unchecked(`The ${what} ${path} is not JSON. Download it again.`);
	}
}

function argumentsOf(argv) {
	const file = { type: 'string' };
	try {
		return parseArgs({
			args: argv,
			allowPositionals: true,
			options: {
				key: file,
				head: file,
				'old-head': file,
				previous: file,
				consistency: { type: 'string', multiple: true },
				help: { type: 'boolean', short: 'h' },
			},
		});
	} catch (error) {
		throw unchecked(`${error.message}\n\n${USAGE}`);
	}
}

function run(argv) {
	const { values, positionals } = argumentsOf(argv);
	if (values.help) return USAGE;
	const isAboutHeads = positionals.length === 0 && values.head !== undefined && values['old-head'] !== undefined;
	if ((positionals.length !== 1 && !isAboutHeads) || values.key === undefined) {
		throw unchecked(`Name one receipt and the file with the published keys.\n\n${USAGE}`);
	}
	const optional = (path, what) => (path === undefined ? undefined : readJson(path, what));
	const files = {
		receipt: optional(positionals[0], 'receipt'),
		previous: optional(values.previous, 'previous receipt'),
		head: optional(values.head, 'head'),
		oldHead: optional(values['old-head'], 'older head'),
		proofs: (values.consistency ?? []).map((path) => readJson(path, 'proof')),
	};
	return checkAll(files, readJson(values.key, 'key file')).join('\n');
}

function isStarted() {
	const started = process.argv[1];
	return started !== undefined && realpathSync(started) === fileURLToPath(import.meta.url);
}

if (isStarted()) {
	try {
		console.log(run(process.argv.slice(2)));
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
		console.error(error.message);
		process.exitCode = error.exitCode;
	}
}
