// Checks a deletion receipt without a network, a database or any package: a second implementation beside the
// service's own, short enough to be read by whoever has to trust it. Node 20 or newer.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const USAGE = `Usage: node scripts/verify-receipt.mjs RECEIPT.json --key KEYS.json

Checks that a deletion receipt was signed by one of the published keys and not changed since.
Nothing is sent anywhere.

  RECEIPT.json   the receipt as you downloaded it
  --key FILE     the published keys: /.well-known/afterglow-keys.json of the service
  --help         show this

Exit status: 0 when the receipt is valid, 1 when it is not or cannot be read.`;

class Refusal extends Error {}

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

function readJson(path, what) {
	let text;
	try {
		text = readFileSync(path, 'utf8');
	} catch {
		throw new Refusal(`The ${what} ${path} cannot be read. Check the path.`);
	}
	try {
		return JSON.parse(text);
	} catch {
		throw new Refusal(`The ${what} ${path} is not JSON. Download it again.`);
	}
}

/** What is not JSON is no receipt; the caller says so. */
function parseText(text) {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}

function invalid(why) {
	return new Refusal(`Not valid: ${why}. Do not rely on this receipt.`);
}

/** Returns the signed body, or throws a Refusal that says what is wrong. */
function check(receipt, keySet) {
	// The API hands the signed text over as it is; a saved receipt holds it as an object. Either way its canonical form counts.
	const body = typeof receipt?.body === 'string' ? parseText(receipt.body) : receipt?.body;
	if (typeof body !== 'object' || body === null || body.version !== 'afterglow-receipt/1') {
		throw invalid('this file is not in the form of a receipt');
	}
	for (const field of ['seq', 'previousHash', 'keyId', 'publicKey']) {
		if (receipt[field] !== body[field]) throw invalid(`its ${field} differs from the signed one`);
	}
	const keys = Array.isArray(keySet?.keys) ? keySet.keys : [];
	const key = keys.find(({ kid }) => kid === body.keyId);
	if (key === undefined) throw invalid(`its key ${body.keyId} is not among the published keys`);
	if (key.x !== body.publicKey) throw invalid('its key differs from the published one');

	const bytes = Buffer.from(canonical(body));
	if (createHash('sha256').update(bytes).digest('hex') !== receipt.hash)
		throw invalid('its hash does not fit its text');
	if (!isSigned(bytes, receipt.signature, key.x)) throw invalid('its signature does not fit its text');
	return body;
}

function isSigned(bytes, signature, x) {
	// 64 bytes have exactly one spelling in base64url; Buffer alone would accept several.
	if (typeof signature !== 'string' || !/^[\w-]{85}[AQgw]$/.test(signature)) return false;
	const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
	return verify(null, bytes, publicKey, Buffer.from(signature, 'base64url'));
}

function minute(time) {
	return `${time.slice(0, 10)} ${time.slice(11, 16)} UTC`;
}

function describe(body) {
	const due = body.dueAt === null ? '' : `, due ${minute(body.dueAt)}`;
	const what = body.deleted.map((item) => `${item.what} (${item.count})`).join(', ');
	const places = body.places.map(
		({ name, state, checkedAt }) => `  ${name}: ${state.replace('_', ' ')}, checked ${minute(checkedAt)}`,
	);
	const kept = body.kept.map((item) => `  kept: ${item.what}. ${item.why}${until(item.until)}`);
	return [
		`Valid: receipt ${body.receiptId}, number ${body.seq}, signed by key ${body.keyId}.`,
		`Deleted ${minute(body.deletedAt)}${due}: ${what} of ${body.objectId}.`,
		...places,
		...kept,
	].join('\n');
}

function until(time) {
	return time === null ? '' : `, until ${minute(time)}`;
}

function argumentsOf(argv) {
	try {
		return parseArgs({
			args: argv,
			allowPositionals: true,
			options: { key: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
		});
	} catch (error) {
		throw new Refusal(`${error.message}\n\n${USAGE}`);
	}
}

function run(argv) {
	const { values, positionals } = argumentsOf(argv);
	if (values.help) return USAGE;
	if (positionals.length !== 1 || values.key === undefined) {
		throw new Refusal(`Name one receipt and the file with the published keys.\n\n${USAGE}`);
	}
	return describe(check(readJson(positionals[0], 'receipt'), readJson(values.key, 'key file')));
}

try {
	console.log(run(process.argv.slice(2)));
} catch (error) {
	if (!(error instanceof Refusal)) throw error;
	console.error(error.message);
	process.exitCode = 1;
}
