/**
 * A reader of the CBOR (RFC 8949) that claims and assertions of C2PA are written in, and of nothing more: definite lengths, whole
 * numbers, bytes, text, lists, maps with text as keys, true, false and null; of a tagged value the value. Everything else is refused by
 * throwing, as are bytes that go on behind the value, a key that comes twice and more than 16 values in one another.
 */
export type Cbor = number | string | boolean | null | Uint8Array<ArrayBuffer> | Cbor[] | CborMap;
export interface CborMap {
	readonly [key: string]: Cbor;
}

export class CborError extends Error {}

const DEPTH_MAX = 16;

export function readCbor(bytes: Uint8Array<ArrayBuffer>): Cbor {
	const reader = new Reader(bytes);
	const value = reader.value(0);
	if (!reader.isAtEnd()) throw new CborError('bytes go on behind the value');
	return value;
}

export function isCborMap(value: Cbor | undefined): value is CborMap {
	return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

class Reader {
	readonly #bytes: Uint8Array<ArrayBuffer>;
	#at = 0;

	constructor(bytes: Uint8Array<ArrayBuffer>) {
		this.#bytes = bytes;
	}

	isAtEnd(): boolean {
		return this.#at === this.#bytes.length;
	}

	value(depth: number): Cbor {
		if (depth > DEPTH_MAX) throw new CborError('too many values in one another');
		const [first = 0] = this.#take(1);
		const [kind, info] = [first >> 5, first & 31];
		if (kind === 7) return simpleValue(info);
		const count = this.#count(info);
		switch (kind) {
			case 0:
				return count;
			case 1:
				return -1 - count;
			case 2:
				return this.#take(count);
			case 3:
				return textOf(this.#take(count));
			case 4:
				return this.#list(count, depth);
			case 5:
				return this.#map(count, depth);
			default:
				return this.value(depth + 1);
		}
	}

	#list(count: number, depth: number): Cbor[] {
		// Each value is a byte at least, so a length that lies ends with the bytes.
		const items: Cbor[] = [];
		for (let index = 0; index < count; index += 1) items.push(this.value(depth + 1));
		return items;
	}

	#map(count: number, depth: number): CborMap {
		const map = new Map<string, Cbor>();
		for (let index = 0; index < count; index += 1) {
			const key = this.value(depth + 1);
			if (typeof key !== 'string') throw new CborError('a key is no text');
			if (map.has(key)) throw new CborError('a key comes twice');
			map.set(key, this.value(depth + 1));
		}
		return Object.fromEntries(map);
	}

	/** The length or number behind a first byte, up to 2^32 - 1. */
	#count(info: number): number {
		if (info < 24) return info;
		if (info > 26) throw new CborError('a length is indefinite or larger than anything here');
		return this.#take(2 ** (info - 24)).reduce((sum, byte) => sum * 256 + byte, 0);
	}

	#take(count: number): Uint8Array<ArrayBuffer> {
		const end = this.#at + count;
		if (end > this.#bytes.length) throw new CborError('the bytes end early');
		const taken = this.#bytes.slice(this.#at, end);
		this.#at = end;
		return taken;
	}
}

function simpleValue(info: number): Cbor {
	if (info === 20) return false;
	if (info === 21) return true;
	if (info === 22) return null;
	throw new CborError('a number with a point, or a value that has no meaning here');
}

function textOf(bytes: Uint8Array<ArrayBuffer>): string {
	try {
		return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		throw new CborError('text is not UTF-8');
	}
}
