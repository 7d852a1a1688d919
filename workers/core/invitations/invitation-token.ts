const TOKEN_BYTES = 32;

/** What a mailed link carries: 256 random bits in base64url, so there is nothing to guess. */
export function newInvitationToken(): string {
	return Buffer.from(crypto.getRandomValues(new Uint8Array(TOKEN_BYTES))).toString('base64url');
}

/** What is stored of it: SHA-256, base64url. */
export async function hashOfToken(token: string): Promise<string> {
	const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token));
	return Buffer.from(digest).toString('base64url');
}

/**
 * The page that takes it. The token stands behind #: browsers send that part to nobody, so it is in no log and no referrer;
 * the page reads it by script, or lets it be pasted.
 */
export function invitationUrl(appOrigin: string, token: string): string {
	return `${appOrigin}/invitations#${token}`;
}
