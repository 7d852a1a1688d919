import { AppError } from '../errors';
import { toHex } from '../receipts/receipt-key';
import { type Cbor, CborError, isCborMap, readCbor, type CborMap } from './read-cbor';
import type { FileFacts } from './read-file-facts';

/** Who every claim says that it was written by. */
export const CLAIM_GENERATOR = 'Afterglow';
/** A claim is a kilobyte; larger ones are no claim of ours. */
export const CLAIM_BYTES_MAX = 8_192;
export const ACTIONS_BYTES_MAX = 8_192;

/** The clock of a device may be wrong by so much. */
const CLOCK_MINUTES = 24 * 60;

export const ACTIONS_LABEL = 'c2pa.actions.v2';
/** What binds a claim to the bytes of its file: pictures by the first, films by the others. */
const BINDINGS = new Set(['c2pa.hash.data', 'c2pa.hash.bmff.v2', 'c2pa.hash.bmff.v3']);
const CLAIM_KEYS = new Set([
	'instanceID',
	'claim_generator_info',
	'signature',
	'created_assertions',
	'gathered_assertions',
	'alg',
]);
const GENERATOR_KEYS = new Set(['name', 'version', 'org.contentauth.c2pa_rs']);
const ACTION_KEYS = new Set(['action', 'when', 'softwareAgent', 'digitalSourceType', 'description']);
const REFERENCE = /^self#jumbf=c2pa\.assertions\/([\w.]{1,60})$/;

export interface PresentedClaim {
	/** CBOR of a C2PA claim, version 2. */
	claim: Uint8Array<ArrayBuffer>;
	/** The content of the JUMBF box of its actions, description box first: what the claim has the hash of. */
	actions: Uint8Array<ArrayBuffer>;
}

/**
 * Refuses (`invalid_input`) whatever is not a claim of ours over one file and one action, the one that the facts tell: who holds a
 * session could otherwise have anything signed with our certificate. The claim's hash of its actions is computed again from what was
 * presented, so that the signature covers what was read here. C2PA 2.2 §10, §18; ISO/IEC 19566-5 for the boxes.
 */
export async function checkClaim(
	{ claim, actions }: PresentedClaim,
	{ facts, nowMs }: { facts: Pick<FileFacts, 'digitalSourceType' | 'label'>; nowMs: number },
): Promise<void> {
	try {
		const references = referencesOf(readCbor(claim));
		const hash = references.get(ACTIONS_LABEL);
		const others = [...references.keys()].filter((label) => label !== ACTIONS_LABEL);
		const [binding] = others;
		if (hash === undefined || others.length !== 1 || binding === undefined || !BINDINGS.has(binding)) {
			throw refusal('it says more or less than what was done, and to which bytes');
		}
		if (toHex(await crypto.subtle.digest('SHA-256', actions)) !== hash) throw refusal('its actions are others');
		checkActions(readCbor(contentOf(actions)), facts, nowMs);
	} catch (cause) {
		if (cause instanceof CborError) throw refusal(cause.message, cause);
		throw cause;
	}
}

function refusal(why: string, cause?: unknown): AppError {
	return new AppError('invalid_input', `This is not a claim that is signed here: ${why}.`, { cause });
}

/** Label and hash, hex, of each assertion. */
function referencesOf(claim: Cbor): Map<string, string> {
	if (!isCborMap(claim) || !hasOnly(claim, CLAIM_KEYS)) throw refusal('it is in another form');
	const generator = claim['claim_generator_info'];
	if (!isCborMap(generator) || generator['name'] !== CLAIM_GENERATOR || !hasOnly(generator, GENERATOR_KEYS)) {
		throw refusal('another program wrote it');
	}
	if (claim['alg'] !== 'sha256') throw refusal('its hashes are of another kind');
	const references = new Map<string, string>();
	for (const reference of [...listOf(claim['created_assertions']), ...listOf(claim['gathered_assertions'])]) {
		const { url, hash, alg = 'sha256' } = isCborMap(reference) ? reference : {};
		const label = typeof url === 'string' ? REFERENCE.exec(url)?.[1] : undefined;
		if (label === undefined || references.has(label) || alg !== 'sha256' || !(hash instanceof Uint8Array)) {
			throw refusal('one of its parts is elsewhere');
		}
		references.set(label, toHex(hash.buffer));
	}
	return references;
}

function listOf(value: Cbor | undefined): readonly Cbor[] {
	if (value === undefined) return [];
	if (!Array.isArray(value)) throw refusal('it is in another form');
	return value;
}

function checkActions(
	content: Cbor,
	{ digitalSourceType, label }: Pick<FileFacts, 'digitalSourceType' | 'label'>,
	nowMs: number,
): void {
	const list = isCborMap(content) && hasOnly(content, new Set(['actions'])) ? content['actions'] : undefined;
	const [action, more] = Array.isArray(list) ? list : [];
	if (!isCborMap(action) || more !== undefined || !hasOnly(action, ACTION_KEYS)) {
		throw refusal('it tells another number of actions than one');
	}
	const agent = action['softwareAgent'];
	const isOurs = isCborMap(agent) && agent['name'] === CLAIM_GENERATOR && hasOnly(agent, new Set(['name']));
	if (action['action'] !== 'c2pa.created' || !isOurs) throw refusal('its action is another one');
	if (action['digitalSourceType'] !== digitalSourceType) throw refusal('the file came to be in another way');
	if ((action['description'] ?? null) !== label) throw refusal('its label is another one');
	const { when } = action;
	const awayMs = typeof when === 'string' ? Math.abs(Date.parse(when) - nowMs) : Number.NaN;
	if (!(awayMs <= CLOCK_MINUTES * 60_000)) throw refusal('its time is another one');
}

function hasOnly(map: CborMap, keys: ReadonlySet<string>): boolean {
	return Object.keys(map).every((key) => keys.has(key));
}

/** What a `jumd` box with the actions' label describes: the one `cbor` box behind it. */
function contentOf(boxes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
	const view = new DataView(boxes.buffer, boxes.byteOffset, boxes.byteLength);
	const described = boxes.length < 8 ? 0 : view.getUint32(0);
	const isDescription = described >= 8 && described + 8 <= boxes.length && nameAt(boxes, 4) === 'jumd';
	if (!isDescription || nameAt(boxes, described + 4) !== 'cbor') throw refusal('its actions are in another form');
	if (view.getUint32(described) !== boxes.length - described) throw refusal('its actions are not alone');
	// Behind the length and the name: sixteen bytes of a kind, one of flags, then the label, which ends with a zero.
	const label = String.fromCharCode(...boxes.subarray(25, 25 + ACTIONS_LABEL.length + 1));
	if (label !== `${ACTIONS_LABEL}\0`) throw refusal('its actions have another name');
	return boxes.slice(described + 8);
}

function nameAt(bytes: Uint8Array<ArrayBuffer>, at: number): string {
	return String.fromCharCode(...bytes.subarray(at, at + 4));
}
