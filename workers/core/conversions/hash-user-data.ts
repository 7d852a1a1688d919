/**
 * What Meta matches people by, as it wants it: SHA-256 in lower-case hex over the value trimmed and in lower case (Meta's SDK,
 * `normalize`). Only these two are ever told; names, places and telephone numbers are not.
 */
export async function hashUserData(value: string): Promise<string> {
	const bytes = new TextEncoder().encode(value.trim().toLowerCase());
	const digest = await crypto.subtle.digest('SHA-256', bytes);
	return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
