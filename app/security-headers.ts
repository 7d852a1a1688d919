/**
 * The headers of every page. Scripts run by nonce alone; pictures, films and uploads go to the media origin and
 * nowhere else. Workers may come from a blob, because a HEIC photo is converted in one on the device. A challenge brings
 * its own script and frame, so its origin is let in on the one page that shows one.
 */
export function securityHeaders(options: {
	readonly nonce: string;
	readonly mediaOrigin: string;
	/** Where the challenge on this page comes from; absent where there is none. */
	readonly challengeOrigin?: string | undefined;
	/** Whether the page compiles WebAssembly, as an encoder of sound does where the browser has none; still no `eval`. */
	readonly compiles?: boolean;
	readonly isHttps: boolean;
	/** Whence what measures this page comes and where it tells; empty on every page that may not be measured. */
	readonly measuring?: {
		readonly script: readonly string[];
		readonly connect: readonly string[];
		readonly image: readonly string[];
	};
	/** Vite injects styles and opens a socket while developing. */
	readonly isDev: boolean;
}): Record<string, string> {
	const { nonce, mediaOrigin, challengeOrigin, compiles = false, isHttps, isDev } = options;
	const { script, connect, image } = options.measuring ?? { script: [], connect: [], image: [] };
	const policy = [
		`default-src 'none'`,
		`script-src 'self' 'nonce-${nonce}'${compiles ? ` 'wasm-unsafe-eval'` : ''}${challengeOrigin === undefined ? '' : ` ${challengeOrigin}`}${listed(script)}`,
		`style-src 'self'${isDev ? ` 'unsafe-inline'` : ''}`,
		// The place of a cut and the length of a bar are style attributes, rendered on the server.
		`style-src-attr 'unsafe-inline'`,
		`font-src 'self'`,
		`img-src 'self' blob: data: ${mediaOrigin}${listed(image)}`,
		`media-src 'self' blob: ${mediaOrigin}`,
		`connect-src 'self' ${mediaOrigin}${isDev ? ' ws:' : ''}${listed(connect)}`,
		...(challengeOrigin === undefined ? [] : [`frame-src ${challengeOrigin}`]),
		`worker-src 'self' blob:`,
		`manifest-src 'self'`,
		`form-action 'self'`,
		`base-uri 'none'`,
		`frame-ancestors 'none'`,
		`object-src 'none'`,
		...(isHttps ? ['upgrade-insecure-requests'] : []),
	].join('; ');
	return { 'content-security-policy': policy, ...headersOfAll(isHttps) };
}

/** Each once, behind what stands there already. */
function listed(sources: readonly string[]): string {
	return [...new Set(sources)].map((source) => ` ${source}`).join('');
}

function headersOfAll(isHttps: boolean): Record<string, string> {
	return {
		'x-content-type-options': 'nosniff',
		'referrer-policy': 'same-origin',
		// The page's own camera view, and nobody in a frame.
		'permissions-policy': 'camera=(self), microphone=(), geolocation=(), browsing-topics=()',
		'cross-origin-opener-policy': 'same-origin',
		...(isHttps ? { 'strict-transport-security': 'max-age=31536000; includeSubDomains' } : {}),
	};
}

/** For HTML that did not come from a page of the app and needs none of its rights: styles of its own, no script. */
const PLAIN_PAGE_POLICY = [
	`default-src 'none'`,
	`style-src 'unsafe-inline'`,
	`form-action 'none'`,
	`base-uri 'none'`,
	`frame-ancestors 'none'`,
].join('; ');

/**
 * The same answer with the headers that every answer of the app's host carries: redirects, data, files and what the api
 * said too. What the answer set by itself stays. All but a static file is kept by nobody: it may show who is signed in, and
 * a page's data would outlive signing out in the browser's own store.
 */
export function withSafeHeaders(answer: Response, requestUrl: string, { isStaticFile = false } = {}): Response {
	const safe = new Response(answer.body, answer);
	const isHtml = safe.headers.get('content-type')?.startsWith('text/html') === true;
	const missing = {
		...headersOfAll(new URL(requestUrl).protocol === 'https:'),
		...(isHtml ? { 'content-security-policy': PLAIN_PAGE_POLICY } : {}),
		...(isStaticFile ? {} : { 'cache-control': 'private, no-store' }),
	};
	for (const [name, value] of Object.entries(missing)) {
		if (!safe.headers.has(name)) safe.headers.set(name, value);
	}
	return safe;
}

/** 128 random bits, new for each page. */
export function createNonce(): string {
	const bytes = crypto.getRandomValues(new Uint8Array(16));
	return btoa(String.fromCharCode(...bytes));
}
