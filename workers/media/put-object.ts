import type { Context } from 'hono';

import { AppError } from '../core/errors';
import { checkPngPixels } from '../core/media/check-png-pixels';
import { IMAGE_BYTES_MAX, IMAGE_TYPES, type ImageType } from '../core/media/image-types';
import { sanitizeImage, type SanitizedImage } from '../core/media/sanitize-image';
import { verifyPut } from '../core/media/sign-url';
import { BODY_GRACE_MS } from '../core/media/upload-window';
import type { MediaEnv } from './bindings';
import { readBody } from './read-body';

/** Stores one photo without its metadata, once, or stores nothing. */
export async function putObject(c: Context<MediaEnv>): Promise<Response> {
	const { bucket, urlSigningKey, now, slots } = c.var.deps;
	const claims = await verifyPut(urlSigningKey, c.req.url, c.req.method, now().getTime());
	const contentType = signedType(claims.contentType, c.req.header('content-type'));
	checkLength(claims.byteLength, c.req.header('content-length'));

	const body = Symbol('body');
	const hold = () => slots.hold(body, now().getTime());
	hold();
	try {
		const image = sanitizeImage(await readBody(c.req.raw.body, claims.byteLength, hold), contentType);
		refuseLarge(image, claims.sideMax);
		if (image.png !== null) await checkPngPixels(image.png);
		refuseLate(claims.expiresAtMs, now().getTime());
		await store(bucket, claims.objectKey, image);
	} finally {
		slots.free(body);
	}
	return c.body(null, 204);
}

/**
 * The address was good when the body began. A body that ends long after it would be stored behind the back of a sweep that has
 * found the place empty and proved the photo's deletion (U1).
 */
function refuseLate(expiresAtMs: number, nowMs: number): void {
	if (nowMs < expiresAtMs + BODY_GRACE_MS) return;
	throw new AppError(
		'not_allowed',
		'The photo took longer to arrive than its link lasts, and it was not stored. Ask for a new upload and send it again.',
	);
}

function refuseLarge({ width, height }: SanitizedImage, sideMax: number | undefined): void {
	if (sideMax === undefined || Math.max(width, height) <= sideMax) return;
	throw new AppError(
		'payload_too_large',
		`This picture has ${width} × ${height} pixels, and ${sideMax} a side is the most. Save it smaller.`,
	);
}

function signedType(signed: string, sent: string | undefined): ImageType {
	const contentType = IMAGE_TYPES.find((type) => type === signed);
	if (contentType === undefined || sent?.trim().toLowerCase() !== signed) {
		throw new AppError(
			'unsupported_media_type',
			`This link accepts ${signed} and nothing else. Send that Content-Type.`,
		);
	}
	return contentType;
}

/** Says no before a byte is read; `readBody` counts what really comes. */
function checkLength(signed: number, sent: string | undefined): void {
	const length = sent !== undefined && /^\d{1,15}$/.test(sent) ? Number(sent) : null;
	if (length !== null && length > Math.min(signed, IMAGE_BYTES_MAX)) {
		throw new AppError('payload_too_large', `This link accepts ${signed} bytes, and ${length} were announced.`);
	}
	if (length !== signed || signed > IMAGE_BYTES_MAX) {
		throw new AppError('invalid_input', `This link accepts exactly ${signed} bytes. Send that Content-Length.`);
	}
}

/** `onlyIf` makes the token single-use: of two uploads to one key, even at the same time, one wins and stays. */
async function store(bucket: R2Bucket, objectKey: string, image: SanitizedImage): Promise<void> {
	const { readable, writable } = new FixedLengthStream(image.byteLength);
	const pumped = pump(image.parts, writable);
	// The put tells the outcome; the pump only fails when the put stops reading, so its own error adds nothing.
	pumped.catch(() => undefined);
	const stored = await bucket.put(objectKey, readable, {
		onlyIf: new Headers({ 'if-none-match': '*' }),
		httpMetadata: { contentType: image.contentType },
		customMetadata: { width: String(image.width), height: String(image.height) },
	});
	if (stored === null) {
		throw new AppError('conflict', 'A photo was already sent with this link. Ask for a new upload to send another.');
	}
}

async function pump(parts: readonly Uint8Array[], writable: WritableStream<Uint8Array>): Promise<void> {
	const writer = writable.getWriter();
	for (const part of parts) await writer.write(part);
	await writer.close();
}
