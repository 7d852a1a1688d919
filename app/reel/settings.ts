import type { LabelledClass } from '../../smile/reel/label';
import { sceneOf, type Caption, type FormatId, type Point, type Reel, type SceneKind } from '../../smile/reel/reel';
import { secondsOf } from '../../smile/reel/timeline';
import type { MusicId } from '../../smile/music/pieces';
import type { Jurisdiction } from '../../studios/publish-rules';
import type { ReelPictures } from './canvas-pen';

/** What a reel is made of and about: from a render's page, or a genuine pair handed over by another page in memory. */
export interface ReelSource {
	readonly assetClass: LabelledClass;
	/** Where the practice advertises, whose rules choose the label. */
	readonly jurisdiction: Jurisdiction;
	/** Why no copy may leave at this moment, as the publish gate says it; null when one may. */
	readonly refusal: string | null;
	/** The treatment in words: "Whitening A3 to B1". */
	readonly treatment: string;
	/** What the pictures do not promise, in one or two sentences. */
	readonly caveat: string;
	/** The practice's own reference of the patient. */
	readonly patient: string;
	readonly practice: { readonly name: string; readonly address: string; readonly phone: string };
	readonly pictures: ReelPictures;
	/** Where an export can be kept; null: nowhere yet. */
	readonly keep: Keep | null;
}

/** The order that what is exported belongs to, and which of its pictures are shown. */
export interface Keep {
	readonly renderId: string;
	readonly madeOf: readonly string[];
	/** "smile", "pair". */
	readonly noun: string;
}

/** What is chosen on the page. */
export interface Settings {
	readonly kind: SceneKind;
	readonly seconds: Length;
	readonly format: FormatId;
	readonly captions: readonly Caption[];
	readonly name: string;
	readonly showsLogo: boolean;
	readonly accent: string;
	readonly ground: string;
	readonly music: MusicId | null;
	readonly focus: Point;
}

export const LENGTHS = ['5', '6', '8'] as const;
export type Length = (typeof LENGTHS)[number];

/** The mouth of a portrait from the front, about. */
const MOUTH: Point = { x: 0.5, y: 0.6 };

export function firstSettings({ treatment, practice, pictures }: ReelSource): Settings {
	return {
		kind: 'wipe',
		seconds: '6',
		format: '9:16',
		captions: [{ text: treatment, from: 0, to: 2 }],
		name: practice.name,
		showsLogo: pictures.logo !== null,
		accent: '#22468f',
		ground: '#f3f1eb',
		music: null,
		focus: MOUTH,
	};
}

export function reelOf(settings: Settings, { assetClass, jurisdiction, treatment }: ReelSource): Reel {
	const { kind, seconds, captions, name, showsLogo, accent, ground, music, focus } = settings;
	return {
		scenes: [sceneOf(kind, Number(seconds))],
		captions: captions.filter(({ text, from, to }) => text.trim() !== '' && to > from),
		brand: { name, showsLogo, accent, ground },
		label: { assetClass, jurisdiction, procedure: treatment },
		music,
		focus,
	};
}

/** A further caption, where the one before ends. */
export function nextCaption(settings: Settings): Caption {
	const from = Math.max(0, ...settings.captions.map(({ to }) => to));
	return { text: '', from, to: Math.max(from + 1, Math.min(Number(settings.seconds), from + 2)) };
}

/** "6 seconds". */
export function lengthWords(reel: Pick<Reel, 'scenes'>): string {
	// A sum of tenths is a little more or less than it looks.
	return `${Number(secondsOf(reel).toFixed(1))} seconds`;
}

/** "1.4 of 6 seconds". */
export function placeWords(seconds: number, reel: Pick<Reel, 'scenes'>): string {
	return `${seconds.toFixed(1)} of ${lengthWords(reel)}`;
}
