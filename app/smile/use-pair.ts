import { useCallback, useEffect, useRef, useState } from 'react';

import { LabError } from '../smile-lab/lab';
import type { AlignedPair } from '../smile-lab/smile-work';
import { useLab } from '../smile-lab/use-lab';
import { preparePhoto } from '../upload/prepare-photo';
import { drawPair, picturesOf, type PairPictures } from './pair-pictures';

export const SIDES = ['before', 'after'] as const;
export type Side = (typeof SIDES)[number];

/** A photo chosen for one side, as it came. The address works in this page alone. */
export interface Chosen {
	readonly blob: Blob;
	readonly url: string;
	readonly width: number;
	readonly height: number;
}

type Photos = Readonly<Partial<Record<Side, Chosen>>>;

interface Refused {
	readonly at: 'refused';
	readonly title: string;
	readonly sentence: string;
}

export type PairStage =
	/** One photo is missing or both. */
	| { readonly at: 'choosing' }
	| { readonly at: 'aligning' }
	| Refused
	| { readonly at: 'aligned'; readonly pair: AlignedPair; readonly pictures: PairPictures };

interface Ended {
	readonly before: Chosen;
	readonly after: Chosen;
	readonly stage: PairStage;
}

/** Larger pairs would not fit in a phone's memory beside their copies; no page and no print shows more. */
const LONG_SIDE_MAX_PX = 2400;

const TITLES = {
	before: 'The before photo cannot be used',
	after: 'The after photo cannot be used',
	both: 'These two photos do not fit',
} as const;
const NO_MODELS =
	'What finds the face did not load on this device. Check the connection and load the page again. The photos stay here.';
const BROKEN = 'The work stopped on this device. Load the page again and choose smaller photos. The photos stay here.';

/** Two photos from files to an aligned pair, all of it on the device. A new choice begins anew. */
export function usePair() {
	const lab = useLab();
	const [photos, setPhotos] = useState<Photos>({});
	/** What became of two photos: of others, nothing is known yet. */
	const [ended, setEnded] = useState<Ended | null>(null);
	const [unreadable, setUnreadable] = useState<Refused | null>(null);
	const addresses = useRef<string[]>([]);
	const { before, after } = photos;
	const stage = unreadable ?? stageOf(photos, ended);

	useEffect(
		() => () => {
			for (const url of addresses.current) URL.revokeObjectURL(url);
		},
		[],
	);

	const choose = useCallback(async (side: Side, file: Blob) => {
		const prepared = await preparePhoto(file);
		if (!prepared.ok) {
			setUnreadable({ at: 'refused', title: prepared.refusal.heading, sentence: prepared.refusal.sentence });
			return;
		}
		const { blob, width, height } = prepared.photo;
		const url = URL.createObjectURL(blob);
		addresses.current.push(url);
		setUnreadable(null);
		setPhotos((now) => ({ ...now, [side]: { blob, url, width, height } }));
	}, []);

	useEffect(() => {
		if (before === undefined || after === undefined) return undefined;
		let isOver = false;
		const align = async (): Promise<PairStage> => {
			const [first, second] = [await bitmapOf(before), await bitmapOf(after)];
			const pair = await lab().ask('alignPair', { before: first, after: second }, [first, second]);
			if (!pair.ok) return { at: 'refused', title: TITLES[pair.which], sentence: pair.message };
			const pictures = await picturesOf(pair);
			addresses.current.push(pictures.before, pictures.after);
			return { at: 'aligned', pair, pictures };
		};
		const show = async () => {
			const became = await align().catch(brokenStage);
			if (!isOver) setEnded({ before, after, stage: became });
		};
		void show();
		return () => {
			isOver = true;
		};
	}, [before, after, lab]);

	const still = useCallback(async () => (stage.at === 'aligned' ? drawPair(stage.pair) : null), [stage]);
	return { photos, stage, choose, still };
}

function stageOf({ before, after }: Photos, ended: Ended | null): PairStage {
	if (before === undefined || after === undefined) return { at: 'choosing' };
	return ended?.before === before && ended.after === after ? ended.stage : { at: 'aligning' };
}

function brokenStage(error: unknown): PairStage {
	const isModels = error instanceof LabError && error.failure === 'models';
	return { at: 'refused', title: 'The pair was not aligned', sentence: isModels ? NO_MODELS : BROKEN };
}

function bitmapOf({ blob, width, height }: Chosen): Promise<ImageBitmap> {
	const scale = LONG_SIDE_MAX_PX / Math.max(width, height);
	if (scale >= 1) return createImageBitmap(blob);
	return createImageBitmap(blob, {
		resizeWidth: Math.round(width * scale),
		resizeHeight: Math.round(height * scale),
		resizeQuality: 'high',
	});
}
