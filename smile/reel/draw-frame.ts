import { INK, WHITE } from './colours';
import type { Layout } from './layout';
import type { Area, Pen } from './pen';
import { placePicture } from './place-picture';
import { movePlate, writePlate, type Plate } from './plate';
import type { Format, Reel } from './reel';
import { cutOf, splitShare, zoomAt, type Moment } from './timeline';

/** Half the width of the cut, and the radius of the handle on it, by the short side. */
const CUT_HALF = 0.003;
const HANDLE_RADIUS = 0.036;

/** Opaque, so that the words stand out from every photo alike. */
export const LABEL_GROUND = INK;

const STEADY = { opacity: 1, isSteady: true } as const;

/** A reel that was laid out for a format. */
export interface Stage {
	readonly reel: Reel;
	readonly layout: Layout;
}

/**
 * Draws one moment of a reel: the only code that does, for the preview and for the film. The label comes last, so that
 * nothing lies over it, and no scene can leave it out.
 */
export function drawFrame(pen: Pen, stage: Stage, moment: Moment): void {
	const { brand } = stage.reel;
	const { format, name, logo, label, captions, sizes } = stage.layout;
	pen.fillBox(whole(format), brand.ground);
	drawScene(pen, stage, moment);
	if (logo !== null && sizes.logo !== null) pen.drawPicture('logo', whole(sizes.logo), logo, STEADY);
	if (name !== null) writePlate(pen, name, brand.ground);
	const caption = moment.caption === null ? undefined : captions[moment.caption];
	if (caption !== undefined) writePlate(pen, caption, brand.ground);
	writePlate(pen, label, LABEL_GROUND);
}

/** How far what stands on a cut reaches from it to either side, in pixels. */
export function cutReach({ width, height }: Format): number {
	return Math.min(width, height) * HANDLE_RADIUS;
}

function drawScene(pen: Pen, stage: Stage, moment: Moment): void {
	switch (moment.kind) {
		case 'wipe':
		case 'sweep':
			return drawCut(pen, stage, cutOf(moment));
		case 'split':
			return drawSplit(pen, stage, splitShare(moment.progress));
		case 'zoom':
			return drawZoom(pen, stage, moment.progress);
	}
}

/** The picture before left of the cut and the one after right of it, each with its name, which the cut uncovers too. */
function drawCut(pen: Pen, stage: Stage, cut: number): void {
	const { format, tags, picture } = stage.layout;
	const { width, height } = picture;
	const at = cut * width;
	drawPart(pen, { ...picture, width: at }, () => {
		drawPicture(pen, stage, 'before', picture, STEADY);
		writePlate(pen, tags.before, stage.reel.brand.accent);
	});
	drawPart(pen, { ...picture, x: at, width: width - at }, () => {
		drawPicture(pen, stage, 'after', picture, STEADY);
		writePlate(pen, tags.after, stage.reel.brand.accent);
	});
	if (cut <= 0 || cut >= 1) return;
	const radius = cutReach(format);
	drawLine(pen, format, { x: at, y: 0, width: 0, height });
	pen.fillDisc(at, height / 2, radius, WHITE);
	pen.fillDisc(at, height / 2, radius * 0.6, stage.reel.brand.accent);
}

/** Both pictures whole, beside each other or, in a tall room, one above the other. `share` is what the first keeps. */
function drawSplit(pen: Pen, stage: Stage, share: number): void {
	const { format, tags, picture } = stage.layout;
	const { width, height } = picture;
	const isTall = height > width;
	const at = (isTall ? height : width) * share;
	const first = isTall ? { ...picture, height: at } : { ...picture, width: at };
	const second = isTall ? { ...picture, y: at, height: height - at } : { ...picture, x: at, width: width - at };
	drawPart(pen, first, () => {
		drawPicture(pen, stage, 'before', first);
		writePlate(pen, tags.before, stage.reel.brand.accent);
	});
	drawPart(pen, second, () => {
		drawPicture(pen, stage, 'after', second);
		const tag = tagBelow(stage.layout, isTall ? at : 0);
		if (tag !== null) writePlate(pen, tag, stage.reel.brand.accent);
	});
	if (share <= 0 || share >= 1) return;
	drawLine(pen, format, isTall ? { x: 0, y: at, width, height: 0 } : { x: at, y: 0, width: 0, height });
}

/** The name of the picture after below `edge`; null while words at the bottom would cover it. */
function tagBelow({ tags, gap, captions, label }: Layout, edge: number): Plate | null {
	const { area } = tags.after;
	const tag = movePlate(tags.after, 0, Math.max(0, edge + gap - area.y));
	const words = [...captions, label].map((plate) => plate.area.y);
	return tag.area.y + area.height <= Math.min(...words) ? tag : null;
}

/** Nearer and nearer to the focus, where one picture turns into the other, and back to the whole. */
function drawZoom(pen: Pen, stage: Stage, progress: number): void {
	const { tags, picture } = stage.layout;
	const { mix, nearness } = zoomAt(progress);
	pen.within(picture, () => {
		if (mix < 1) drawPicture(pen, stage, 'before', picture, { nearness });
		if (mix > 0) drawPicture(pen, stage, 'after', picture, { nearness, opacity: mix });
	});
	writePlate(pen, mix < 0.5 ? tags.before : tags.after, stage.reel.brand.accent);
}

function drawPicture(
	pen: Pen,
	{ reel, layout }: Stage,
	which: 'before' | 'after',
	room: Area,
	{ nearness = 1, opacity = 1, isSteady = false } = {},
): void {
	const { from, to } = placePicture(layout.sizes[which], room, reel.focus, nearness);
	pen.drawPicture(which, from, to, { opacity, isSteady });
}

function drawPart(pen: Pen, area: Area, draw: () => void): void {
	if (area.width > 0 && area.height > 0) pen.within(area, draw);
}

/** The white line along an edge without width. */
function drawLine(pen: Pen, { width, height }: Format, edge: Area): void {
	const half = Math.min(width, height) * CUT_HALF;
	const across = edge.width === 0 ? half : 0;
	const down = edge.height === 0 ? half : 0;
	pen.fillBox(
		{ x: edge.x - across, y: edge.y - down, width: edge.width + 2 * across, height: edge.height + 2 * down },
		WHITE,
	);
}

function whole({ width, height }: { readonly width: number; readonly height: number }): Area {
	return { x: 0, y: 0, width, height };
}
