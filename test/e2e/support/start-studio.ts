import { expect, TestRunner } from 'vitest';
import { chromium, type Browser, type BrowserContextOptions } from 'playwright-core';

import { findChromium } from '../../../scripts/checks/chromium';
import { readCode } from '../../../scripts/start/read-code';
import type { StudioSlug } from '../../../studios/studio';
import { startTestEdge, type TestEdge } from '../../edge/support/start-test-edge';
import { Visitor } from './visitor';

/**
 * Of the browser's own window, which nobody sees: its address bar is a page of its own, a second of a core for each profile. Chromium
 * takes the last list alone, so the rest are those that Playwright turns off.
 */
const FEATURES_OFF = [
	'WebUIOmniboxPopup',
	'WebUIOmniboxAimPopup',
	'WebUIOmniboxFullPopup',
	'AimEnabled',
	'AvoidCorsURLLoaderRestartOnRedirect',
	'AvoidUnnecessaryBeforeUnloadCheckSync',
	'DestroyProfileOnBrowserClose',
	'HttpsFirstBalancedModeAutoEnable',
	'HttpsUpgrades',
	'LensOverlay',
	'MediaRouter',
	'NetworkTimeServiceQuerying',
	'OptimizationHints',
	'PaintHolding',
	'PreconnectToSearch',
	'ThirdPartyStoragePartitioning',
];

const ARGS = [
	`--disable-features=${FEATURES_OFF.join(',')}`,
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

export interface StudioInBrowser extends TestEdge {
	/** Someone with a browser profile of their own: no cookies, no cache. */
	visit(options?: BrowserContextOptions): Promise<Visitor>;
	/** Someone signed in who has a practice already, opened without its pages; on no page yet. */
	visitAsOwner(
		name?: string,
		options?: BrowserContextOptions,
	): Promise<{ visitor: Visitor; account: { email: string; password: string } }>;
	/**
	 * After each test: nobody's browser complained, asked a stranger or got a page without its policy, and all leave. When the test has
	 * failed, what each of them saw is told.
	 */
	leave(): Promise<void>;
}

let launched: Promise<Browser> | undefined;

/** One Chromium for all files of this process, which ends with it: whoever visits has a profile of their own in it. */
async function theBrowser(): Promise<Browser> {
	const before = await launched;
	if (before?.isConnected() === true) return before;
	launched = findChromium().then((executablePath) => chromium.launch({ executablePath, args: ARGS }));
	return launched;
}

/** One edge and its emulators for one test file, and a Chromium. `how` the edge is reached. */
export async function startStudio(
	studio: StudioSlug = 'dental',
	how: { hostname?: 'localhost'; trackers?: boolean } = {},
): Promise<StudioInBrowser> {
	const [browser, testEdge] = await Promise.all([theBrowser(), startTestEdge({ studio, ...how })]);
	const visitors: Visitor[] = [];
	const visit = async (options: BrowserContextOptions = {}) => {
		const { appOrigin, mediaOrigin } = testEdge.edge;
		const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
		const visitor = new Visitor(
			context,
			await context.newPage(),
			{ appOrigin, mediaOrigin },
			options.javaScriptEnabled !== false,
			(email) => readCode(testEdge.edge, email),
		);
		visitors.push(visitor);
		return visitor;
	};
	return {
		...testEdge,
		visit,
		async visitAsOwner(name = 'Praxis Nord', options = {}) {
			const { client, account } = await testEdge.openPractice(name);
			const visitor = await visit(options);
			await visitor.signInAs(client);
			return { visitor, account };
		},
		async leave() {
			const leaving = visitors.splice(0);
			const findings = leaving.flatMap((visitor) => visitor.findings);
			const isFailed = TestRunner.getCurrentTest()?.result?.state === 'fail';
			const shown = isFailed ? await Promise.all(leaving.map((visitor) => visitor.tellsWhatItShows())) : [];
			for (const visitor of leaving) await visitor.context.close();
			if (isFailed) throw new Error(['What was shown then:', ...shown, ...findings].join('\n'));
			expect(findings).toEqual([]);
		},
	};
}
