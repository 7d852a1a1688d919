/**
 * What a studio promises about data, as data: page text, sweep, egress, banner, export, erasure, deadlines and evidence are made
 * from this one object (design §6). Words are the page's own; nothing of it is written twice.
 */

/** Everything that is kept, by what is promised about it. Every column, key prefix and outside place belongs to one. */
export const DATA_CLASSES = [
	'source',
	'output',
	'render',
	'subject',
	'consent',
	'account',
	'session',
	'invitation',
	'billing',
	'audit',
	'mail',
	'suppression',
	'limits',
	'notice',
	'support',
	'request',
	'export',
	'choice',
	'conversion',
	'incident',
	'staff_access',
	'receipt',
	'policy_version',
	'operations',
	'error_log',
	'analytics',
] as const;
export type DataClass = (typeof DATA_CLASSES)[number];

/** How long, always in numbers: "reasonable" is no duration (BD-16). */
export type Retention =
	/** Until somebody deletes it, or the account it belongs to is erased. */
	| { readonly mode: 'until_deleted' }
	/** Gone `ms` after its clock starts; `anchor` says in words what starts it: "after the render has ended". */
	| {
			readonly mode: 'duration';
			readonly anchor: string;
			readonly ms: number;
			/** Of photos: whether an ended render starts the clock again (DD-25) or nothing moves it after they came (DS-26). */
			readonly clock?: 'render' | 'creation';
	  }
	/** Kept because a law says so, without whom it was about. */
	| { readonly mode: 'statutory'; readonly years: number; readonly why: string }
	| { readonly mode: 'for_good'; readonly why: string };

/** GDPR Art. 6(1): contract (b), legal obligation (c), legitimate interest (f), consent (a). */
export type Basis = 'contract' | 'law' | 'interest' | 'consent';

export interface DataClassPolicy {
	/** "Patient photos" */
	readonly title: string;
	/** What belongs to it, in a sentence for people. */
	readonly what: string;
	readonly purposes: readonly string[];
	readonly basis: Basis;
	readonly retention: Retention;
}

export const CHOICE_PURPOSES = [
	'analytics',
	'advertising',
	'error_reports',
	'product_updates',
	'announcements',
] as const;
export type ChoicePurpose = (typeof CHOICE_PURPOSES)[number];

/** Somebody outside who gets something, and all that they may get. The egress list, the CSP and the page are this list. */
export interface PolicyProcessor {
	readonly id: string;
	readonly name: string;
	/** "Draws the after picture and the video" */
	readonly purpose: string;
	readonly gets: readonly DataClass[];
	/** What of it, in words: "The photo, through a link that ends after minutes". */
	readonly what: string;
	readonly location: string;
	/** On what a transfer out of the EEA rests: standard contractual clauses, the Data Privacy Framework, or nothing leaves. */
	readonly transfer: 'scc' | 'dpf' | 'none';
	/** Hosts that the Workers may speak to because of it; a production Worker speaks to no other. */
	readonly hosts: readonly string[];
	readonly role: 'processor' | 'controller';
	/** What becomes of its copy, in a sentence. */
	readonly deletion: string;
	/** Until when somebody has vouched for the contract with it; null: nobody has. */
	readonly contractAttestedUntil: string | null;
}

/** What measures: only with the choice that it needs, and never on a page with a patient, an upload, a render or a share. */
export interface PolicyTracker {
	readonly id: 'meta' | 'clarity' | 'umami' | 'sentry';
	readonly name: string;
	readonly what: string;
	/** The choice that it needs where the regime asks for one. */
	readonly purpose: ChoicePurpose;
	/** Whether it needs that choice in every regime, or none at all because it stores and identifies nothing. */
	readonly asks: 'always' | 'where_required' | 'never';
	readonly scriptHosts: readonly string[];
	readonly connectHosts: readonly string[];
	readonly imageHosts: readonly string[];
	readonly cookies: readonly { readonly name: string; readonly days: number; readonly what: string }[];
	/** What it keeps in a tab's own store, until the tab is closed. */
	readonly tabKeys: readonly { readonly name: string; readonly what: string }[];
	/** Whether our server tells it something as well. */
	readonly hasServerLeg: boolean;
	/** Hosts that the server speaks to because of it; `*.` stands for any name below. */
	readonly serverHosts: readonly string[];
}

/** E1 static, E2 integration, E3 browser, E4 live evidence, E5 attested by a person until a date. */
export type EvidenceGrade = 'E1' | 'E2' | 'E3' | 'E4' | 'E5';

/** Where on the page a claim stands. */
export const CLAIM_TOPICS = [
	'content',
	'data',
	'helpers',
	'tracking',
	'security',
	'money',
	'rights',
	'changes',
] as const;
export type ClaimTopic = (typeof CLAIM_TOPICS)[number];

export interface Claim {
	/** Of `requirements.md`, where it comes from there: `DD-25`. */
	readonly id: string;
	readonly topic: ClaimTopic;
	/** As the page says it, in our own words. */
	readonly sentence: string;
	readonly grade: EvidenceGrade;
	/** The files that keep it. */
	readonly enforcedBy: readonly string[];
	/** The tests that show it: file, and title of the test in it. */
	readonly tests: readonly { readonly file: string; readonly title: string }[];
	/** The class whose newest evidence it shows. */
	readonly evidence?: DataClass | 'erasure';
	/** Of an attestation: by whom and when, and until which day it counts. */
	readonly attested?: { readonly by: string; readonly on: string; readonly until: string };
}

/** What a version says otherwise than the one before it. */
export type PolicyDifference = Partial<Omit<ProductPolicy, 'versions' | 'original' | 'changes' | 'training'>>;

export interface PolicyVersion {
	/** Its name, a day: `2026-11-21`. Later versions have later names. */
	readonly version: string;
	/** The day from which people are told of it. */
	readonly announced: string;
	/** The day from which it holds, UTC; never before its notice is over. */
	readonly effective: string;
	/** Whether people are told before and asked again. */
	readonly isMaterial: boolean;
	/** What is different from the one before, a sentence each; empty for the first. */
	readonly changes: readonly string[];
	/** The same as data: in force from its day on, for the page and for what enforces it. */
	readonly differs?: PolicyDifference;
	readonly review:
		| { readonly state: 'draft' }
		/** `textHash`: what was read, as `npm run policy:lint` prints it; another text under this name fails the build. */
		| { readonly state: 'reviewed'; readonly by: string; readonly on: string; readonly textHash: string };
}

export interface Residue {
	readonly what: string;
	readonly why: string;
	/** In words, for the page. */
	readonly until: string;
	/** What has to be erased for it to be left. */
	readonly of: readonly ('person' | 'account' | 'subject')[];
	/** How long after the erasure at most, for the receipt; null: for good. */
	readonly ms: number | null;
}

export interface ProductPolicy {
	readonly controller: {
		readonly name: string;
		readonly address: string;
		readonly email: string;
		/** Who it is, or the reason why there is none. */
		readonly dataProtectionOfficer: string;
		readonly euRepresentative: string;
	};
	/** Newest last; which of them is in force, the registry says (`policy_versions`). */
	readonly versions: readonly PolicyVersion[];
	/** Of what `policyOn` answers: the words that its versions began with. */
	readonly original?: ProductPolicy;
	readonly location: { readonly claim: string; readonly jurisdiction: 'us' | 'eu' };
	readonly data: Readonly<Record<DataClass, DataClassPolicy>>;
	readonly processors: readonly PolicyProcessor[];
	readonly trackers: readonly PolicyTracker[];
	readonly rights: { readonly responseDays: number; readonly extensionDays: number; readonly alarmDays: number };
	readonly changes: { readonly noticeDays: number };
	readonly erasure: {
		readonly deadlineHours: number;
		/** What an erasure leaves, why, and until when: nothing else may be found afterwards. */
		readonly residue: readonly Residue[];
	};
	readonly children: string;
	/** Whether operators can look at somebody's content at all. */
	readonly staffAccess: 'none' | 'break_glass';
	readonly training: 'never';
	/** What it has to say of the database's history. */
	readonly history: string;
}

/** How long, in milliseconds; of a class that has a duration. */
export function retentionMs(policy: Pick<ProductPolicy, 'data'>, dataClass: DataClass): number {
	const { retention } = policy.data[dataClass];
	if (retention.mode !== 'duration') throw new Error(`${dataClass} is not kept for a time`);
	return retention.ms;
}

const HOUR_MS = 3_600_000;

/** The same in hours, for sentences. */
export function retentionHours(policy: Pick<ProductPolicy, 'data'>, dataClass: DataClass): number {
	return retentionMs(policy, dataClass) / HOUR_MS;
}

/** Whether an ended render starts the clock of its photo again; otherwise the photo leaves a fixed time after it came. */
export function restartsWithRender({ data: { source } }: Pick<ProductPolicy, 'data'>): boolean {
	return source.retention.mode === 'duration' && source.retention.clock === 'render';
}

/** The text that everything begins with. */
export function firstVersion({ versions }: Pick<ProductPolicy, 'versions'>): PolicyVersion {
	const [first] = versions;
	if (first === undefined) throw new Error('A policy has a version');
	return first;
}

/** What the policy says as of one of its versions: its own words, and what each version up to that one changed. */
export function policyAt(policy: ProductPolicy, version: string): ProductPolicy {
	return policy.versions
		.filter((each) => each.version <= version)
		.reduce<ProductPolicy>((text, { differs }) => ({ ...text, ...differs }), policy.original ?? policy);
}

/**
 * What is enforced at this moment: every version whose day has come, by the clock alone. A day is only promised when its notice
 * fits before it (`npm run policy:lint`).
 */
export function policyOn(policy: ProductPolicy, nowMs: number): ProductPolicy {
	const original = policy.original ?? policy;
	const text = policyAt(original, versionOn(policy, nowMs).version);
	return { ...text, original };
}

/** The version whose day came last. Whether its notice was over by then, the registry says. */
export function versionOn(policy: Pick<ProductPolicy, 'versions'>, nowMs: number): PolicyVersion {
	return policy.versions.findLast(({ effective }) => Date.parse(effective) <= nowMs) ?? firstVersion(policy);
}
