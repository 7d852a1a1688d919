import type { Picture } from '../../smile/picture';
import type { AlignedPair } from '../smile-lab/smile-work';

/** Addresses of the two aligned pictures, for this page alone; whoever asks for them gives them back. */
export interface PairPictures {
	readonly before: string;
	readonly after: string;
	readonly width: number;
	readonly height: number;
}

const JPEG_QUALITY = 0.94;
/** Of the picture's width: between the two, and of the letters of their names. */
const GAP = 0.01;
const NAME = 0.045;

export async function picturesOf({ before, after }: AlignedPair): Promise<PairPictures> {
	const [one, other] = await Promise.all([asJpeg(canvasOf(before)), asJpeg(canvasOf(after))]);
	return {
		before: URL.createObjectURL(one),
		after: URL.createObjectURL(other),
		width: before.width,
		height: before.height,
	};
}

/** Both beside each other in one JPEG, each with its name in the picture, so that it cannot be cut off. */
export async function drawPair({ before, after }: AlignedPair): Promise<Blob> {
	const { width, height } = before;
	const gap = Math.max(2, Math.round(width * GAP));
	const canvas = document.createElement('canvas');
	canvas.width = 2 * width + gap;
	canvas.height = height;
	const pen = penOf(canvas);
	pen.fillStyle = '#fff';
	pen.fillRect(0, 0, canvas.width, canvas.height);
	pen.drawImage(canvasOf(before), 0, 0);
	pen.drawImage(canvasOf(after), width + gap, 0);
	nameIt(pen, 'Before', { x: 0, height, size: width * NAME });
	nameIt(pen, 'After', { x: width + gap, height, size: width * NAME });
	return asJpeg(canvas);
}

function nameIt(
	pen: CanvasRenderingContext2D,
	name: string,
	{ x, height, size }: { x: number; height: number; size: number },
): void {
	pen.font = `600 ${size}px 'Figtree Variable', sans-serif`;
	const wide = pen.measureText(name).width + size;
	pen.fillStyle = 'rgb(255 255 255 / 0.92)';
	pen.fillRect(x + size / 2, height - 2.2 * size, wide, 1.7 * size);
	pen.fillStyle = '#1b1815';
	pen.textBaseline = 'middle';
	pen.fillText(name, x + size, height - 1.32 * size);
}

function canvasOf(picture: Picture): HTMLCanvasElement {
	const canvas = document.createElement('canvas');
	canvas.width = picture.width;
	canvas.height = picture.height;
	const pen = penOf(canvas);
	const pixels = pen.createImageData(picture.width, picture.height);
	pixels.data.set(picture.data);
	pen.putImageData(pixels, 0, 0);
	return canvas;
}

function penOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
	const pen = canvas.getContext('2d');
	if (pen === null) throw new Error('There is no canvas to draw the pair on.');
	return pen;
}

function asJpeg(canvas: HTMLCanvasElement): Promise<Blob> {
	return new Promise((resolve, reject) => {
		canvas.toBlob(
			(blob) => {
				if (blob === null) reject(new Error('The pair could not be written as a JPEG.'));
				else resolve(blob);
			},
			'image/jpeg',
			JPEG_QUALITY,
		);
	});
}
