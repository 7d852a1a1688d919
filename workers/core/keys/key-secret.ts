const PREFIX = 'ak_';
const RANDOM_BYTES = 32;
const CHECK_LENGTH = 6;
const SHAPE = new RegExp(`^(${PREFIX}[\\w-]{43})([\\w-]{${CHECK_LENGTH}})$`);

/** How many characters at a key's end are kept, to tell keys apart. All of them are the checksum's, so they say nothing of the rest. */
const ENDING_LENGTH = 4;

export interface NewSecret {
	/** The whole key: shown once, never stored. */
	key: string;
	secretHash: string;
	ending: string;
}

/**
 * A fresh key: `ak_`, 256 random bits in base64url, and a checksum of 6 characters by which scanners for leaked secrets know a real
 * one, and by which a mistyped one is refused without asking the database.
 */
export async function newSecret(): Promise<NewSecret> {
	const random = Buffer.from(crypto.getRandomValues(new Uint8Array(RANDOM_BYTES))).toString('base64url');
	const body = `${PREFIX}${random}`;
	const key = `${body}${await checksumOf(body)}`;
	return { key, secretHash: await sha256(key), ending: key.slice(-ENDING_LENGTH) };
}

/**
 * What a presented key is looked up by; null for what cannot be one. Looking up by hash needs no comparison in constant time:
 * how long the index takes tells about the hash of what was sent, and nobody can choose a key by its SHA-256.
 */
export async function secretHashOf(key: string): Promise<string | null> {
	const [, body, checksum] = SHAPE.exec(key) ?? [];
	if (body === undefined || (await checksumOf(body)) !== checksum) return null;
	return sha256(key);
}

async function checksumOf(body: string): Promise<string> {
	return (await sha256(body)).slice(0, CHECK_LENGTH);
}

async function sha256(text: string): Promise<string> {
	return Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))).toString('base64url');
}
