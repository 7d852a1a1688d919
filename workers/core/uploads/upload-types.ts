import { AppError } from '../errors';

export const UPLOAD_TYPES = ['image/jpeg', 'image/png', 'image/webp'] as const;
export type UploadType = (typeof UPLOAD_TYPES)[number];

/** Refuses every other type with what to do instead. */
export function requireUploadType(contentType: string): UploadType {
	const type = UPLOAD_TYPES.find((candidate) => candidate === contentType.toLowerCase());
	if (type !== undefined) return type;
	if (/^image\/hei[cf]/i.test(contentType)) {
		throw new AppError(
			'unsupported_media_type',
			'This file is HEIC. Choose it in the web app, which turns it into JPEG on your device, or export it as JPEG.',
		);
	}
	throw new AppError('unsupported_media_type', 'This file is not a photo we can take. Choose JPEG, PNG or WebP.');
}

/** As `requireUploadType`, and a PDF: what a consent on paper may come as. */
export function requirePaperType(contentType: string): UploadType | 'application/pdf' {
	return contentType.toLowerCase() === 'application/pdf' ? 'application/pdf' : requireUploadType(contentType);
}

/** Refuses more than `max` bytes; `what` is what the sentence calls it. */
export function requireLength(byteLength: number, max: number, what: 'photo' | 'logo' | 'paper'): void {
	if (byteLength <= max) return;
	throw new AppError(
		'payload_too_large',
		`This ${what} has ${megabytes(byteLength)} MB, and ${megabytes(max)} MB is the most. Save it smaller and choose it again.`,
	);
}

function megabytes(bytes: number): number {
	return Math.ceil(bytes / 1024 / 1024);
}
