import type { EntryContext } from '@remix-run/cloudflare';
import type { z } from 'zod';

import type { ChoicePurpose, PolicyTracker } from '../../studios/policy/policy';
import { STUDIOS } from '../../studios/all';
import type { ChoicesAnswer } from '../../workers/api/contract/choices';
import { apiFor } from '../api';
import type { LoadContext } from '../load-context';
import { MEASURED } from '../still';
import { measuresAnything, type TrackerConfig } from './tracker-config';

type Choices = z.infer<typeof ChoicesAnswer>;

/** What one page carries besides itself: decided by the server for this very answer, and nothing of it where it may not. */
export interface PagePlan {
	/** What runs, as `public/measure.js` and the page's head read it. */
	readonly run: {
		readonly meta?: {
			readonly pixelId: string;
			readonly script: string;
			/** Limited Data Use: none, by Meta's finding, or California's. */
			readonly limited: readonly [] | readonly [country: number, state: number];
			readonly shared: Choices['shared'];
		};
		readonly clarity?: { readonly projectId: string; readonly script: string; readonly isAdvertising: boolean };
		readonly umami?: { readonly websiteId: string; readonly base: string };
	};
	/** What the page's policy has to let in for that, by directive. */
	readonly sources: {
		readonly script: readonly string[];
		readonly connect: readonly string[];
		readonly image: readonly string[];
	};
	/** Whom the banner asks about; empty: there is none. */
	readonly asks: readonly { readonly purpose: ChoicePurpose; readonly name: string }[];
	/** The browser said no by itself, which the page shows. */
	readonly isSignalHonoured: boolean;
}

export const NO_PLAN: PagePlan = {
	run: {},
	sources: { script: [], connect: [], image: [] },
	asks: [],
	isSignalHonoured: false,
};

/** What an advertisement adds to an address, and nothing of ours: with anything else in it a page is not measured. */
const HARMLESS_PARAMETER = /^(?:utm_[a-z]+|fbclid)$/;

/**
 * What may run on this answer (DD-19…DD-21): on a page that says of itself that it is public, shown as it is meant to be, under
 * an address without anything of ours in it, and as far as the visitor's choice goes. Not knowing the choice, nothing does.
 */
export async function planPage(
	context: LoadContext,
	request: Request,
	{ page, status }: { page: Pick<EntryContext, 'staticHandlerContext' | 'routeModules'>; status: number },
): Promise<PagePlan> {
	if (!measuresAnything(context.trackers) || status !== 200 || !isPublic(page)) return NO_PLAN;
	const names = [...new URL(request.url).searchParams.keys()];
	if (!names.every((name) => HARMLESS_PARAMETER.test(name))) return NO_PLAN;
	try {
		const answer = await apiFor(context, request).v1.choices.$get();
		return answer.ok ? planFor(context, await answer.json()) : NO_PLAN;
	} catch (error) {
		console.error({ event: 'choices_unread', error });
		return NO_PLAN;
	}
}

/** The page itself, and not the root or a frame around it, has to say so. */
function isPublic({ staticHandlerContext, routeModules }: Pick<EntryContext, 'staticHandlerContext' | 'routeModules'>) {
	const id = staticHandlerContext.matches.at(-1)?.route.id ?? '';
	return staticHandlerContext.errors === null && routeModules[id]?.handle === MEASURED;
}

type Browsing = Pick<LoadContext, 'studio' | 'trackers'>;

/** The plan by what the api decided; pure. */
export function planFor({ studio, trackers: config }: Browsing, choices: Choices): PagePlan {
	const listed = STUDIOS[studio].policy.trackers.filter(({ id }) => id !== 'sentry' && config[id] !== null);
	const decided = (id: string) => choices.trackers.find((tracker) => tracker.id === id);
	const allowed = listed.filter(({ id }) => decided(id)?.isAllowed === true);
	return {
		run: runOf(config, choices, new Set(allowed.map(({ id }) => id))),
		sources: sourcesOf(config, allowed),
		asks: listed.flatMap(({ id, purpose, name }) => (decided(id)?.isAsked === true ? [{ purpose, name }] : [])),
		isSignalHonoured: choices.hasGpc,
	};
}

function runOf(config: TrackerConfig, choices: Choices, allowed: ReadonlySet<PolicyTracker['id']>): PagePlan['run'] {
	const { meta, clarity, umami, before } = config;
	return {
		...(meta !== null && allowed.has('meta')
			? {
					meta: {
						...meta,
						script: `${before}connect.facebook.net/en_US/fbevents.js`,
						limited: limitedUse(choices.regime),
						shared: choices.shared,
					},
				}
			: {}),
		...(clarity !== null && allowed.has('clarity')
			? {
					clarity: {
						...clarity,
						script: `${before}www.clarity.ms/tag/${encodeURIComponent(clarity.projectId)}`,
						isAdvertising: allowed.has('meta'),
					},
				}
			: {}),
		...(umami !== null && allowed.has('umami') ? { umami } : {}),
	};
}

/** As the server tells Meta (`send-conversion.ts`). */
function limitedUse(regime: Choices['regime']): readonly [] | readonly [number, number] {
	if (regime === 'california') return [1, 1000];
	return regime === 'us' ? [0, 0] : [];
}

function sourcesOf({ before }: TrackerConfig, allowed: readonly PolicyTracker[]): PagePlan['sources'] {
	const isReal = before === 'https://';
	const addresses = (hosts: readonly string[]) => {
		if (!isReal) return hosts.length === 0 ? [] : [new URL(before).origin];
		return hosts.map((host) => `https://${host}`);
	};
	return {
		script: addresses(allowed.flatMap(({ scriptHosts }) => scriptHosts)),
		connect: addresses(allowed.flatMap(({ connectHosts }) => connectHosts)),
		image: addresses(allowed.flatMap(({ imageHosts }) => imageHosts)),
	};
}
