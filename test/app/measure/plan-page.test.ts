import { expect, test } from 'vitest';

import { NO_PLAN, planFor, planPage } from '../../../app/measure/plan-page';
import { NO_TRACKERS, trackerConfig, type TrackerVars } from '../../../app/measure/tracker-config';
import { MEASURED, STILL } from '../../../app/still';
import type { StudioSlug } from '../../../studios/studio';

const ALL: TrackerVars = {
	ENVIRONMENT: 'production',
	META_PIXEL_ID: '1',
	CLARITY_ID: 'c',
	UMAMI_WEBSITE_ID: 'u',
	UMAMI_URL: 'https://cloud.umami.is',
};

const CHOICES = {
	regime: 'eea',
	hasGpc: false,
	textVersion: '2026-11-21',
	choices: { analytics: null, advertising: null, error_reports: null },
	trackers: [
		{ id: 'meta', isAllowed: true, isAsked: false },
		{ id: 'clarity', isAllowed: false, isAsked: true },
		{ id: 'umami', isAllowed: true, isAsked: false },
	],
	reportsErrors: false,
	shared: [],
} as const satisfies Parameters<typeof planFor>[1];

test('only what is configured and listed by the studio is switched on', () => {
	expect(trackerConfig('dental', ALL)).toMatchObject({
		meta: { pixelId: '1' },
		clarity: { projectId: 'c' },
		umami: null,
	});
	expect(trackerConfig('media', ALL)).toMatchObject({ meta: null, clarity: null, umami: { websiteId: 'u' } });
	expect(trackerConfig('dental', {})).toEqual(NO_TRACKERS);
});

test.each(['https://umami.example', 'http://cloud.umami.is', 'https://cloud.umami.is.example', ''])(
	'Umami at "%s" stays off, since no policy lists that host',
	(UMAMI_URL) => {
		expect(trackerConfig('media', { ...ALL, UMAMI_URL }).umami).toBeNull();
	},
);

test('a stand-in is used on one’s own machine alone', () => {
	const told = { ...ALL, TRACKERS_EMULATOR_URL: 'http://127.0.0.1:1/trackers' };
	expect(trackerConfig('dental', told).before).toBe('https://');
	expect(trackerConfig('dental', { ...told, ENVIRONMENT: 'local' }).before).toBe('http://127.0.0.1:1/trackers/');
});

test('a page lets in the hosts of what runs there and of nothing else', () => {
	const plan = planFor({ studio: 'dental', trackers: trackerConfig('dental', ALL) }, CHOICES);
	expect(plan.run).toEqual({
		meta: { pixelId: '1', script: 'https://connect.facebook.net/en_US/fbevents.js', limited: [], shared: [] },
	});
	expect(plan.sources).toEqual({
		script: ['https://connect.facebook.net'],
		connect: ['https://www.facebook.com', 'https://connect.facebook.net'],
		image: ['https://www.facebook.com'],
	});
	expect(plan.asks).toEqual([{ purpose: 'analytics', name: 'Microsoft Clarity' }]);
});

test.each([
	['california', [1, 1000]],
	['us', [0, 0]],
	['uk', []],
] as const)('what Meta may do with visits from %s is limited by %j', (regime, limited) => {
	const plan = planFor({ studio: 'dental', trackers: trackerConfig('dental', ALL) }, { ...CHOICES, regime });
	expect(plan.run.meta?.limited).toEqual(limited);
});

/** A context whose api says that everything is allowed, and how often it was asked. */
function aContext(studio: StudioSlug, vars: TrackerVars, answer: () => Response = () => Response.json(CHOICES)) {
	let asked = 0;
	const api = {
		fetch: () => {
			asked += 1;
			return Promise.resolve(answer());
		},
	};
	const context = { api, studio, mediaOrigin: 'https://media.test', trackers: trackerConfig(studio, vars) };
	return { context, asked: () => asked };
}

type Page = Parameters<typeof planPage>[2]['page'];

/** Of what is read of a page: its innermost route and that one's handle. */
function aPage(handle: unknown, errors: object | null = null): Page {
	return {
		staticHandlerContext: { matches: [{ route: { id: 'root' } }, { route: { id: 'page' } }], errors },
		routeModules: { root: { handle: MEASURED }, page: { handle } },
	} as unknown as Page;
}

const AT = 'https://app.test/';

test('a public page under a clean address is planned by the visitor’s choice', async () => {
	const { context, asked } = aContext('dental', ALL);
	const plan = await planPage(context, new Request(AT), { page: aPage(MEASURED), status: 200 });
	expect(plan.run).toHaveProperty('meta');
	expect(asked()).toBe(1);
});

test.each([
	['another page', AT, aPage(STILL), 200],
	['a page that says nothing', AT, aPage(undefined), 200],
	['a page that failed', AT, aPage(MEASURED, { page: new Error('x') }), 200],
	['a page that is not there', AT, aPage(MEASURED), 404],
	['an address with something in it', `${AT}?token=secret`, aPage(MEASURED), 200],
	['an address with more than an advertisement adds', `${AT}?utm_source=a&email=b`, aPage(MEASURED), 200],
])('on %s nothing runs, and nobody is asked', async (_, url, page, status) => {
	const { context, asked } = aContext('dental', ALL);
	expect(await planPage(context, new Request(url), { page, status })).toBe(NO_PLAN);
	expect(asked()).toBe(0);
});

test('without anything switched on the api is not asked', async () => {
	const { context, asked } = aContext('dental', {});
	expect(await planPage(context, new Request(AT), { page: aPage(MEASURED), status: 200 })).toBe(NO_PLAN);
	expect(asked()).toBe(0);
});

test('an api that refuses has allowed nothing', async () => {
	const { context } = aContext('dental', ALL, () => Response.json({}, { status: 500 }));
	expect(await planPage(context, new Request(AT), { page: aPage(MEASURED), status: 200 })).toBe(NO_PLAN);
});
