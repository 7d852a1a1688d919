import type { CredentialSigner } from './provenance-keys';

/** What ES256 signs to: r and s, raw (RFC 9053 §2.1). */
const SIGNATURE_BYTES = 64;
/** Zeros to fill up with; more than 255, so that their length is always written in two bytes. */
const PAD_BYTES = 256;

/** COSE header labels: the algorithm, and the certificates (RFC 9360). */
const [ALG, X5CHAIN] = [1, 33];
const ES256 = -7;

/** How long a `coseSign1` with this chain is. */
export function coseSize(chain: CredentialSigner['chain']): number {
	return envelope(chain, new Uint8Array(SIGNATURE_BYTES)).length;
}

/** COSE_Sign1 (RFC 9052 §4.2) over a payload that it does not carry, as C2PA has it: ES256, the chain in the protected header. */
export async function coseSign1(
	{ privateKey, chain }: CredentialSigner,
	payload: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
	const signed = joined(
		[0x84],
		text('Signature1'),
		bytes(protectedHeader(chain)),
		bytes(new Uint8Array()),
		bytes(payload),
	);
	const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, signed);
	return envelope(chain, new Uint8Array(signature));
}

function envelope(chain: CredentialSigner['chain'], signature: Uint8Array): Uint8Array<ArrayBuffer> {
	const unprotected = joined([0xa1], text('pad'), bytes(new Uint8Array(PAD_BYTES)));
	// Tag 18, a list of four, and null in the place of the payload.
	return joined([0xd2, 0x84], bytes(protectedHeader(chain)), unprotected, [0xf6], bytes(signature));
}

function protectedHeader(chain: CredentialSigner['chain']): Uint8Array<ArrayBuffer> {
	const certificates = joined(head(4, chain.length), ...chain.map(bytes));
	return joined([0xa2], head(0, ALG), head(1, -1 - ES256), head(0, X5CHAIN), certificates);
}

function bytes(value: Uint8Array): Uint8Array<ArrayBuffer> {
	return joined(head(2, value.length), value);
}

function text(value: string): Uint8Array<ArrayBuffer> {
	const encoded = new TextEncoder().encode(value);
	return joined(head(3, encoded.length), encoded);
}

/** The first bytes of a value: its kind, and its length or number, below 2^16. */
function head(kind: number, count: number): number[] {
	if (count < 24) return [(kind << 5) | count];
	if (count < 256) return [(kind << 5) | 24, count];
	return [(kind << 5) | 25, count >> 8, count & 255];
}

function joined(...parts: readonly ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
	const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
	let at = 0;
	for (const part of parts) {
		whole.set(part, at);
		at += part.length;
	}
	return whole;
}
