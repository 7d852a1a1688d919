import { createHash } from 'node:crypto';

/* RFC 6962, 2.1, written down as it stands there: slow, and another way than the product's. */

function sha256(...parts: Uint8Array[]): Uint8Array {
	const hash = createHash('sha256');
	for (const part of parts) hash.update(part);
	return hash.digest();
}

function hex(bytes: Uint8Array): string {
	return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function split(n: number): number {
	let k = 1;
	while (k * 2 < n) k *= 2;
	return k;
}

/** MTH(D[n]). */
function mth(d: readonly string[]): Uint8Array {
	if (d.length === 0) return sha256();
	const [only] = d;
	if (d.length === 1 && only !== undefined) return sha256(Uint8Array.of(0), new TextEncoder().encode(only));
	const k = split(d.length);
	return sha256(Uint8Array.of(1), mth(d.slice(0, k)), mth(d.slice(k)));
}

export function naiveRoot(d: readonly string[]): string {
	return hex(mth(d));
}

/** PATH(m, D[n]). */
export function naivePath(m: number, d: readonly string[]): string[] {
	if (d.length === 1) return [];
	const k = split(d.length);
	return m < k
		? [...naivePath(m, d.slice(0, k)), naiveRoot(d.slice(k))]
		: [...naivePath(m - k, d.slice(k)), naiveRoot(d.slice(0, k))];
}

/** PROOF(m, D[n]). */
export function naiveProof(m: number, d: readonly string[]): string[] {
	return subproof(m, d, true);
}

function subproof(m: number, d: readonly string[], isWhole: boolean): string[] {
	if (m === d.length) return isWhole ? [] : [naiveRoot(d)];
	const k = split(d.length);
	return m <= k
		? [...subproof(m, d.slice(0, k), isWhole), naiveRoot(d.slice(k))]
		: [...subproof(m - k, d.slice(k), false), naiveRoot(d.slice(0, k))];
}
