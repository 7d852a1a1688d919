import { isListedHost } from '../../studios/policy/trackers';
import { STUDIOS } from '../../studios/all';
import type { StudioSlug } from '../../studios/studio';

/** The variables that switch trackers on, as they are bound; empty is off. */
export interface TrackerVars {
	readonly ENVIRONMENT?: string;
	readonly META_PIXEL_ID?: string;
	readonly CLARITY_ID?: string;
	readonly UMAMI_WEBSITE_ID?: string;
	readonly UMAMI_URL?: string;
	/** On one's own machine alone: below it lies a folder for each tracker's host. */
	readonly TRACKERS_EMULATOR_URL?: string;
}

/** What is switched on here. A tracker is in it only if the studio's policy lists it. */
export interface TrackerConfig {
	readonly meta: { readonly pixelId: string } | null;
	readonly clarity: { readonly projectId: string } | null;
	/** `base`: below it lie the script and `/api/send`. */
	readonly umami: { readonly websiteId: string; readonly base: string } | null;
	/** What stands before a tracker's host: `https://`, or the stand-ins' address and a slash. */
	readonly before: string;
}

export const NO_TRACKERS: TrackerConfig = { meta: null, clarity: null, umami: null, before: 'https://' };

/** Reads the variables for a studio. Whatever its policy does not list, or a host that it does not name, stays off. */
export function trackerConfig(studio: StudioSlug, vars: TrackerVars): TrackerConfig {
	const { trackers } = STUDIOS[studio].policy;
	const listed = (id: string) => trackers.find((tracker) => tracker.id === id);
	const emulator = vars.ENVIRONMENT === 'local' ? (vars.TRACKERS_EMULATOR_URL ?? '') : '';
	const before = emulator === '' ? 'https://' : `${emulator}/`;
	const { META_PIXEL_ID: pixelId = '', CLARITY_ID: projectId = '', UMAMI_WEBSITE_ID: websiteId = '' } = vars;
	const umami = URL.parse(vars.UMAMI_URL ?? '');
	const isUmamiListed = umami?.protocol === 'https:' && isListedHost(listed('umami')?.scriptHosts ?? [], umami.host);
	return {
		meta: pixelId !== '' && listed('meta') !== undefined ? { pixelId } : null,
		clarity: projectId !== '' && listed('clarity') !== undefined ? { projectId } : null,
		umami: websiteId !== '' && isUmamiListed ? { websiteId, base: `${before}${umami.host}` } : null,
		before,
	};
}

/** Whether anything could measure here at all. */
export function measuresAnything({ meta, clarity, umami }: TrackerConfig): boolean {
	return meta !== null || clarity !== null || umami !== null;
}
