import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const BACKUP_ELIGIBLE = 0x08;
const BACKED_UP = 0x10;
const HAS_CREDENTIAL = 0x40;

/** What a ceremony may get wrong. */
export interface Ceremony {
	origin?: string;
	rpId?: string;
	isVerified?: boolean;
	counter?: number;
	/** Instead of the challenge in the options. */
	challenge?: string;
	userHandle?: string;
}

interface CreationOptions {
	challenge: string;
	user: { id: string };
}

/** One passkey on a device in software: P-256, without attestation (WebAuthn Level 3, 6.5). */
export class Authenticator {
	readonly id = randomBytes(16).toString('base64url');
	readonly #keys: { publicKey: KeyObject; privateKey: KeyObject } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
	readonly #origin: string;
	#userHandle = '';
	counter = 0;

	constructor(origin: string) {
		this.#origin = origin;
	}

	register(options: CreationOptions, wrong: Ceremony = {}): RegistrationResponseJSON {
		this.#userHandle = options.user.id;
		const id = Buffer.from(this.id, 'base64url');
		const length = Buffer.from([id.length >> 8, id.length & 0xff]);
		const credential = Buffer.concat([Buffer.alloc(16), length, id, this.#coseKey()]);
		const authData = Buffer.concat([this.#authenticatorData(wrong, HAS_CREDENTIAL), credential]);
		const attestation = cborMap([
			['fmt', cborText('none')],
			['attStmt', cborMap([])],
			['authData', cborBytes(authData)],
		]);
		const clientData = this.#clientData('webauthn.create', options.challenge, wrong);
		return {
			id: this.id,
			rawId: this.id,
			type: 'public-key',
			clientExtensionResults: {},
			response: {
				clientDataJSON: clientData.toString('base64url'),
				attestationObject: attestation.toString('base64url'),
				transports: ['internal'],
			},
		};
	}

	answer(options: { challenge: string }, wrong: Ceremony = {}): AuthenticationResponseJSON {
		const authData = this.#authenticatorData(wrong, 0);
		const clientData = this.#clientData('webauthn.get', options.challenge, wrong);
		const signed = Buffer.concat([authData, createHash('sha256').update(clientData).digest()]);
		return {
			id: this.id,
			rawId: this.id,
			type: 'public-key',
			clientExtensionResults: {},
			response: {
				clientDataJSON: clientData.toString('base64url'),
				authenticatorData: authData.toString('base64url'),
				signature: sign('sha256', signed, this.#keys.privateKey).toString('base64url'),
				userHandle: wrong.userHandle ?? this.#userHandle,
			},
		};
	}

	#authenticatorData({ rpId, isVerified = true, counter }: Ceremony, more: number): Buffer {
		const host = rpId ?? new URL(this.#origin).hostname;
		const flags = USER_PRESENT | (isVerified ? USER_VERIFIED : 0) | BACKUP_ELIGIBLE | BACKED_UP | more;
		const count = Buffer.alloc(4);
		count.writeUInt32BE(counter ?? this.counter);
		return Buffer.concat([createHash('sha256').update(host).digest(), Buffer.from([flags]), count]);
	}

	#clientData(type: string, challenge: string, wrong: Ceremony): Buffer {
		const origin = wrong.origin ?? this.#origin;
		return Buffer.from(JSON.stringify({ type, challenge: wrong.challenge ?? challenge, origin, crossOrigin: false }));
	}

	/** COSE_Key of an ES256 key (RFC 9053, 7.1.1). */
	#coseKey(): Buffer {
		const { x = '', y = '' } = this.#keys.publicKey.export({ format: 'jwk' });
		return Buffer.concat([
			Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]),
			cborBytes(Buffer.from(x, 'base64url')),
			Buffer.from([0x22]),
			cborBytes(Buffer.from(y, 'base64url')),
		]);
	}
}

/** The first bytes of a CBOR item: its major type and its length (RFC 8949, 3). */
function cborHead(major: number, length: number): Buffer {
	if (length < 24) return Buffer.from([(major << 5) | length]);
	if (length < 256) return Buffer.from([(major << 5) | 24, length]);
	return Buffer.from([(major << 5) | 25, length >> 8, length & 0xff]);
}

function cborBytes(bytes: Buffer): Buffer {
	return Buffer.concat([cborHead(2, bytes.length), bytes]);
}

function cborText(text: string): Buffer {
	return Buffer.concat([cborHead(3, text.length), Buffer.from(text)]);
}

function cborMap(entries: readonly [string, Buffer][]): Buffer {
	return Buffer.concat([cborHead(5, entries.length), ...entries.flatMap(([key, value]) => [cborText(key), value])]);
}
