import * as z from 'zod/mini';

import { putWithProgress, type Put } from './put-with-progress';

const Ticket = z.object({
	id: z.string(),
	put: z.object({ url: z.string(), headers: z.record(z.string(), z.string()) }),
});

const RefusalBody = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** What the bytes are for, as `POST /v1/uploads` asks it. */
export type Purpose = { readonly kind: 'source' | 'paper'; readonly consentId: string } | { readonly kind: 'logo' };

export interface UploadFailure {
	/** How far it came: asking for a place, putting the bytes there, or saying that they are there. */
	readonly at: 'ask' | 'put' | 'complete';
	/** What was answered; null when the connection broke. */
	readonly answer: { readonly status: number; readonly code: string; readonly sentence: string } | null;
}

export type UploadSent =
	| { readonly ok: true; readonly uploadId: string }
	| { readonly ok: false; readonly failure: UploadFailure };

/** The two ways out of the page; the tests bring their own. */
export interface Roads {
	readonly fetch: (input: string, init: RequestInit) => Promise<Response>;
	readonly put: Put;
}

export const OPEN_ROADS: Roads = { fetch: (input, init) => fetch(input, init), put: putWithProgress };

const UNREADABLE = 'The answer could not be read. Send it again in a minute.';

/**
 * Sends bytes the way every client does: a ticket, the bytes to the media host, and the word that they are there. Sending
 * again starts with a new ticket.
 */
export function sendUpload(
	order: {
		readonly blob: Blob;
		readonly purpose: Purpose;
		/** Share of the bytes that left the device, 0 to 1. */
		readonly onProgress: (share: number) => void;
		readonly signal: AbortSignal;
	},
	roads: Roads = OPEN_ROADS,
): Promise<UploadSent> {
	const { purpose, ...rest } = order;
	return sendBytes({ ...rest, path: '/v1/uploads', words: purpose }, roads);
}

/** The same for whatever has a ticket at `path`, asked for with `words` beside the type and the length of the bytes. */
export async function sendBytes(
	order: {
		readonly blob: Blob;
		readonly path: `/v1/${string}`;
		readonly words: object;
		readonly onProgress: (share: number) => void;
		readonly signal: AbortSignal;
	},
	roads: Roads = OPEN_ROADS,
): Promise<UploadSent> {
	const { blob, path, words, onProgress, signal } = order;
	let at: UploadFailure['at'] = 'ask';
	try {
		const asked = await roads.fetch(path, {
			...jsonPost({ ...words, contentType: blob.type, byteLength: blob.size }),
			signal,
		});
		if (!asked.ok) return failed(at, asked.status, await asked.text());
		const ticket = Ticket.safeParse(await asked.json());
		if (!ticket.success) return failed(at, asked.status, '');

		const { id, put } = ticket.data;
		at = 'put';
		const stored = await roads.put(put.url, { headers: put.headers, body: blob, onProgress, signal });
		if (stored.status >= 300) return failed(at, stored.status, stored.body);

		at = 'complete';
		const completed = await roads.fetch(`${path}/${encodeURIComponent(id)}/complete`, { ...jsonPost({}), signal });
		if (!completed.ok) return failed(at, completed.status, await completed.text());
		return { ok: true, uploadId: id };
	} catch {
		return { ok: false, failure: { at, answer: null } };
	}
}

function jsonPost(body: unknown): RequestInit {
	return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

function failed(at: UploadFailure['at'], status: number, body: string): UploadSent {
	const error = errorOf(body);
	return {
		ok: false,
		failure: { at, answer: { status, code: error?.code ?? '', sentence: error?.message ?? UNREADABLE } },
	};
}

function errorOf(body: string): { code: string; message: string } | null {
	try {
		const parsed = RefusalBody.safeParse(JSON.parse(body));
		return parsed.success ? parsed.data.error : null;
	} catch {
		return null;
	}
}
