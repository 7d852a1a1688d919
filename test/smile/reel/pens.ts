import type { Area, Pen, PictureName, PictureStyle } from '../../../smile/reel/pen';
import { measure } from './reels';

export type Stroke =
	| { readonly what: 'box'; readonly area: Area; readonly colour: string }
	| { readonly what: 'disc'; readonly area: Area; readonly colour: string }
	| {
			readonly what: 'picture';
			readonly which: PictureName;
			readonly from: Area;
			readonly area: Area;
			readonly opacity: number;
	  }
	| {
			readonly what: 'line';
			readonly text: string;
			readonly area: Area;
			readonly size: number;
			readonly colour: string;
	  };

/** Writes down what is drawn, with the area that each stroke is confined to. */
export class RecordingPen implements Pen {
	readonly strokes: (Stroke & { readonly clip: Area | null })[] = [];
	#clip: Area | null = null;

	fillBox(area: Area, colour: string): void {
		this.#note({ what: 'box', area, colour });
	}
	fillDisc(x: number, y: number, radius: number, colour: string): void {
		this.#note({ what: 'disc', area: { x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius }, colour });
	}
	drawPicture(which: PictureName, from: Area, to: Area, { opacity }: PictureStyle): void {
		this.#note({ what: 'picture', which, from, area: to, opacity });
	}
	within(area: Area, draw: () => void): void {
		const before = this.#clip;
		this.#clip = area;
		draw();
		this.#clip = before;
	}
	writeLine(
		text: string,
		x: number,
		baseline: number,
		{ size, weight, colour }: Parameters<Pen['writeLine']>[3],
	): void {
		const area = { x, y: baseline - size * 0.75, width: measure(text, { size, weight }), height: size };
		this.#note({ what: 'line', text, area, size, colour });
	}
	#note(stroke: Stroke): void {
		this.strokes.push({ ...stroke, clip: this.#clip });
	}
}

/** What each picture shows: one flat colour, and a corner of another, so that a crop can be told. */
export const PICTURE_COLOURS: Readonly<Record<PictureName, string>> = {
	before: '#2040c0',
	after: '#e0d020',
	logo: '#00a060',
};

/** A canvas as small as it gets: hard edges, boxes for letters, one clip at a time. */
export class SoftCanvas implements Pen {
	readonly rgba: Uint8ClampedArray;
	#clip: Area;

	constructor(
		readonly width: number,
		readonly height: number,
	) {
		this.rgba = new Uint8ClampedArray(width * height * 4).fill(255);
		this.#clip = { x: 0, y: 0, width, height };
	}

	colourAt(x: number, y: number): string {
		const at = (Math.floor(y) * this.width + Math.floor(x)) * 4;
		return `#${[0, 1, 2].map((part) => this.rgba[at + part]!.toString(16).padStart(2, '0')).join('')}`;
	}
	fillBox(area: Area, colour: string): void {
		this.#paint(area, () => colour, 1);
	}
	fillDisc(x: number, y: number, radius: number, colour: string): void {
		const area = { x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius };
		this.#paint(area, (px, py) => (Math.hypot(px + 0.5 - x, py + 0.5 - y) <= radius ? colour : null), 1);
	}
	drawPicture(which: PictureName, from: Area, to: Area, { opacity }: PictureStyle): void {
		// Stripes of the picture's own pixels, so that scale and crop show.
		const colour = (_: number, py: number) => {
			const row = from.y + ((py + 0.5 - to.y) / to.height) * from.height;
			return Math.floor(row / 50) % 2 === 0 ? PICTURE_COLOURS[which] : darker(PICTURE_COLOURS[which]);
		};
		this.#paint(to, colour, opacity);
	}
	within(area: Area, draw: () => void): void {
		const before = this.#clip;
		this.#clip = area;
		draw();
		this.#clip = before;
	}
	writeLine(
		text: string,
		x: number,
		baseline: number,
		{ size, weight, colour }: Parameters<Pen['writeLine']>[3],
	): void {
		this.fillBox({ x, y: baseline - size * 0.6, width: measure(text, { size, weight }), height: size * 0.6 }, colour);
	}
	#paint(area: Area, colour: (x: number, y: number) => string | null, opacity: number): void {
		const clip = this.#clip;
		const left = Math.max(0, Math.ceil(Math.max(area.x, clip.x) - 0.5));
		const right = Math.min(this.width, Math.ceil(Math.min(area.x + area.width, clip.x + clip.width) - 0.5));
		const top = Math.max(0, Math.ceil(Math.max(area.y, clip.y) - 0.5));
		const bottom = Math.min(this.height, Math.ceil(Math.min(area.y + area.height, clip.y + clip.height) - 0.5));
		for (let y = top; y < bottom; y += 1) {
			for (let x = left; x < right; x += 1) {
				const hex = colour(x, y);
				if (hex === null) continue;
				const at = (y * this.width + x) * 4;
				for (const part of [0, 1, 2]) {
					const value = Number.parseInt(hex.slice(1 + 2 * part, 3 + 2 * part), 16);
					this.rgba[at + part] = opacity * value + (1 - opacity) * this.rgba[at + part]!;
				}
			}
		}
	}
}

function darker(hex: string): string {
	return `#${[1, 3, 5]
		.map((at) =>
			Math.floor(Number.parseInt(hex.slice(at, at + 2), 16) * 0.8)
				.toString(16)
				.padStart(2, '0'),
		)
		.join('')}`;
}
