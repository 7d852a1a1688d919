import { LABEL_GROUND, type Stage } from './draw-frame';
import type { Area, Pen } from './pen';
import { placePicture } from './place-picture';
import { writePlate } from './plate';

const ONCE = { opacity: 1, isSteady: false } as const;

/**
 * Both pictures side by side, each with its name, the practice and the label: one still for where films do not play.
 * `stage` is laid out for a wide format; the label stands in the frame as it does in the film.
 */
export function drawStillPair(pen: Pen, { reel, layout }: Stage): void {
	const { format, sizes, tags, name, logo, label, picture } = layout;
	const half = format.width / 2;
	pen.fillBox({ x: 0, y: 0, width: format.width, height: format.height }, reel.brand.ground);
	for (const [which, x] of [
		['before', 0],
		['after', half],
	] as const) {
		const room: Area = { ...picture, x, width: half };
		const { from, to } = placePicture(sizes[which], room, reel.focus);
		pen.within(room, () => pen.drawPicture(which, from, to, ONCE));
		writePlate(pen, tags[which], reel.brand.accent);
	}
	pen.fillBox(
		{ x: half - format.width * 0.0015, y: 0, width: format.width * 0.003, height: picture.height },
		'#ffffff',
	);
	if (logo !== null && sizes.logo !== null) {
		pen.drawPicture('logo', { x: 0, y: 0, width: sizes.logo.width, height: sizes.logo.height }, logo, ONCE);
	}
	if (name !== null) writePlate(pen, name, reel.brand.ground);
	writePlate(pen, label, LABEL_GROUND);
}
