import { layOut } from '../../../smile/reel/layout';
import type { Stage } from '../../../smile/reel/draw-frame';
import type { LabelledClass } from '../../../smile/reel/label';
import type { Measure, PictureSizes } from '../../../smile/reel/pen';
import { sceneOf, type Format, type Reel, type SceneKind } from '../../../smile/reel/reel';

/** Letters about as wide as Figtree's. */
export const measure: Measure = (text, { size }) => text.length * size * 0.54;

export const SIZES: PictureSizes = {
	before: { width: 800, height: 1000 },
	after: { width: 800, height: 1000 },
	logo: { width: 300, height: 120 },
};

export function reelOf(kind: SceneKind, change: Partial<Reel> = {}, assetClass: LabelledClass = 'simulation'): Reel {
	return {
		scenes: [sceneOf(kind, 6)],
		captions: [
			{ text: 'Whitening from A3.5 to B1', from: 0, to: 3 },
			{ text: 'One visit, and a tray for the nights in between that the patient wears at home', from: 3, to: 6 },
		],
		brand: { name: 'Praxis Nord', showsLogo: true, accent: '#22468f', ground: '#f3f1eb' },
		label: { assetClass, jurisdiction: 'US-CA', procedure: 'Whitening A3.5 to B1' },
		music: null,
		focus: { x: 0.5, y: 0.6 },
		...change,
	};
}

export function stageOf(reel: Reel, format: Format, sizes: PictureSizes = SIZES): Stage {
	return { reel, layout: layOut(reel, format, sizes, measure) };
}
