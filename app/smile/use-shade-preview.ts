import { useCallback, useEffect, useRef, useState } from 'react';

import type { Picture } from '../../smile/picture';
import type { TeethCut } from '../../smile/picture-box';
import { LabError } from '../smile-lab/lab';
import type { FoundTeeth, Proof, ShadeOrder } from '../smile-lab/smile-work';
import { useLab } from '../smile-lab/use-lab';

/** What is looked at: the cut in another shade. */
export interface Shown {
	readonly part: Picture;
	/** From the change to the picture of it, on this device. */
	readonly tookMs: number;
}

export type ShadePreview =
	/** The photo is fetched, the models are loaded, the teeth are looked for. */
	| { readonly at: 'preparing' }
	/** `sentence` says why and what to do; ordering stays possible. */
	| { readonly at: 'none'; readonly sentence: string }
	| {
			readonly at: 'ready';
			readonly teeth: FoundTeeth;
			readonly shown: Shown | null;
			/** Of what is shown; null until it was counted. */
			readonly proof: Proof | null;
	  };

export type PreviewWish = Omit<ShadeOrder, 'cut'>;

/** So long nothing changes before all pixels of the photo are counted: the sliders come first. */
const SETTLED_MS = 500;
/** Of the map of what changed: a colour that no mouth has. */
const MAP_COLOUR = [0, 112, 224] as const;

const NO_MODELS =
	'The preview could not start on this device, for what finds the teeth did not load. Ordering works without it.';
const NO_PHOTO = 'The preview could not start: the photo did not come. Load the page again. Ordering works without it.';
const BROKEN = 'The preview stopped on this device. Load the page again. Ordering works without it.';

/**
 * The shade wished, drawn on the device: teeth are found once for a photo, then only they are recoloured. The photo comes
 * from where the page shows it, and nothing of it goes anywhere. `isWished` false: the treatment has no colour to show.
 */
export function useShadePreview(
	photo: { readonly id: string; readonly url: string } | null,
	{ wish, isWished }: { wish: PreviewWish; isWished: boolean },
): ShadePreview {
	const lab = useLab();
	const [preview, setPreview] = useState<ShadePreview>({ at: 'preparing' });
	const url = useRef(photo?.url);
	useEffect(() => {
		url.current = photo?.url;
	});
	const blob = useRef<Blob | null>(null);
	// Another treatment and back again looks for no teeth twice.
	const foundIn = useRef<string | null>(null);
	const photoId = photo?.id;
	const cut = preview.at === 'ready' ? preview.teeth.cut : null;

	const fail = useCallback((error: unknown) => setPreview({ at: 'none', sentence: sentenceOf(error) }), []);

	// By the photo and not by its address, which is another one after each answer of the server.
	useEffect(() => {
		if (photoId === undefined || !isWished || foundIn.current === photoId) return undefined;
		let isOver = false;
		const find = async () => {
			const file = await fetchPhoto(url.current ?? '');
			const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
			const found = await lab().ask('cutTeeth', { picture: bitmap }, [bitmap]);
			if (isOver) return;
			blob.current = file;
			foundIn.current = photoId;
			if (found.ok) setPreview({ at: 'ready', teeth: found, shown: null, proof: null });
			else setPreview({ at: 'none', sentence: `There is no preview. ${found.refusal.message}` });
		};
		find().catch((error: unknown) => {
			if (!isOver) fail(error);
		});
		return () => {
			isOver = true;
		};
	}, [photoId, isWished, lab, fail]);

	const { from, to, strength, evenness } = wish;
	const recolour = useLatest<ShadeOrder>(
		useCallback(
			async (order) => {
				const started = performance.now();
				const part = await lab().ask('recolour', order);
				const tookMs = performance.now() - started;
				setPreview((now) => (now.at === 'ready' ? { ...now, shown: { part, tookMs }, proof: null } : now));
			},
			[lab],
		),
		fail,
	);
	useEffect(() => {
		if (cut !== null) recolour({ cut, from, to, strength, evenness });
	}, [cut, from, to, strength, evenness, recolour]);

	const part = preview.at === 'ready' ? (preview.shown?.part ?? null) : null;
	useEffect(() => {
		if (cut === null || part === null) return undefined;
		let isOver = false;
		const count = async () => {
			const proof = await prove({ cut, after: part }, blob.current, lab);
			if (!isOver) setPreview((now) => (now.at === 'ready' && now.shown?.part === part ? { ...now, proof } : now));
		};
		const timer = setTimeout(() => {
			count().catch((error: unknown) => {
				if (!isOver) fail(error);
			});
		}, SETTLED_MS);
		return () => {
			isOver = true;
			clearTimeout(timer);
		};
	}, [cut, part, lab, fail]);

	return preview;
}

async function prove(
	{ cut, after }: { cut: TeethCut; after: Picture },
	file: Blob | null,
	lab: ReturnType<typeof useLab>,
): Promise<Proof | null> {
	if (file === null) return null;
	const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
	return lab().ask('prove', { picture, cut, after, colour: MAP_COLOUR }, [picture]);
}

async function fetchPhoto(url: string): Promise<Blob> {
	// Not from what the picture element kept: that copy may lack the header that lets script read it.
	const answer = await fetch(url, { cache: 'no-store', credentials: 'omit' });
	if (!answer.ok) throw new PhotoError();
	return answer.blob();
}

class PhotoError extends Error {}

function sentenceOf(error: unknown): string {
	if (error instanceof LabError) return error.failure === 'models' ? NO_MODELS : BROKEN;
	return NO_PHOTO;
}

/** Does the work for the latest order only: what came in between while one was under way is never begun. */
function useLatest<Order>(
	work: (order: Order) => Promise<void>,
	fail: (error: unknown) => void,
): (order: Order) => void {
	const waiting = useRef<{ order: Order } | null>(null);
	const isBusy = useRef(false);
	return useCallback(
		(order) => {
			waiting.current = { order };
			if (isBusy.current) return;
			isBusy.current = true;
			const run = async () => {
				while (waiting.current !== null) {
					const next = waiting.current.order;
					waiting.current = null;
					await work(next);
				}
			};
			run()
				.catch(fail)
				.finally(() => {
					isBusy.current = false;
				});
		},
		[work, fail],
	);
}
