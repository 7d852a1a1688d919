import { useEffect, useState } from 'react';

import type { Picture } from '../../smile/picture';
import type { Jurisdiction } from '../../studios/publish-rules';
import { treatmentOf, type TreatmentId } from '../../studios/treatments';
import { loadReelFont, type ReelPictures } from '../reel/canvas-pen';
import { loadPicture } from '../reel/load-pictures';
import type { Keep, ReelSource } from '../reel/settings';
import type { AlignedPair } from '../smile-lab/smile-work';

/** What the practice's own page says of it, for labels and for who made it. */
export interface PairPractice {
	readonly name: string;
	readonly address: string;
	readonly phone: string;
	readonly jurisdiction: Jurisdiction;
	readonly logoUrl: string | null;
}

/** The two pictures of an aligned pair, the logo and the font, decoded; null until they are. They leave with the pair. */
export function usePairReelPictures(pair: AlignedPair, logoUrl: string | null): ReelPictures | null {
	const [pictures, setPictures] = useState<ReelPictures | null>(null);
	useEffect(() => {
		const road = new AbortController();
		const loading = loadAll(pair, logoUrl, road.signal);
		void (async () => {
			const loaded = await loading;
			if (!road.signal.aborted) setPictures(loaded);
		})();
		return () => {
			road.abort();
			void (async () => {
				for (const bitmap of Object.values(await loading)) bitmap?.close();
			})();
		};
		// The address of the logo is another with each load of the page; the picture is the same.
		// oxlint-disable-next-line react/exhaustive-deps
	}, [pair]);
	return pictures;
}

async function loadAll(pair: AlignedPair, logoUrl: string | null, signal: AbortSignal) {
	const [before, after, logo] = await Promise.all([
		bitmapOf(pair.before),
		bitmapOf(pair.after),
		logoUrl === null ? null : loadPicture(logoUrl, signal),
		loadReelFont(),
	]);
	return { before, after, logo };
}

function bitmapOf({ data, width, height }: Picture): Promise<ImageBitmap> {
	return createImageBitmap(new ImageData(new Uint8ClampedArray(data), width, height));
}

/** What the reel editor needs of a pair that is in memory. */
export function pairSource(
	pictures: ReelPictures,
	practice: PairPractice,
	{ treatment, patient, keep }: { treatment: TreatmentId; patient: string; keep: Keep | null },
): ReelSource {
	return {
		assetClass: 'genuine_pair',
		jurisdiction: practice.jurisdiction,
		refusal: null,
		treatment: treatmentOf(treatment).name,
		caveat: 'Both are photographs of one patient. Results differ from patient to patient.',
		patient,
		practice: { name: practice.name, address: practice.address, phone: practice.phone },
		pictures,
		keep,
	};
}
