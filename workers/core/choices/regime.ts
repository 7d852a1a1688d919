import type { choices } from '../../../schema/choices';
import type { ChoicePurpose, PolicyTracker } from '../../../studios/policy/policy';

export type Regime = (typeof choices.$inferSelect)['regime'];
export type Choice = (typeof choices.$inferSelect)['choice'];

/** The members, Iceland, Liechtenstein and Norway, and the parts of members that have a code of their own. */
const EEA = new Set(
	(
		'AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE ' +
		'IS LI NO AX GF GP MQ MF RE YT'
	).split(' '),
);
/** The dependencies around it have made the same law their own. */
const UK = new Set(['GB', 'GG', 'JE', 'IM', 'GI']);
const US = new Set(['US', 'PR', 'VI', 'GU', 'AS', 'MP']);

/**
 * Whose rules about measuring hold for a visitor, by what Cloudflare says of where they are. Without a country the strictest, and in
 * the United States without a state the strictest of them: not knowing takes nobody's rights.
 */
export function regimeOf({ country, region }: { country: string | null; region: string | null }): Regime {
	if (country === null || EEA.has(country)) return 'eea';
	if (UK.has(country)) return 'uk';
	if (country === 'CH') return 'ch';
	if (!US.has(country)) return 'elsewhere';
	return country === 'US' && (region === null || region === 'CA') ? 'california' : 'us';
}

/**
 * What holds while nobody has chosen. Only in the United States may measuring run until somebody says no, and a browser's Global
 * Privacy Control has said it; mail that is not needed, and a number in an error report, wait for a yes everywhere.
 */
export function defaultChoice(purpose: ChoicePurpose, regime: Regime, hasGpc: boolean): Choice {
	const isMeasuring = purpose === 'analytics' || purpose === 'advertising';
	const isOptOut = regime === 'us' || regime === 'california';
	return isMeasuring && isOptOut && !hasGpc ? 'granted' : 'denied';
}

/**
 * Whether the signal is there, as W3C's Global Privacy Control says: the value is exactly `1`. A header that was sent several times
 * arrives as one with commas, and one `1` among them is enough.
 */
export function hasGpcIn(headers: Headers): boolean {
	return (headers.get('sec-gpc') ?? '').split(',').some((value) => value.trim() === '1');
}

/** What may happen now with one tracker, and whether the visitor is asked about it. */
export interface TrackerDecision {
	isAllowed: boolean;
	/** Nobody has chosen, nothing speaks for them, and it needs a yes. */
	isAsked: boolean;
}

/**
 * The one rule for pages and for the server (K1, K2, K3). What somebody chose wins over every default. Advertising is sharing, and
 * there the signal wins over an earlier or later yes as well (DD-31): it is sent with every request, by a browser that was told to.
 */
export function decideTracker(
	tracker: Pick<PolicyTracker, 'purpose' | 'asks'>,
	by: { choice: Choice | null; regime: Regime; hasGpc: boolean },
): TrackerDecision {
	const { choice, regime, hasGpc } = by;
	if (hasGpc && tracker.purpose === 'advertising') return { isAllowed: false, isAsked: false };
	if (choice !== null) return { isAllowed: choice === 'granted', isAsked: false };
	if (hasGpc) return { isAllowed: false, isAsked: false };
	if (tracker.asks === 'never') return { isAllowed: true, isAsked: false };
	const isByDefault = tracker.asks === 'where_required' && defaultChoice(tracker.purpose, regime, hasGpc) === 'granted';
	return { isAllowed: isByDefault, isAsked: !isByDefault };
}
