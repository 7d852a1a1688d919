/**
 * The headers of every page. Scripts run by nonce alone; pictures, films and uploads go to the media origin and
 * nowhere else. Workers may come from a blob, because a HEIC photo is converted in one on the device.
 */
export function securityHeaders(options: {
	readonly nonce: string;
	readonly mediaOrigin: string;
	readonly isHttps: boolean;
	/** Vite injects styles and opens a socket while developing. */
	readonly isDev: boolean;
}): Record<string, string> {
	const { nonce, mediaOrigin, isHttps, isDev } = options;
	const policy = [
		`default-src 'none'`,
		`script-src 'self' 'nonce-${nonce}'`,
		`style-src 'self'${isDev ? ` 'unsafe-inline'` : ''}`,
		// The place of a cut and the length of a bar are style attributes, rendered on the server.
		`style-src-attr 'unsafe-inline'`,
		`font-src 'self'`,
		`img-src 'self' blob: data: ${mediaOrigin}`,
		`media-src 'self' blob: ${mediaOrigin}`,
		`connect-src 'self' ${mediaOrigin}${isDev ? ' ws:' : ''}`,
		`worker-src 'self' blob:`,
		`manifest-src 'self'`,
		`form-action 'self'`,
		`base-uri 'none'`,
		`frame-ancestors 'none'`,
		`object-src 'none'`,
		...(isHttps ? ['upgrade-insecure-requests'] : []),
	].join('; ');
	return {
		'content-security-policy': policy,
		'x-content-type-options': 'nosniff',
		'referrer-policy': 'same-origin',
		'permissions-policy': 'camera=(), microphone=(), geolocation=(), browsing-topics=()',
		'cross-origin-opener-policy': 'same-origin',
		...(isHttps ? { 'strict-transport-security': 'max-age=31536000; includeSubDomains' } : {}),
	};
}

/** 128 random bits, new for each page. */
export function createNonce(): string {
	const bytes = crypto.getRandomValues(new Uint8Array(16));
	return btoa(String.fromCharCode(...bytes));
}
