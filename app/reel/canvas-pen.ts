import type {
	Area,
	Measure,
	Pen,
	PictureName,
	PictureSizes,
	PictureStyle,
	Size,
	TextStyle,
} from '../../smile/reel/pen';

export type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** What a reel is made of, decoded; all of it stays in this page's memory. */
export interface ReelPictures {
	readonly before: ImageBitmap;
	readonly after: ImageBitmap;
	readonly logo: ImageBitmap | null;
}

const FAMILY = `'Figtree Variable', system-ui, sans-serif`;

/** A canvas measures with whatever font is there: words laid out before it came would stand wrong. */
export async function loadReelFont(): Promise<void> {
	await Promise.all([500, 650].map((weight) => document.fonts.load(`${weight} 32px ${FAMILY}`)));
}

export function sizesOf({ before, after, logo }: ReelPictures): PictureSizes {
	return { before: sizeOf(before), after: sizeOf(after), logo: logo === null ? null : sizeOf(logo) };
}

function sizeOf({ width, height }: ImageBitmap): Size {
	return { width, height };
}

export function measureOn(context: Context): Measure {
	return (text, style) => {
		context.font = fontOf(style);
		return context.measureText(text).width;
	};
}

function fontOf({ size, weight }: Pick<TextStyle, 'size' | 'weight'>): string {
	return `${weight} ${size}px ${FAMILY}`;
}

/** The strokes of a reel on a 2D canvas. */
export class CanvasPen implements Pen {
	readonly #context: Context;
	readonly #pictures: ReelPictures;
	readonly #scaled: ScaledPictures;

	constructor(context: Context, pictures: ReelPictures) {
		this.#context = context;
		this.#pictures = pictures;
		this.#scaled = new ScaledPictures(context.getTransform().a);
		context.imageSmoothingQuality = 'high';
		context.textBaseline = 'alphabetic';
	}

	fillBox({ x, y, width, height }: Area, colour: string, radius = 0): void {
		const context = this.#context;
		context.fillStyle = colour;
		if (radius === 0) return context.fillRect(x, y, width, height);
		context.beginPath();
		context.roundRect(x, y, width, height, radius);
		context.fill();
	}

	fillDisc(x: number, y: number, radius: number, colour: string): void {
		const context = this.#context;
		context.fillStyle = colour;
		context.beginPath();
		context.arc(x, y, radius, 0, 2 * Math.PI);
		context.fill();
	}

	drawPicture(which: PictureName, from: Area, to: Area, { opacity, isSteady }: PictureStyle): void {
		const picture = this.#pictures[which];
		if (picture === null) return;
		const context = this.#context;
		context.globalAlpha = opacity;
		if (isSteady) {
			context.drawImage(this.#scaled.of(which, picture, from, to), to.x, to.y, to.width, to.height);
		} else {
			context.drawImage(picture, from.x, from.y, from.width, from.height, to.x, to.y, to.width, to.height);
		}
		context.globalAlpha = 1;
	}

	within({ x, y, width, height }: Area, draw: () => void): void {
		const context = this.#context;
		context.save();
		context.beginPath();
		context.rect(x, y, width, height);
		context.clip();
		draw();
		context.restore();
	}

	writeLine(text: string, x: number, baseline: number, style: TextStyle): void {
		const context = this.#context;
		context.font = fontOf(style);
		context.fillStyle = style.colour;
		context.fillText(text, x, baseline);
	}
}

interface Scaled {
	readonly key: string;
	readonly canvas: OffscreenCanvas;
}

/**
 * Pictures at the size they are drawn at: a cut moves over two that stand still, and scaling them anew for each frame would
 * take longer than all the rest.
 */
class ScaledPictures {
	readonly #kept = new Map<PictureName, Scaled>();
	/** Pixels of the canvas for one of the drawing. */
	readonly #density: number;

	constructor(density: number) {
		this.#density = density;
	}

	of(which: PictureName, picture: ImageBitmap, from: Area, to: Area): OffscreenCanvas {
		const key = [from, to].map((area) => `${area.x} ${area.y} ${area.width} ${area.height}`).join(' ');
		const kept = this.#kept.get(which);
		if (kept?.key === key) return kept.canvas;
		const canvas = this.#scale(picture, from, to);
		this.#kept.set(which, { key, canvas });
		return canvas;
	}

	#scale(picture: ImageBitmap, from: Area, to: Area): OffscreenCanvas {
		const width = Math.max(1, Math.round(to.width * this.#density));
		const height = Math.max(1, Math.round(to.height * this.#density));
		const canvas = new OffscreenCanvas(width, height);
		const context = canvas.getContext('2d', { willReadFrequently: true });
		if (context === null) throw new Error('This browser gives no canvas.');
		context.imageSmoothingQuality = 'high';
		context.drawImage(picture, from.x, from.y, from.width, from.height, 0, 0, width, height);
		return canvas;
	}
}
