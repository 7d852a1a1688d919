import { drawFrame, LABEL_GROUND, type Stage } from '../../smile/reel/draw-frame';
import { layOut } from '../../smile/reel/layout';
import { movePlate, writePlate } from '../../smile/reel/plate';
import { FORMATS, type Format, type Reel } from '../../smile/reel/reel';
import { drawStillPair } from '../../smile/reel/still-pair';
import type { Moment } from '../../smile/reel/timeline';
import { CanvasPen, measureOn, sizesOf, type Context, type ReelPictures } from './canvas-pen';

export type StillType = 'image/png' | 'image/jpeg';

const JPEG_QUALITY = 0.92;
/** Enough for a third of a sheet of paper at 300 dots an inch. */
const SHEET_SIDE_PX = 1200;

/** One frame of the reel as a picture: the same strokes as the film's. */
export function drawPoster(stage: Stage, pictures: ReelPictures, moment: Moment, type: StillType): Promise<Blob> {
	return still(stage.layout.format, type, (context) => drawFrame(new CanvasPen(context, pictures), stage, moment));
}

/** Both pictures side by side, 1920 × 1080. */
export function drawPair(reel: Reel, pictures: ReelPictures, type: StillType): Promise<Blob> {
	return still(FORMATS['16:9'], type, (context) => {
		const layout = layOut(reel, FORMATS['16:9'], sizesOf(pictures), measureOn(context));
		drawStillPair(new CanvasPen(context, pictures), { reel, layout });
	});
}

/** A whole picture for a sheet of paper; the one after carries its label at the lower edge, where nothing crops it. */
export function drawForSheet(reel: Reel, pictures: ReelPictures, which: 'before' | 'after'): Promise<Blob> {
	const picture = pictures[which];
	const scale = Math.min(1, SHEET_SIDE_PX / Math.max(picture.width, picture.height));
	const format: Format = {
		id: '4:5',
		width: Math.round(picture.width * scale),
		height: Math.round(picture.height * scale),
	};
	const room = { x: 0, y: 0, width: format.width, height: format.height };
	return still(format, 'image/jpeg', (context) => {
		const pen = new CanvasPen(context, pictures);
		pen.drawPicture(which, { x: 0, y: 0, width: picture.width, height: picture.height }, room, {
			opacity: 1,
			isSteady: false,
		});
		const { label, safe } = layOut(reel, format, sizesOf(pictures), measureOn(context));
		if (which === 'before') return;
		writePlate(pen, movePlate(label, 0, format.height - safe.x - label.area.y - label.area.height), LABEL_GROUND);
	});
}

async function still(format: Format, type: StillType, draw: (context: Context) => void): Promise<Blob> {
	const canvas = new OffscreenCanvas(format.width, format.height);
	const context = canvas.getContext('2d', { alpha: false });
	if (context === null) throw new Error('This browser gives no canvas.');
	draw(context);
	return canvas.convertToBlob({ type, quality: JPEG_QUALITY });
}
