import { useCallback, useEffect, useRef, useState } from 'react';

import type { PhotoRefusal } from './photo-rules';
import { preparePhoto, type PreparedPhoto } from './prepare-photo';
import type { SendRefusal } from './send-photo';

const SAMPLE_PATH = '/samples/mara.jpg';

const NO_WAY: SendRefusal = {
	sentence: 'The connection broke before anything was sent. Check it, then send again.',
	whatBecame: 'The photo stayed on this device. Nothing was sent or charged.',
	isSignedOut: false,
	needsConsent: false,
};

export type PhotoStage =
	| { readonly at: 'empty' }
	| { readonly at: 'preparing' }
	| { readonly at: 'refused'; readonly refusal: PhotoRefusal }
	| (Shown & { readonly at: 'ready' })
	| (Shown & { readonly at: 'sending'; readonly share: number })
	| (Shown & { readonly at: 'turned_back'; readonly refusal: SendRefusal });

interface Shown {
	readonly photo: PreparedPhoto;
	/** An address of the picture that works in this page alone. */
	readonly preview: string;
	readonly isSample: boolean;
}

const NO_SAMPLE: PhotoRefusal = {
	heading: 'The sample could not be fetched',
	sentence: 'The connection broke. Try again, or choose a photo of your own.',
};

/** From a picked file to a photo that arrived: prepared here, shown, sent, and kept here until it is through. */
export function usePhoto(consentId: string, onSent: (uploadId: string) => void) {
	const [stage, setStage] = useState<PhotoStage>({ at: 'empty' });
	const road = useRef<AbortController | null>(null);
	const preview = 'preview' in stage ? stage.preview : null;

	useEffect(
		() => () => {
			if (preview !== null) URL.revokeObjectURL(preview);
		},
		[preview],
	);
	useEffect(
		() => () => {
			road.current?.abort();
		},
		[],
	);

	const pick = useCallback(async (file: Blob, isSample = false) => {
		setStage({ at: 'preparing' });
		const prepared = await preparePhoto(file);
		if (!prepared.ok) {
			setStage({ at: 'refused', refusal: prepared.refusal });
			return;
		}
		const { photo } = prepared;
		setStage({ at: 'ready', photo, preview: URL.createObjectURL(photo.blob), isSample });
	}, []);

	const pickSample = useCallback(async () => {
		setStage({ at: 'preparing' });
		try {
			const answer = await fetch(SAMPLE_PATH);
			if (!answer.ok) throw new Error(`The sample answered ${answer.status}.`);
			await pick(await answer.blob(), true);
		} catch {
			setStage({ at: 'refused', refusal: NO_SAMPLE });
		}
	}, [pick]);

	const send = useCallback(
		async (shown: Shown) => {
			road.current = new AbortController();
			setStage({ ...shown, at: 'sending', share: 0 });
			// A sixth of what this page would carry, and of no use before a photo is sent.
			const way = await import('./send-photo').catch(() => null);
			if (way === null) {
				setStage({ ...shown, at: 'turned_back', refusal: NO_WAY });
				return;
			}
			const sent = await way.sendPhoto({
				photo: shown.photo,
				consentId,
				signal: road.current.signal,
				onProgress: (share) => setStage({ ...shown, at: 'sending', share }),
			});
			if (sent.ok) onSent(sent.uploadId);
			else setStage({ ...shown, at: 'turned_back', refusal: sent.refusal });
		},
		[consentId, onSent],
	);

	return { stage, pick, pickSample, send };
}
