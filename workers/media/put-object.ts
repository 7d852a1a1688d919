import type { Context } from 'hono';

import { AppError } from '../core/errors';
import { checkComposition } from '../core/media/check-composition';
import { checkPngPixels } from '../core/media/check-png-pixels';
import { IMAGE_BYTES_MAX, IMAGE_TYPES } from '../core/media/image-types';
import { checkPdf } from '../core/media/pdf';
import { sanitizeImage, type SanitizedImage } from '../core/media/sanitize-image';
import { type PutClaims, verifyPut } from '../core/media/sign-url';
import { BODY_GRACE_MS } from '../core/media/upload-window';
import type { MediaEnv } from './bindings';
import { readBody } from './read-body';

/** Keys of what was made, by a stage or by a device. */
const MADE = 'out/';
/** Keys of papers that consents were signed on. */
const PAPER = 'pap/';
const PDF = 'application/pdf';

/** What is stored: its bytes in parts, and what was proved of them. */
interface Stored {
	readonly parts: readonly Uint8Array[];
	readonly contentType: string;
	readonly byteLength: number;
	readonly width: number;
	readonly height: number;
	readonly durationMs?: number;
}

/** Stores one photo without its metadata, or what a device made or a PDF as it is, once, or stores nothing. */
export async function putObject(c: Context<MediaEnv>): Promise<Response> {
	const { bucket, urlSigningKey, now, slots } = c.var.deps;
	const claims = await verifyPut(urlSigningKey, c.req.url, c.req.method, now().getTime());
	requireSignedType(claims.contentType, c.req.header('content-type'));
	checkLength(claims.byteLength, c.req.header('content-length'));

	const body = Symbol('body');
	const hold = () => slots.hold(body, now().getTime());
	hold();
	try {
		const bytes = await readBody(c.req.raw.body, claims.byteLength, hold);
		const proved = await prove(bytes, claims);
		refuseLate(claims.expiresAtMs, now().getTime());
		await store(bucket, claims.objectKey, proved);
	} finally {
		slots.free(body);
	}
	return c.body(null, 204);
}

/** What may come under a key: what was made as it is, a paper also as a PDF, else a photo. */
function prove(bytes: Uint8Array, claims: PutClaims): Stored | Promise<Stored> {
	if (claims.objectKey.startsWith(MADE)) return proveMade(bytes, claims);
	if (claims.objectKey.startsWith(PAPER) && claims.contentType === PDF) return provePaper(bytes);
	return provePhoto(bytes, claims);
}

/** Stored as it came: a PDF that was signed electronically would lose its signature with its first changed byte. */
function provePaper(bytes: Uint8Array): Stored {
	checkPdf(bytes);
	return { parts: [bytes], contentType: PDF, byteLength: bytes.byteLength, width: 0, height: 0 };
}

async function provePhoto(bytes: Uint8Array, { contentType, sideMax }: PutClaims): Promise<Stored> {
	const type = IMAGE_TYPES.find((each) => each === contentType);
	if (type === undefined) throw wrongType(contentType);
	const image = sanitizeImage(bytes, type);
	refuseLarge(image, sideMax);
	if (image.png !== null) await checkPngPixels(image.png);
	return image;
}

/** Nothing is left out of it: what says how it was made is bound to its very bytes. */
function proveMade(bytes: Uint8Array, { contentType }: PutClaims): Stored {
	return { ...checkComposition(bytes, contentType), parts: [bytes], contentType, byteLength: bytes.byteLength };
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

function requireSignedType(signed: string, sent: string | undefined): void {
	if (sent?.trim().toLowerCase() !== signed) throw wrongType(signed);
}

function wrongType(signed: string): AppError {
	return new AppError(
		'unsupported_media_type',
		`This link accepts ${signed} and nothing else. Send that Content-Type.`,
	);
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
async function store(bucket: R2Bucket, objectKey: string, file: Stored): Promise<void> {
	const { readable, writable } = new FixedLengthStream(file.byteLength);
	const pumped = pump(file.parts, writable);
	// The put tells the outcome; the pump only fails when the put stops reading, so its own error adds nothing.
	pumped.catch(() => undefined);
	const stored = await bucket.put(objectKey, readable, {
		onlyIf: new Headers({ 'if-none-match': '*' }),
		httpMetadata: { contentType: file.contentType },
		customMetadata: {
			width: String(file.width),
			height: String(file.height),
			...(file.durationMs === undefined ? {} : { durationMs: String(file.durationMs) }),
		},
	});
	if (stored === null) {
		throw new AppError('conflict', 'A file was already sent with this link. Ask for a new upload to send another.');
	}
}

async function pump(parts: readonly Uint8Array[], writable: WritableStream<Uint8Array>): Promise<void> {
	const writer = writable.getWriter();
	for (const part of parts) await writer.write(part);
	await writer.close();
}
