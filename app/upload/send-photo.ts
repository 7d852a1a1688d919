import * as z from 'zod/mini';

import type { PreparedPhoto } from './prepare-photo';
import { putWithProgress, type Put } from './put-with-progress';

const Ticket = z.object({
	id: z.string(),
	put: z.object({ url: z.string(), headers: z.record(z.string(), z.string()) }),
});

const RefusalBody = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

export interface SendRefusal {
	readonly sentence: string;
	/** Where the photo is now, and what it cost. */
	readonly whatBecame: string;
	readonly isSignedOut: boolean;
	/** The consent no longer carries a photo: it has to be looked at before anything is sent. */
	readonly needsConsent: boolean;
}

type Sent = { readonly ok: true; readonly uploadId: string } | { readonly ok: false; readonly refusal: SendRefusal };

/** The two ways out of the page; the tests bring their own. */
export interface Roads {
	readonly fetch: (input: string, init: RequestInit) => Promise<Response>;
	readonly put: Put;
}

const OPEN_ROADS: Roads = { fetch: (input, init) => fetch(input, init), put: putWithProgress };

const STAYED = 'The photo stayed on this device. Nothing was sent or charged.';
const NOT_KEPT = 'Nothing of it was kept, and nothing was charged. The photo is still on this device.';
const MAYBE_ARRIVED =
	'Should it have arrived, it is deleted within 15 minutes. Nothing was charged, and the photo is still on this device.';
const BROKE = 'The connection broke before the photo was through. Check it, then send again.';
const UNREADABLE = 'The answer could not be read. Send it again in a minute.';

/**
 * Sends a prepared photo the way every client does: a ticket, the bytes to the media host, and the word that they are
 * there. A refusal says what became of the photo; sending again starts with a new ticket.
 */
export async function sendPhoto(
	order: {
		readonly photo: PreparedPhoto;
		readonly consentId: string;
		readonly onProgress: (share: number) => void;
		readonly signal: AbortSignal;
	},
	roads: Roads = OPEN_ROADS,
): Promise<Sent> {
	const { photo, consentId, onProgress, signal } = order;
	let whatBecame = STAYED;
	try {
		const asked = await roads.fetch('/v1/uploads', {
			...jsonPost({ kind: 'source', contentType: photo.blob.type, byteLength: photo.blob.size, consentId }),
			signal,
		});
		if (!asked.ok) return refused(asked.status, await asked.text(), STAYED);
		const ticket = Ticket.safeParse(await asked.json());
		if (!ticket.success) return refused(asked.status, '', STAYED);

		const { id, put } = ticket.data;
		whatBecame = MAYBE_ARRIVED;
		const stored = await roads.put(put.url, { headers: put.headers, body: photo.blob, onProgress, signal });
		if (stored.status >= 300) return refused(stored.status, stored.body, NOT_KEPT);

		const completed = await roads.fetch(`/v1/uploads/${encodeURIComponent(id)}/complete`, { ...jsonPost({}), signal });
		if (!completed.ok) return refused(completed.status, await completed.text(), MAYBE_ARRIVED);
		return { ok: true, uploadId: id };
	} catch {
		return { ok: false, refusal: { sentence: BROKE, whatBecame, isSignedOut: false, needsConsent: false } };
	}
}

function jsonPost(body: unknown): RequestInit {
	return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

function refused(status: number, body: string, whatBecame: string): Sent {
	const error = errorOf(body);
	return {
		ok: false,
		refusal: {
			sentence: error?.message ?? UNREADABLE,
			whatBecame,
			isSignedOut: status === 401,
			needsConsent: error?.code === 'consent_required',
		},
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
