import { fitText, type FittedText } from './fit-text';
import { labelOf } from './label';
import type { Area, Measure, PictureSizes, Size } from './pen';
import { movePlate, padOf, plateAbove, plateBelow, type Plate } from './plate';
import { CAPTIONS_MAX, type Format, type Reel } from './reel';

/** Shares of the height and width that the places' own buttons and captions cover (requirements §5.6). */
export const SAFE = { top: 0.14, bottom: 0.2, side: 0.06 } as const;

/** Sizes of the em by the short side of the frame. A label is never smaller than its least. */
export const LABEL_SIZE_MIN = 0.026;
const LABEL_SIZE = 0.032;
const LABEL_LINES = 3;
const CAPTION_SIZE = 0.056;
const CAPTION_SIZE_MIN = 0.034;
const CAPTION_LINES = 2;
const TAG_SIZE = 0.03;
const NAME_SIZE = 0.036;
const LOGO_SIDE = 0.085;
/** A wide logo is as wide as three high ones. */
const LOGO_WIDTH_MAX = 3;

export interface Layout {
	readonly format: Format;
	readonly sizes: PictureSizes;
	readonly safe: Area;
	/** Where pictures stand: all that is above the label, which would cover a mouth. Below it is the practice's colour. */
	readonly picture: Area;
	readonly label: Plate;
	/** One for each caption of the reel. */
	readonly captions: readonly Plate[];
	readonly logo: Area | null;
	/** The practice's name, beside its logo; null when it has none to show. */
	readonly name: Plate | null;
	/** The names of the two pictures, at the left and the right of the safe area. */
	readonly tags: { readonly before: Plate; readonly after: Plate };
	/** Pixels that things are apart. */
	readonly gap: number;
}

/**
 * Where everything stands in a format: the practice at the top of the safe area, the names of the pictures below it, the
 * label at the bottom and captions on top of it, so that nothing can cover it. `measure` tells how wide words are.
 */
export function layOut(reel: Reel, format: Format, sizes: PictureSizes, measure: Measure): Layout {
	const short = Math.min(format.width, format.height);
	const safe = safeAreaOf(format);
	const gap = Math.round(short * 0.022);
	const label = labelPlate(reel, safe, short, measure);
	const captionsBottom = label.area.y - gap;
	const brand = placeBrand(reel, sizes.logo, safe, short, measure);
	const tagsTop = brand.bottom === safe.y ? safe.y : brand.bottom + gap;
	const before = tagPlate('Before', tagsTop, safe, short, measure);
	const after = tagPlate('After', tagsTop, safe, short, measure);
	return {
		format,
		sizes,
		safe,
		picture: { x: 0, y: 0, width: format.width, height: evenBelow(label.area.y - gap) },
		label,
		captions: reel.captions
			.slice(0, CAPTIONS_MAX)
			.map(({ text }) => plateAbove(captionsBottom, safe.x, captionText(text, safe.width, short, measure), short)),
		logo: brand.logo,
		name: brand.name,
		tags: { before, after: movePlate(after, safe.width - after.area.width, 0) },
		gap,
	};
}

/** Even, so that the edge lies between two samples of colour. */
function evenBelow(pixels: number): number {
	return 2 * Math.floor(pixels / 2);
}

export function safeAreaOf({ width, height }: Size): Area {
	return {
		x: width * SAFE.side,
		y: height * SAFE.top,
		width: width * (1 - 2 * SAFE.side),
		height: height * (1 - SAFE.top - SAFE.bottom),
	};
}

function labelPlate(reel: Reel, safe: Area, short: number, measure: Measure): Plate {
	const room = {
		width: safe.width - 2 * padOf(short),
		linesMax: LABEL_LINES,
		size: short * LABEL_SIZE,
		sizeMin: short * LABEL_SIZE_MIN,
		weight: 500,
	} as const;
	return plateAbove(safe.y + safe.height, safe.x, fitText(labelOf(reel.label).text, room, measure), short);
}

function captionText(text: string, width: number, short: number, measure: Measure): FittedText {
	const room = {
		width: width - 2 * padOf(short),
		linesMax: CAPTION_LINES,
		size: short * CAPTION_SIZE,
		sizeMin: short * CAPTION_SIZE_MIN,
		weight: 650,
	} as const;
	return fitText(text, room, measure);
}

function tagPlate(text: string, top: number, safe: Area, short: number, measure: Measure): Plate {
	const size = short * TAG_SIZE;
	const room = { width: safe.width, linesMax: 1, size, sizeMin: size, weight: 650 } as const;
	return plateBelow(top, safe.x, fitText(text, room, measure), short);
}

/** Logo and name at the top left of the safe area; `bottom` is where they end. */
function placeBrand({ brand }: Reel, logo: Size | null, safe: Area, short: number, measure: Measure) {
	const side = short * LOGO_SIDE;
	const mark = brand.showsLogo && logo !== null ? placeLogo(logo, safe, side) : null;
	const logoBottom = mark === null ? safe.y : safe.y + side;
	const text = brand.name.trim();
	if (text === '') return { logo: mark, name: null, bottom: logoBottom };
	const left = mark === null ? safe.x : mark.x + mark.width + padOf(short);
	const room = {
		width: safe.x + safe.width - left - 2 * padOf(short),
		linesMax: 1,
		size: short * NAME_SIZE,
		sizeMin: short * LABEL_SIZE_MIN,
		weight: 650,
	} as const;
	const plate = plateBelow(safe.y, left, fitText(text, room, measure), short);
	const name = mark === null ? plate : movePlate(plate, 0, Math.max(0, (side - plate.area.height) / 2));
	return { logo: mark, name, bottom: Math.max(name.area.y + name.area.height, logoBottom) };
}

function placeLogo(logo: Size, safe: Area, side: number): Area {
	const scale = Math.min((side * LOGO_WIDTH_MAX) / logo.width, side / logo.height);
	const height = logo.height * scale;
	return { x: safe.x, y: safe.y + (side - height) / 2, width: logo.width * scale, height };
}
