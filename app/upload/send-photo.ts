import type { PreparedPhoto } from './prepare-photo';
import { OPEN_ROADS, sendUpload, type Roads, type UploadFailure } from './send-upload';

export interface SendRefusal {
	readonly sentence: string;
	/** Where the photo is now, and what it cost. */
	readonly whatBecame: string;
	readonly isSignedOut: boolean;
	/** The consent no longer carries a photo: it has to be looked at before anything is sent. */
	readonly needsConsent: boolean;
}

type Sent = { readonly ok: true; readonly uploadId: string } | { readonly ok: false; readonly refusal: SendRefusal };

const STAYED = 'The photo stayed on this device. Nothing was sent or charged.';
const NOT_KEPT = 'Nothing of it was kept, and nothing was charged. The photo is still on this device.';
const MAYBE_ARRIVED =
	'Should it have arrived, it is deleted within 15 minutes. Nothing was charged, and the photo is still on this device.';
const BROKE = 'The connection broke before the photo was through. Check it, then send again.';

/** Sends a prepared photo under a consent. A refusal says what became of the photo. */
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
	const purpose = { kind: 'source', consentId } as const;
	const sent = await sendUpload({ blob: photo.blob, purpose, onProgress, signal }, roads);
	return sent.ok ? sent : { ok: false, refusal: refusalFor(sent.failure) };
}

function refusalFor({ at, answer }: UploadFailure): SendRefusal {
	return {
		sentence: answer?.sentence ?? BROKE,
		whatBecame: whatBecame(at, answer !== null),
		isSignedOut: answer?.status === 401,
		needsConsent: answer?.code === 'consent_required',
	};
}

function whatBecame(at: UploadFailure['at'], isAnswered: boolean): string {
	if (at === 'ask') return STAYED;
	return at === 'put' && isAnswered ? NOT_KEPT : MAYBE_ARRIVED;
}
