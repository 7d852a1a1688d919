import { useCallback, useEffect, useRef, useState } from 'react';

import type { PhotoRefusal } from '../upload/photo-rules';
import { sendUpload, type UploadFailure } from '../upload/send-upload';
import { prepareLogo } from './prepare-logo';

export type LogoStage =
	| { readonly at: 'rest' }
	| { readonly at: 'preparing' }
	| { readonly at: 'refused'; readonly refusal: PhotoRefusal }
	| { readonly at: 'sending'; readonly preview: string; readonly share: number }
	| { readonly at: 'sent'; readonly preview: string };

/** From a picked file to an upload that arrived; `onSent` says which upload the logo is from now. */
export function useLogo(onSent: (uploadId: string) => void) {
	const [stage, setStage] = useState<LogoStage>({ at: 'rest' });
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

	const pick = useCallback(
		async (file: Blob) => {
			setStage({ at: 'preparing' });
			const prepared = await prepareLogo(file);
			if (!prepared.ok) {
				setStage({ at: 'refused', refusal: prepared.refusal });
				return;
			}
			const shown = URL.createObjectURL(prepared.blob);
			road.current = new AbortController();
			setStage({ at: 'sending', preview: shown, share: 0 });
			const sent = await sendUpload({
				blob: prepared.blob,
				purpose: { kind: 'logo' },
				signal: road.current.signal,
				onProgress: (share) => setStage({ at: 'sending', preview: shown, share }),
			});
			if (sent.ok) {
				setStage({ at: 'sent', preview: shown });
				onSent(sent.uploadId);
			} else setStage({ at: 'refused', refusal: refusalFor(sent.failure) });
		},
		[onSent],
	);

	return { stage, pick };
}

const STAYED = 'The logo is as it was.';

function refusalFor({ answer }: UploadFailure): PhotoRefusal {
	if (answer === null) {
		return { heading: 'The connection broke', sentence: `${STAYED} Check the connection, then choose it again.` };
	}
	return { heading: 'The logo was not taken', sentence: `${answer.sentence} ${STAYED}` };
}
