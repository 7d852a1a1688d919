import type { ProductPolicy } from './policy/policy';
import type { Pricing } from './pricing';
import type { Treatment } from './treatments';

/**
 * What a studio is: a product described as data. Pipeline, ledger, pages and sweep read it; none of them names a studio.
 */
export const STUDIO_SLUGS = ['dental', 'media', 'image'] as const;
export type StudioSlug = (typeof STUDIO_SLUGS)[number];

export type Processor = 'fal' | 'openai';
/** What a stage makes: `after`, `video`, `picture`; what a device made of that: `reel`, `still` (a poster), `pair` (both pictures in one). */
export const ASSET_KINDS = ['after', 'video', 'picture', 'reel', 'still', 'pair'] as const;
export type AssetKind = (typeof ASSET_KINDS)[number];
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
	/** What the processor takes for one run of it, in millionths of a US dollar; null: not known, which is not nothing. */
	readonly costMicros: number | null;
}

/** What a tool asks of its caller; `smile.video` and `image.generate` validate against these in core. */
export interface Tool {
	readonly id: string;
	readonly title: string;
	/** What one order costs, in whole credits. */
	readonly credits: number;
	readonly breakdown: readonly { readonly item: string; readonly credits: number }[];
	readonly input: 'smile' | 'prompt';
	/** Those that a smile may show, in the order they are offered. */
	readonly treatments?: readonly Treatment[];
	readonly needsSource: boolean;
	readonly needsConsent: boolean;
	readonly stages: readonly Stage[];
	/** Burnt into nothing yet, shown on every picture. */
	readonly disclosure: string;
}

/** How people may sign in; a studio offers those of its list whose provider is configured. */
export const SIGN_IN_WAYS = ['password', 'code', 'passkey', 'google', 'apple', 'github'] as const;
export type SignInWay = (typeof SIGN_IN_WAYS)[number];

/** At most `max` within `minutes`. */
export interface Rate {
	readonly max: number;
	readonly minutes: number;
}

/**
 * What is limited, and by what: the account, the address that is typed, the network that asks, the person who is signed in.
 * Absent: not limited by it. A person has windows of their own, which nobody fills who merely knows their address.
 */
export interface Rates {
	readonly signUp: { readonly address: Rate; readonly network: Rate };
	readonly signIn: { readonly address: Rate; readonly network: Rate };
	/** Codes that are mailed. */
	readonly code: { readonly address: Rate; readonly network: Rate; readonly person: Rate };
	/** What is typed to show who one is, other than a password at sign-in: codes, second factors, a fresh proof. */
	readonly check: { readonly address: Rate; readonly network: Rate; readonly person: Rate };
	/** What only begins a sign-in and tries nothing yet: a question for a passkey, a visit to a provider. Each is a row that waits. */
	readonly visit: { readonly network: Rate };
	readonly invite: { readonly account: Rate; readonly address: Rate; readonly network: Rate };
	readonly upload: { readonly account: Rate; readonly network: Rate };
	readonly order: { readonly account: Rate; readonly network: Rate };
	/** Tills and portals that are opened at Stripe. */
	readonly checkout: { readonly account: Rate; readonly network: Rate };
	/** Pages of invoices, each of which is asked for at Stripe. */
	readonly invoice: { readonly account: Rate; readonly network: Rate };
	/** Messages to support that begin a conversation; who is signed in has windows of their own. */
	readonly contact: { readonly address: Rate; readonly network: Rate; readonly person: Rate };
	/** What is written in one. */
	readonly answer: { readonly ticket: Rate; readonly network: Rate };
	/** Copies of everything held about a person. */
	readonly export: { readonly person: Rate };
	/** Requests about rights, each of which mails a link; who is signed in has a window of their own. */
	readonly rights: { readonly address: Rate; readonly network: Rate; readonly person: Rate };
	/** What anybody may read and what takes a few rows each time: proofs of the log. */
	readonly look: { readonly network: Rate };
	/** What is signed for files that leave. */
	readonly provenance: { readonly account: Rate };
	/** Passcodes that are tried at a shared link, right or wrong. */
	readonly passcode: { readonly share: Rate; readonly network: Rate };
	/** What is asked by a patient's own link, by whoever holds it. */
	readonly patientLink: { readonly token: Rate; readonly network: Rate };
	/** Copies of signed words that are mailed by one. */
	readonly patientCopy: { readonly link: Rate };
	/** Choices about measurement, each of which is rows. */
	readonly choose: { readonly network: Rate };
	/** Tries of an operator's key, right or wrong. */
	readonly operate: { readonly network: Rate };
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
	readonly signIn: readonly SignInWay[];
	/** What owns the work: a practice with its team, a workspace, or a person alone. */
	readonly tenancy: {
		readonly kind: 'practice' | 'workspace' | 'personal';
		/** "practice", as sentences use it. */
		readonly word: string;
		/** 1: nobody is invited. */
		readonly membersMax: number;
		readonly hasApiKeys: boolean;
	};
	/** What people state about themselves before they begin, recorded with the version of its text; null: nothing. */
	readonly statement: {
		readonly kind: 'professional' | 'age';
		readonly textVersion: string;
		readonly text: string;
		/** Why nothing goes on without it. */
		readonly refusal: string;
	} | null;
	readonly rates: Rates;
	readonly welcomeCredits: number;
	readonly pricing: Pricing;
	readonly tools: readonly Tool[];
	/** What this studio will do and does not yet; empty when there is nothing to say. */
	readonly toCome: readonly string[];
	readonly retention: {
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
	readonly consentTextVersion: string;
	/** What is promised about data, and what keeps it. */
	readonly policy: ProductPolicy;
}

/**
 * The same in every studio. A photo that was announced and never completed leaves when its address has ended (10 minutes)
 * and nothing can come any more (5 more, `workers/core/media/upload-window.ts`); a test holds the two together.
 */
export const RETENTION = { unusedUploadMinutes: 15 } as const;

export const LIMITS = {
	uploadBytesMax: 25 * 1024 * 1024,
	uploadPixelsMax: 50_000_000,
	uploadSideMax: 12_000,
	promptLengthMax: 2_000,
	renderMinutesMax: 20,
} as const;

/** The same in every studio until one has reason to differ. */
export const RATES: Rates = {
	signUp: { address: { max: 5, minutes: 60 }, network: { max: 20, minutes: 60 } },
	signIn: { address: { max: 10, minutes: 15 }, network: { max: 60, minutes: 15 } },
	code: {
		address: { max: 5, minutes: 15 },
		network: { max: 30, minutes: 15 },
		person: { max: 5, minutes: 15 },
	},
	check: {
		address: { max: 20, minutes: 15 },
		network: { max: 120, minutes: 15 },
		person: { max: 20, minutes: 15 },
	},
	visit: { network: { max: 600, minutes: 15 } },
	invite: {
		account: { max: 30, minutes: 60 },
		address: { max: 5, minutes: 60 },
		network: { max: 60, minutes: 60 },
	},
	upload: { account: { max: 200, minutes: 60 }, network: { max: 400, minutes: 60 } },
	order: { account: { max: 120, minutes: 60 }, network: { max: 240, minutes: 60 } },
	checkout: { account: { max: 30, minutes: 60 }, network: { max: 60, minutes: 60 } },
	invoice: { account: { max: 60, minutes: 60 }, network: { max: 120, minutes: 60 } },
	contact: {
		address: { max: 5, minutes: 60 },
		network: { max: 20, minutes: 60 },
		person: { max: 10, minutes: 60 },
	},
	answer: { ticket: { max: 20, minutes: 60 }, network: { max: 60, minutes: 60 } },
	export: { person: { max: 5, minutes: 1_440 } },
	rights: {
		address: { max: 5, minutes: 1_440 },
		network: { max: 30, minutes: 60 },
		person: { max: 5, minutes: 1_440 },
	},
	look: { network: { max: 600, minutes: 15 } },
	// Four reels an export, each with a mark inside and a statement beside it.
	provenance: { account: { max: 480, minutes: 60 } },
	// Six digits are a million: ten an hour find one in eleven years.
	passcode: { share: { max: 10, minutes: 60 }, network: { max: 60, minutes: 60 } },
	// A page that shows a deletion asks every few seconds; a waiting room is one network.
	patientLink: { token: { max: 300, minutes: 15 }, network: { max: 1_200, minutes: 15 } },
	patientCopy: { link: { max: 3, minutes: 1_440 } },
	choose: { network: { max: 240, minutes: 15 } },
	operate: { network: { max: 300, minutes: 15 } },
};

export function toolOf(studio: Studio, id: string): Tool | undefined {
	return studio.tools.find((tool) => tool.id === id);
}
