import type { PresentedClaim } from '../../../workers/core/provenance/check-claim';

/** What a still of a simulation has to say in California. */
export const FACTS = {
	digitalSourceType: 'http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia',
	label: 'AI visualisation, not a promise of a result',
};

export interface Written {
	generator: object;
	/** Fields of the claim that replace or join its own. */
	more: object;
	binding: string | null;
	others: readonly string[];
	/** Fields of the action that replace or join its own; undefined takes one out. */
	action: object;
	isTwice: boolean;
	/** What the actions' box calls itself. */
	label: string;
}

/** A claim as c2pa-rs writes one, but for what is asked to be otherwise. */
export async function claimOver(written: Partial<Written> = {}): Promise<PresentedClaim> {
	const { binding = 'c2pa.hash.data', others = [], label = 'c2pa.actions.v2' } = written;
	const action = {
		action: 'c2pa.created',
		when: '2026-11-21T12:00:00Z',
		softwareAgent: { name: 'Afterglow' },
		digitalSourceType: FACTS.digitalSourceType,
		description: FACTS.label,
		...written.action,
	};
	const content = cbor({ actions: written.isTwice === true ? [action, action] : [action] });
	const salt = box('c2sh', new Uint8Array(16));
	const described = concat(new Uint8Array(16), [0x13], new TextEncoder().encode(`${label}\0`), salt);
	const actions = concat(box('jumd', described), box('cbor', content));
	const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', actions));
	const claim = cbor({
		instanceID: 'xmp:iid:7440940f-085e-43b2-b1f2-041ebd6b39ca',
		claim_generator_info: written.generator ?? { name: 'Afterglow', version: '1', 'org.contentauth.c2pa_rs': '0.90.1' },
		signature: 'self#jumbf=/c2pa/urn:c2pa:9d7a6d2d-7098-4782-bc57-49bed83054c2/c2pa.signature',
		created_assertions: [
			...(binding === null ? [] : [reference(binding, new Uint8Array(32).fill(7))]),
			reference('c2pa.actions.v2', hash),
			...others.map((name) => reference(name, new Uint8Array(32))),
		],
		alg: 'sha256',
		...written.more,
	});
	return { claim, actions };
}

function reference(name: string, hash: Uint8Array) {
	return { url: `self#jumbf=c2pa.assertions/${name}`, hash };
}

function box(type: string, content: ArrayLike<number>): Uint8Array<ArrayBuffer> {
	const length = new Uint8Array(4);
	new DataView(length.buffer).setUint32(0, content.length + 8);
	return concat(length, new TextEncoder().encode(type), content);
}

/** Text, bytes, lists and maps, as RFC 8949 has them. */
function cbor(value: unknown): Uint8Array<ArrayBuffer> {
	if (typeof value === 'string') {
		const text = new TextEncoder().encode(value);
		return concat(head(3, text.length), text);
	}
	if (value instanceof Uint8Array) return concat(head(2, value.length), value);
	if (Array.isArray(value)) return concat(head(4, value.length), ...value.map(cbor));
	if (typeof value !== 'object' || value === null) throw new TypeError('nothing else is written here');
	const entries = Object.entries(value).filter(([, member]) => member !== undefined);
	return concat(head(5, entries.length), ...entries.flatMap(([key, member]) => [cbor(key), cbor(member)]));
}

function head(kind: number, count: number): number[] {
	if (count < 24) return [(kind << 5) | count];
	return count < 256 ? [(kind << 5) | 24, count] : [(kind << 5) | 25, count >> 8, count & 255];
}

function concat(...parts: readonly ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
	return new Uint8Array(parts.flatMap((part) => Array.from(part)));
}
