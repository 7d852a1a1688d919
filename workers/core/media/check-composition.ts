import { AppError } from '../errors';
import { readFilm } from './film';
import { rewriteImage } from './rewrite-image';
import { u16, u8 } from './read-bytes';

export interface CompositionFacts {
	/** As displayed. */
	width: number;
	height: number;
	durationMs?: number;
}

/**
 * Proves what a device made, by structure, before it is stored: one whole JPEG, or one whole film of H.264 and AAC. Nothing is
 * rewritten, since the words on how it was made are bound to its bytes; what a camera writes of place and time is refused instead.
 */
export function checkComposition(bytes: Uint8Array, contentType: string): CompositionFacts {
	try {
		if (contentType === 'video/mp4') return readFilm(bytes);
		if (contentType === 'image/jpeg') return readStill(bytes);
	} catch (cause) {
		if (!(cause instanceof AppError) || cause.code !== 'invalid_input') throw cause;
		throw new AppError('invalid_input', 'This file is damaged, or not what was announced. Export it once more.', {
			cause,
		});
	}
	throw new AppError('unsupported_media_type', 'What is kept is a JPEG or an MP4. Export it as one of these.');
}

function readStill(bytes: Uint8Array): CompositionFacts {
	const { width, height } = rewriteImage(bytes, 'image/jpeg');
	if (hasCameraNotes(bytes)) {
		throw new AppError(
			'unsupported_media_type',
			'This picture carries what a camera wrote (EXIF), which may tell place and time. Export it from this page instead.',
		);
	}
	return { width, height };
}

const EXIF = 'Exif\0';

/** Of a JPEG whose structure was proved: whether a segment before its first scan is EXIF. */
function hasCameraNotes(bytes: Uint8Array): boolean {
	for (let at = 2; u8(bytes, at + 1) !== 0xda;) {
		const marker = u8(bytes, at + 1);
		// Fill bytes may stand before any marker (T.81, B.1.1.2).
		if (marker === 0xff) {
			at += 1;
			continue;
		}
		const text = String.fromCharCode(...bytes.subarray(at + 4, at + 4 + EXIF.length));
		if (marker === 0xe1 && text === EXIF) return true;
		at += 2 + u16(bytes, at + 2);
	}
	return false;
}
