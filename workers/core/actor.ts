/** Who asks, and for which account: resolved once at the edge, checked by every operation against the rows' account. */
export interface Actor {
	userId: string;
	accountId: string;
	/** What they ask with. It is asked for again where something is written, so that what ends meanwhile writes nothing. */
	via: { kind: 'session'; sessionId: string } | { kind: 'key'; keyId: string };
}

/** From where somebody asks, as far as an audit entry may keep it. */
export interface Whence {
	/** An IPv4 /24 or an IPv6 /48, never the address. */
	network: string | null;
	/** Two letters (ISO 3166-1), as Cloudflare tells it. */
	country: string | null;
	/** "Firefox on Linux" */
	browser: string | null;
}
