import type { Context } from 'hono';

import { AppError, notFound, toErrorBody } from '../core/errors';
import { verifyGet, type GetClaims } from '../core/media/sign-url';
import type { MediaEnv } from './bindings';
import { readRange, type ByteRange } from './byte-range';

/** Types that a browser may show in place; every other is a download, whatever its token says. */
const SHOWN_TYPES = ['image/jpeg', 'image/png', 'image/webp', 'video/mp4'];

/** Streams one object, or one range of it. HEAD answers the same headers. */
export async function getObject(c: Context<MediaEnv>): Promise<Response> {
	const { bucket, urlSigningKey, now } = c.var.deps;
	const claims = await verifyGet(urlSigningKey, c.req.url, c.req.method, now().getTime());
	const head = await bucket.head(claims.objectKey);
	if (head === null) throw notFound('object');
	setHeaders(c, claims, head);

	const ifRange = c.req.header('if-range');
	// A date cannot match: an object is written once, so its ETag is the only validator that is given out.
	const isSameObject = ifRange === undefined || ifRange === head.httpEtag;
	const range = readRange(isSameObject ? c.req.header('range') : undefined, head.size);
	if (range === 'unsatisfiable') return refuseRange(c, head.size);

	const part = range === 'whole' ? { offset: 0, length: head.size } : range;
	if (range !== 'whole') c.header('content-range', contentRange(range, head.size));
	c.header('content-length', String(part.length));
	const status = range === 'whole' ? 200 : 206;
	if (c.req.method === 'HEAD') return c.body(null, status);
	const object = await bucket.get(claims.objectKey, { range: part, onlyIf: { etagMatches: head.etag } });
	if (object === null || !('body' in object)) throw notFound('object');
	return c.body(object.body, status);
}

function setHeaders(c: Context<MediaEnv>, claims: GetClaims, object: R2Object): void {
	const contentType = object.httpMetadata?.contentType ?? claims.contentType;
	const isShown = claims.purpose !== 'download' && SHOWN_TYPES.includes(contentType);
	c.header('content-type', contentType);
	c.header('content-disposition', isShown ? 'inline' : attachment(claims.fileName));
	c.header('accept-ranges', 'bytes');
	c.header('etag', object.httpEtag);
	// The app is another origin, and on shared suffixes such as pages.dev another site: its <img> and <video> may embed a
	// view. Downloads are navigations and processors are no browsers, so neither needs to be embeddable.
	c.header('cross-origin-resource-policy', claims.purpose === 'view' ? 'cross-origin' : 'same-origin');
}

/** RFC 6266: an ASCII name for old readers, the real one in `filename*`. Quotes and control characters cannot break out. */
function attachment(fileName: string | undefined): string {
	if (fileName === undefined) return 'attachment';
	const ascii = fileName.replaceAll(/[^\x20-\x7e]|["\\%/]/g, '_');
	const encoded = encodeURIComponent(fileName).replaceAll(/['()*]/g, (char) => {
		return `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
	});
	return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}

function contentRange({ offset, length }: ByteRange, size: number): string {
	return `bytes ${offset}-${offset + length - 1}/${size}`;
}

/** 416 is a matter of HTTP alone, so it has no code of its own in the table of refusals. */
function refuseRange(c: Context<MediaEnv>, size: number): Response {
	c.header('content-range', `bytes */${size}`);
	c.header('content-disposition', 'inline');
	const refusal = new AppError('invalid_input', `This object has ${size} bytes. Ask for a range inside it.`);
	return c.json(toErrorBody(refusal), 416);
}
