import * as z from 'zod/mini';

/** A statement as it lies beside a file and as the api answers it. What else stands in it is signed, too, and not read here. */
export const Statement = z.object({
	body: z.looseObject({
		version: z.literal('afterglow-statement/1'),
		fileHash: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
		class: z.enum(['source', 'simulation', 'genuine_pair', 'generated']),
		label: z.nullable(z.string()),
		digitalSourceType: z.string(),
		tools: z.array(z.object({ processor: z.string(), model: z.string() })),
		madeBy: z.nullable(z.string()),
		studio: z.string(),
		statedAt: z.string(),
		publicKey: z.string(),
	}),
	signature: z.string(),
});
export type Statement = z.infer<typeof Statement>;

/** `ours`: signed by a published key. `not_ours`: changed, or signed by somebody else. `unchecked`: this browser or the network cannot. */
export type StatementProof = 'ours' | 'not_ours' | 'unchecked';

const Keys = z.object({ keys: z.array(z.object({ x: z.string() })) });

/** The keys that are published; null: they could not be read. Asks for nothing about any file. */
export async function readKeys(): Promise<readonly string[] | null> {
	try {
		const answer = await fetch('/.well-known/afterglow-statement-keys.json');
		return answer.ok ? Keys.parse(await answer.json()).keys.map(({ x }) => x) : null;
	} catch {
		return null;
	}
}

/** Checks the signature on this device (Ed25519 over the version, a line break and the canonical body). */
export async function proveStatement(
	{ body, signature }: Statement,
	keys: readonly string[] | null,
): Promise<StatementProof> {
	if (keys === null) return 'unchecked';
	if (!keys.includes(body.publicKey)) return 'not_ours';
	const key = await importKey(body.publicKey);
	if (key === null) return 'unchecked';
	try {
		const text = new TextEncoder().encode(`${body.version}\n${canonical(body)}`);
		return (await crypto.subtle.verify('Ed25519', key, fromBase64Url(signature), text)) ? 'ours' : 'not_ours';
	} catch {
		return 'not_ours';
	}
}

/** Null: a browser without Ed25519. */
async function importKey(publicKey: string): Promise<CryptoKey | null> {
	try {
		return await crypto.subtle.importKey('raw', fromBase64Url(publicKey), 'Ed25519', false, ['verify']);
	} catch {
		return null;
	}
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
	return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
}

/** Members by code unit, no white space (RFC 8785, for whole numbers). */
function canonical(value: unknown): string {
	if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
	if (typeof value !== 'object' || value === null) return JSON.stringify(value);
	const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
	return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(',')}}`;
}
