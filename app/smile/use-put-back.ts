import { useEffect, useRef, useState } from 'react';

import { LabError } from '../smile-lab/lab';
import type { PutBack, PutBackOrder } from '../smile-lab/smile-work';
import { useLab } from '../smile-lab/use-lab';

export type PutBackStage =
	| { readonly at: 'working' }
	/** The whole generated picture is shown then, and this says why. */
	| { readonly at: 'none'; readonly sentence: string }
	| { readonly at: 'ready'; readonly put: PutBack };

interface Addresses {
	readonly photo: string;
	readonly generated: string;
}

const NO_MODELS = 'The mouth could not be put into the photo: what finds the face did not load on this device.';
const BROKEN = 'The mouth could not be put into the photo on this device.';

/**
 * Puts the generated mouth into the patient's own photo, once and on this device alone (N7). The pictures stay the same while their
 * addresses become others with each answer of the server: another render is another component, by its key.
 */
export function usePutBack(addresses: Addresses, order: PutBackOrder): PutBackStage {
	const lab = useLab();
	const [stage, setStage] = useState<PutBackStage>({ at: 'working' });
	const latest = useRef({ addresses, order });
	useEffect(() => {
		latest.current = { addresses, order };
	});

	useEffect(() => {
		let isOver = false;
		const work = async (): Promise<PutBackStage> => {
			const now = latest.current;
			const [photo, generated] = await Promise.all([bitmapAt(now.addresses.photo), bitmapAt(now.addresses.generated)]);
			const put = await lab().ask('putBack', { ...now.order, photo, generated }, [photo, generated]);
			if (put.ok) return { at: 'ready', put };
			return { at: 'none', sentence: `The mouth could not be put into the photo. ${put.refusal.message}` };
		};
		const show = async () => {
			const ended = await work().catch(brokenStage);
			if (!isOver) setStage(ended);
		};
		void show();
		return () => {
			isOver = true;
		};
	}, [lab]);

	return stage;
}

function brokenStage(error: unknown): PutBackStage {
	const isModels = error instanceof LabError && error.failure === 'models';
	return { at: 'none', sentence: isModels ? NO_MODELS : BROKEN };
}

async function bitmapAt(url: string): Promise<ImageBitmap> {
	// Not from what the picture element kept: that copy may lack the header that lets script read it.
	const answer = await fetch(url, { cache: 'no-store', credentials: 'omit' });
	if (!answer.ok) throw new Error(`A picture answered ${answer.status}.`);
	return createImageBitmap(await answer.blob(), { imageOrientation: 'from-image' });
}
