/**
 * What a studio is: a product described as data. Pipeline, ledger, pages and sweep read it; none of them names a studio.
 */
export const STUDIO_SLUGS = ['dental', 'media', 'image'] as const;
export type StudioSlug = (typeof STUDIO_SLUGS)[number];

export type Processor = 'fal' | 'openai';
export type AssetKind = 'after' | 'video' | 'picture';
export type AssetClass = 'source' | 'simulation' | 'genuine_pair' | 'generated' | 'composition';

/** One step of a tool, done by one processor, ending in one asset. */
export interface Stage {
	readonly id: string;
	/** Shown while it runs and after it: "Smile drawn". */
	readonly title: string;
	readonly doing: string;
	readonly asset: AssetKind;
	readonly assetClass: AssetClass;
	readonly processor: Processor;
	/** The processor's own name of the model. */
	readonly endpoint: string;
	readonly expectedSeconds: number;
	/** Without an answer by then the attempt counts as lost. */
	readonly deadlineSeconds: number;
	readonly output: 'image' | 'video';
}

/** What a tool asks of its caller; `smile.video` and `image.generate` validate against these in core. */
export interface Tool {
	readonly id: string;
	readonly title: string;
	/** What one order costs, in whole credits. */
	readonly credits: number;
	readonly breakdown: readonly { readonly item: string; readonly credits: number }[];
	readonly input: 'smile' | 'prompt';
	readonly needsSource: boolean;
	readonly needsConsent: boolean;
	readonly stages: readonly Stage[];
	/** Burnt into nothing yet, shown on every picture. */
	readonly disclosure: string;
}

export interface Studio {
	readonly slug: StudioSlug;
	readonly name: string;
	readonly tagline: { readonly first: string; readonly second: string };
	readonly promise: string;
	/** "smile", "piece", "picture": what a finished render is called on its pages. */
	readonly work: { readonly one: string; readonly many: string; readonly path: string };
	readonly done: string;
	readonly subjectWord: string;
	readonly welcomeCredits: number;
	readonly tools: readonly Tool[];
	/** What this studio will do and does not yet; empty when there is nothing to say. */
	readonly toCome: readonly string[];
	readonly retention: {
		/** Hours after the first terminal render, or after creation when never rendered. */
		readonly sourceHours: number;
		/** Minutes after creation when its upload was never completed. */
		readonly unusedUploadMinutes: number;
	};
	readonly limits: {
		readonly uploadBytesMax: number;
		readonly uploadPixelsMax: number;
		readonly uploadSideMax: number;
		readonly promptLengthMax: number;
		readonly renderMinutesMax: number;
	};
	readonly processors: readonly {
		readonly id: Processor | 'cloudflare';
		readonly name: string;
		readonly purpose: string;
	}[];
	readonly consentTextVersion: string;
	readonly policyVersion: string;
}

/**
 * The same in every studio. A photo that was announced and never completed leaves when its address has ended (10 minutes)
 * and nothing can come any more (5 more, `workers/core/media/upload-window.ts`); a test holds the two together.
 */
export const RETENTION = { sourceHours: 24, unusedUploadMinutes: 15 } as const;

export const LIMITS = {
	uploadBytesMax: 25 * 1024 * 1024,
	uploadPixelsMax: 50_000_000,
	uploadSideMax: 12_000,
	promptLengthMax: 2_000,
	renderMinutesMax: 20,
} as const;

export function toolOf(studio: Studio, id: string): Tool | undefined {
	return studio.tools.find((tool) => tool.id === id);
}
