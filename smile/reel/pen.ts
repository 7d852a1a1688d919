/** What a reel is drawn with: the few strokes that a canvas, a recorder and a sheet of paper all have. Pixels from the top left. */
export interface Pen {
	fillBox(box: Area, colour: string, radius?: number): void;
	fillDisc(x: number, y: number, radius: number, colour: string): void;
	/** The part `from` of a picture, in its own pixels, stretched over `to`. */
	drawPicture(which: PictureName, from: Area, to: Area, style: PictureStyle): void;
	/** What `draw` draws shows inside `area` only. */
	within(area: Area, draw: () => void): void;
	/** One line, its left end at `x`, its letters standing on `baseline`. */
	writeLine(text: string, x: number, baseline: number, style: TextStyle): void;
}

export interface PictureStyle {
	/** 0 to 1. */
	readonly opacity: number;
	/** It stands at the same place in every frame of its scene, so that scaling it once is enough. */
	readonly isSteady: boolean;
}

export type PictureName = 'before' | 'after' | 'logo';

/** A rectangle; unlike a `Box` of a picture its edges may lie between pixels. */
export interface Area {
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
}

export interface TextStyle {
	/** Pixels of the em. */
	readonly size: number;
	readonly weight: 500 | 650;
	readonly colour: string;
}

/** The width in pixels of one line of text, as the same pen would write it. */
export type Measure = (text: string, style: Pick<TextStyle, 'size' | 'weight'>) => number;

export interface Size {
	readonly width: number;
	readonly height: number;
}

/** The sizes in pixels of what is drawn; no logo where the practice has none or wants none shown. */
export interface PictureSizes {
	readonly before: Size;
	readonly after: Size;
	readonly logo: Size | null;
}
