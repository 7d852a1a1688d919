/**
 * `src`: what was uploaded, under the source's short retention; `out`: what a render made; `logo`: what an account shows of
 * itself; `pap`: the paper that a consent was signed on; `exp`: a copy that a person asked for, under their own id.
 */
export type ObjectPrefix = 'src' | 'out' | 'logo' | 'pap' | 'exp';

const RANDOM_BYTES = 16;

/** `src/<account>/<128 random bits>`: nobody can guess it and no user names it (U5). */
export function newObjectKey(prefix: ObjectPrefix, accountId: string): string {
	if (!/^[A-Za-z0-9_-]{1,64}$/.test(accountId)) throw new Error('An account id has other characters than an id has.');
	const random = crypto.getRandomValues(new Uint8Array(RANDOM_BYTES));
	return `${prefix}/${accountId}/${Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

export function isObjectKey(value: string): boolean {
	return /^(?:src|out|logo|pap|exp)\/[A-Za-z0-9_-]{1,64}\/[0-9a-f]{32}$/.test(value);
}
