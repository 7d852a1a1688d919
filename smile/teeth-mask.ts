import { findBraces } from './braces';
import { type LabPlanes, labPlanes } from './colour';
import { type Face, INNER_LIP, mouthOf, OUTER_LIP, ringOf } from './landmarks';
import { coverPolygon, growRing, smoothRing } from './outline';
import { type Box, clipBox, growBox, type Picture } from './picture';
import { closedRefusal, noTeethRefusal, OPENNESS_MIN, type SmileRefusal, tooSmallRefusal } from './refusals';
import { blurTwice, medianWhere, quantileWhere, smoothstep } from './planes';

/** Where teeth are: `alpha` 0 to 1 for each pixel of `box`, row by row. Everything out of `box` is no tooth. */
export interface TeethMask {
	readonly box: Box;
	readonly alpha: Float32Array;
}

// Below this a tooth is four pixels wide and lip colour runs through all of it: the colour test has nothing to part.
const MASKABLE_MOUTH_PX = 24;
const COVER_MIN = 0.12;

// All lengths in parts of the mouth's width. The mesh draws the opening a little tight; the colour test takes back what
// the growth adds, so it changes the area by under 2 %.
const GROWTH = 0.03;
const BLUR_RADIUS = 0.012;

// On turned heads the mesh cuts off up to a sixth of the teeth, toward the corners and below. So far beyond its opening
// teeth are followed, as far as they hang together with those within.
const REACH = 0.085;
// Lips this much redder than teeth are a border that holds; nearer ones would be followed along with the teeth.
const REACH_REDNESS_GAP_MIN = 6;
const FOLLOWED_LIKENESS = 0.75;

// A pixel counts as much brighter as it is less red by this much: it ranks teeth over bright wet lips and gums.
const REDNESS_COST = 1.6;
const SEED_PART = 0.3;
// How far apart in `a`, or in lightness when lips are hardly redder than teeth, lips and teeth have to be.
const REDNESS_GAP_MIN = 5;
const LIGHTNESS_GAP_MIN = 14;
// Teeth lie in the lips' shadow, yet not so deep: what is darker than this part of the lips is the throat.
const SEED_LIGHTNESS_MIN = 0.7;

interface Colours {
	readonly tooth: { l: number; a: number; b: number };
	readonly lip: { l: number; a: number };
}

/**
 * The teeth between the lips of `face`, found by colour inside the lips' inner border. Brackets and their wire are left out.
 * Refuses a mouth that is too small or closed, and one in which teeth do not stand out or are hardly seen.
 */
export function maskTeeth(
	picture: Picture,
	face: Face,
): { ok: true; mask: TeethMask; hasBraces: boolean } | { ok: false; refusal: SmileRefusal } {
	const mouth = mouthOf(face);
	if (mouth.widthPx < MASKABLE_MOUTH_PX) {
		return { ok: false, refusal: tooSmallRefusal(mouth.widthPx, MASKABLE_MOUTH_PX) };
	}
	if (mouth.openness < OPENNESS_MIN) return { ok: false, refusal: closedRefusal(mouth.openness) };

	const blurPx = mouth.widthPx * BLUR_RADIUS;
	const box = clipBox(growBox(mouth.box, 2 + Math.ceil(3 * blurPx)), picture);
	const inner = growRing(ringOf(face, INNER_LIP), mouth.widthPx * GROWTH);
	const opening = coverPolygon(smoothRing(inner), box);
	const lab = labPlanes(picture, box);
	const colours = coloursOf(lab, opening, coverPolygon(smoothRing(ringOf(face, OUTER_LIP)), box));
	if (!colours) return { ok: false, refusal: noTeethRefusal() };

	const likeness = toothLikeness(lab, reachOf(face, mouth.widthPx, { box, opening, colours }), colours);
	const core = coverPolygon(smoothRing(ringOf(face, INNER_LIP)), box);
	const alpha = blurTwice(keepConnected(likeness, { opening, core, box }), box, blurPx);
	const braces = findBraces(lab, { box, widthPx: mouth.widthPx, likeness });
	let [teeth, open] = [0, 0];
	for (let at = 0; at < alpha.length; at++) {
		// After the blur, which would run over a wire that is a few pixels thin.
		alpha[at] = braces?.[at] === 1 ? 0 : smoothstep(0.15, 0.66, alpha[at] ?? 0);
		teeth += alpha[at] ?? 0;
		open += opening[at] ?? 0;
	}
	const cover = open > 0 ? teeth / open : 0;
	if (cover < COVER_MIN) return { ok: false, refusal: noTeethRefusal({ cover, needed: COVER_MIN }) };
	return { ok: true, mask: { box, alpha }, hasBraces: braces !== undefined };
}

/** Where teeth are looked for: the opening, and beyond it where lips part clearly from teeth. */
function reachOf(
	face: Face,
	widthPx: number,
	{ box, opening, colours }: { box: Box; opening: Float32Array; colours: Colours },
): Float32Array {
	if (colours.lip.a - colours.tooth.a < REACH_REDNESS_GAP_MIN) return opening;
	return coverPolygon(smoothRing(growRing(ringOf(face, INNER_LIP), widthPx * REACH)), box);
}

/**
 * The likeness within the opening, and beyond it of what hangs together, by its four sides, with teeth in the opening's
 * `core`. A border a pixel wide is kept too, since the likeness falls off there and is no edge of its own. What shines on a
 * lip hangs together with nothing.
 */
function keepConnected(
	likeness: Float32Array,
	{ opening, core, box }: { opening: Float32Array; core: Float32Array; box: Box },
): Float32Array {
	const { width } = box;
	const isKept = new Uint8Array(likeness.length);
	const waiting: number[] = [];
	for (let at = 0; at < likeness.length; at++) {
		if ((core[at] ?? 0) < 0.5 || (likeness[at] ?? 0) <= FOLLOWED_LIKENESS) continue;
		isKept[at] = 1;
		waiting.push(at);
	}
	const reach = (at: number) => {
		if (at < 0 || at >= likeness.length || isKept[at] === 1) return;
		isKept[at] = 1;
		if ((likeness[at] ?? 0) > FOLLOWED_LIKENESS) waiting.push(at);
	};
	for (let from = waiting.pop(); from !== undefined; from = waiting.pop()) {
		const column = from % width;
		if (column > 0) reach(from - 1);
		if (column < width - 1) reach(from + 1);
		reach(from - width);
		reach(from + width);
	}
	return likeness.map((value, at) => (isKept[at] === 1 ? value : value * (opening[at] ?? 0)));
}

/** What teeth and lips look like in this very photo, or nothing when the two cannot be told apart. */
function coloursOf(lab: LabPlanes, opening: Float32Array, mouth: Float32Array): Colours | undefined {
	const count = opening.length;
	const isOpen = (at: number) => (opening[at] ?? 0) > 0.5;
	const isLip = (at: number) => (mouth[at] ?? 0) > 0.5 && (opening[at] ?? 0) === 0;

	const toothiness = new Float32Array(count);
	for (let at = 0; at < count; at++) toothiness[at] = (lab.l[at] ?? 0) - REDNESS_COST * (lab.a[at] ?? 0);
	const threshold = quantileWhere(toothiness, isOpen, 1 - SEED_PART);
	const lipL = medianWhere(lab.l, isLip);
	const lipA = medianWhere(lab.a, isLip);
	if (threshold === undefined || lipL === undefined || lipA === undefined) return undefined;

	const isSeed = (at: number) => isOpen(at) && (toothiness[at] ?? 0) >= threshold;
	const tooth = {
		l: medianWhere(lab.l, isSeed) ?? 0,
		a: medianWhere(lab.a, isSeed) ?? 0,
		b: medianWhere(lab.b, isSeed) ?? 0,
	};
	const redness = (lipA - tooth.a) / REDNESS_GAP_MIN;
	const lightness = Math.max(0, tooth.l - lipL) / LIGHTNESS_GAP_MIN;
	if (redness <= 0 || redness + lightness < 1 || tooth.l < SEED_LIGHTNESS_MIN * lipL) return undefined;
	return { tooth, lip: { l: lipL, a: lipA } };
}

/** How much each pixel of the opening looks like a tooth: as little red, as bright and not much more yellow. */
function toothLikeness(lab: LabPlanes, opening: Float32Array, { tooth, lip }: Colours): Float32Array {
	const likeness = new Float32Array(opening.length);
	// Nearly neutral lips would make the test a knife's edge; teeth differ among themselves by a few units.
	const span = Math.max(REDNESS_GAP_MIN, lip.a - tooth.a);
	for (let at = 0; at < likeness.length; at++) {
		const cover = opening[at] ?? 0;
		if (cover === 0) continue;
		const lightness = (lab.l[at] ?? 0) / tooth.l;
		const a = lab.a[at] ?? 0;
		// Redness shrinks with light: a gum in shadow has a shaded tooth's `a`, so shadow makes red count for more.
		const shadow = Math.min(1, Math.max(0, 1 - lightness));
		const red = (a + Math.max(0, a) * shadow * 0.8 - tooth.a) / span;
		likeness[at] =
			cover *
			(1 - smoothstep(0.38, 0.72, red)) *
			smoothstep(0.31, 0.52, lightness) *
			(1 - smoothstep(14, 26, (lab.b[at] ?? 0) - tooth.b));
	}
	return likeness;
}
