import { useRevalidator } from '@remix-run/react';
import { useCallback, useEffect, useRef, useState } from 'react';

import type { PhotoRefusal } from '../upload/photo-rules';
import { sendUpload, type UploadFailure } from '../upload/send-upload';
import { preparePaper } from './prepare-paper';

export type PaperStage =
	| { readonly at: 'rest' }
	| { readonly at: 'preparing' }
	| { readonly at: 'refused'; readonly refusal: PhotoRefusal }
	| { readonly at: 'sending'; readonly share: number };

/** From a picked file to a paper that arrived; then the page asks again what its consent has. */
export function usePaper(consentId: string): { stage: PaperStage; pick: (file: File) => Promise<void> } {
	const [stage, setStage] = useState<PaperStage>({ at: 'rest' });
	const road = useRef<AbortController | null>(null);
	const { revalidate } = useRevalidator();

	useEffect(
		() => () => {
			road.current?.abort();
		},
		[],
	);

	const pick = useCallback(
		async (file: File) => {
			setStage({ at: 'preparing' });
			const prepared = await preparePaper(file);
			if (!prepared.ok) {
				setStage({ at: 'refused', refusal: prepared.refusal });
				return;
			}
			road.current?.abort();
			road.current = new AbortController();
			setStage({ at: 'sending', share: 0 });
			const sent = await sendUpload({
				blob: prepared.blob,
				purpose: { kind: 'paper', consentId },
				signal: road.current.signal,
				onProgress: (share) => setStage({ at: 'sending', share }),
			});
			if (!sent.ok) {
				setStage({ at: 'refused', refusal: refusalFor(sent.failure) });
				return;
			}
			revalidate();
			setStage({ at: 'rest' });
		},
		[consentId, revalidate],
	);

	return { stage, pick };
}

const KEPT = 'Nothing of it was kept.';

/** A paper that did not arrive: what happened, why, what to do. */
export function refusalFor({ at, answer }: UploadFailure): PhotoRefusal {
	if (answer === null) {
		return {
			heading: 'The connection broke',
			sentence: 'The paper did not get through. Check the connection, then choose it again.',
		};
	}
	return {
		heading: 'The paper was not taken',
		sentence: at === 'put' ? `${answer.sentence} ${KEPT}` : answer.sentence,
	};
}
