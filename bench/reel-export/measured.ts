/** Our export, the browser's encoder alone, and `@diffusionstudio/core`. */
export type Way = 'ours' | 'raw' | 'engine';

export interface Measured {
	/** From the first frame until the whole film is in memory. */
	readonly milliseconds: number;
	readonly frames: number;
	readonly bytes: number;
}

/** What the page of the bench offers to whoever drives it. */
export interface ReelBench {
	measure(way: Way, kind: 'wipe' | 'zoom', urls: { before: string; after: string }): Promise<Measured>;
}
