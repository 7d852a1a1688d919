/** What the encoding thread is given: two RGBA pictures of the film's own size. */
export interface WipeOrder {
	readonly before: Uint8Array;
	readonly after: Uint8Array;
	readonly width: number;
	readonly height: number;
	readonly seconds: number;
	readonly framesPerSecond: number;
}

/** What it tells back: how much is encoded (0 to 1), and at the end the MP4. */
export type WipeNews =
	| { readonly type: 'progress'; readonly fraction: number }
	| { readonly type: 'done'; readonly mp4: Uint8Array };
