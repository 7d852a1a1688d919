import type { Whence } from '../core/actor';

/**
 * From where a request comes, without its address: what an audit entry keeps, and what limits by network count. Read from what
 * Cloudflare says, which overwrites what a client sends under these names; a client's `x-forwarded-for` is not looked at.
 */
export function whenceOf(headers: Headers): Whence {
	const address = headers.get('cf-connecting-ip');
	const country = headers.get('cf-ipcountry');
	return {
		network: address === null ? null : networkOf(address),
		// XX is Cloudflare's word for not knowing, T1 its word for Tor.
		country: country !== null && /^(?!XX)[A-Z]{2}$/.test(country) ? country : null,
		browser: browserOf(headers.get('user-agent') ?? ''),
	};
}

/**
 * An IPv4 address's /24 or an IPv6 address's /48, as text; null for what is neither, and for this machine itself: the local
 * edge puts its own address into Cloudflare's header, and everybody on it would be one network.
 */
export function networkOf(address: string): string | null {
	if (/^(?:(?:::ffff:)?127\.[\d.]+|::1)$/i.test(address)) return null;
	const four = /^(?:::ffff:)?(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}$/i.exec(address);
	if (four?.[1] !== undefined) return `${four[1]}.0/24`;
	if (!/^[\da-f:]+$/i.test(address) || !address.includes(':')) return null;
	const [head = '', tail] = address.toLowerCase().split('::', 2);
	const before = head === '' ? [] : head.split(':');
	const after = tail === undefined || tail === '' ? [] : tail.split(':');
	const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
	const groups = tail === undefined ? before : [...before, ...zeros, ...after];
	return `${groups
		.slice(0, 3)
		.map((group) => Number.parseInt(group, 16).toString(16))
		.join(':')}::/48`;
}

const BROWSERS = [
	['Edge', /\bEdg(?:e|A|iOS)?\//],
	['Opera', /\bOPR\//],
	['Firefox', /\b(?:Firefox|FxiOS)\//],
	['Chrome', /\b(?:Chrome|CriOS|Chromium)\//],
	['Safari', /\bVersion\/[\d.]+.*\bSafari\//],
	['curl', /^curl\//],
] as const;

const SYSTEMS = [
	['iPhone', /\biPhone\b/],
	['iPad', /\biPad\b/],
	['Android', /\bAndroid\b/],
	['Windows', /\bWindows\b/],
	['macOS', /\bMac OS X\b/],
	['ChromeOS', /\bCrOS\b/],
	['Linux', /\bLinux\b/],
] as const;

/** "Firefox on Linux": enough to know one's own device again, and no version to tell people apart by. */
export function browserOf(userAgent: string): string | null {
	const browser = BROWSERS.find(([, pattern]) => pattern.test(userAgent))?.[0];
	const system = SYSTEMS.find(([, pattern]) => pattern.test(userAgent))?.[0];
	if (browser === undefined) return system ?? null;
	return system === undefined ? browser : `${browser} on ${system}`;
}
