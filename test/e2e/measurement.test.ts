import type { Page, Request } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { isRegistered } from '../../studios/policy/storage-registry';
import { STUDIOS } from '../../studios/all';
import type { StudioSlug } from '../../studios/studio';
import { inspect } from './support/inspect';
import { tabTo } from './support/keyboard';
import { startStudio, type StudioInBrowser } from './support/start-studio';
import type { Visitor } from './support/visitor';

/*
 * What leaves a browser and what stays in it, over the rules of every place, with and without the signal, before and after each
 * choice (K1, K2, K3; DD-18…DD-21, DD-31, DS-13). What may leave is read from the ledger's rows, never from the page.
 */

const PLACES = {
	eea: { 'cf-ipcountry': 'DE' },
	uk: { 'cf-ipcountry': 'GB' },
	ch: { 'cf-ipcountry': 'CH' },
	california: { 'cf-ipcountry': 'US', 'cf-region-code': 'CA' },
	us: { 'cf-ipcountry': 'US', 'cf-region-code': 'TX' },
	unknown: { 'cf-ipcountry': 'XX' },
} as const satisfies Record<string, Record<string, string>>;
type Place = keyof typeof PLACES;

const SIGNAL = { 'sec-gpc': '1' } as const;
const FOLDERS = {
	meta: ['connect.facebook.net', 'www.facebook.com'],
	clarity: ['www.clarity.ms', 'k.clarity.ms'],
	umami: ['cloud.umami.is'],
} as const;
type Tracker = keyof typeof FOLDERS;

let it: StudioInBrowser;

/** Somebody there, whose browser may speak to the stand-ins: whether it does is what the tests look at. */
async function visitFrom(place: Place, more: Record<string, string> = {}, options: { javaScriptEnabled?: false } = {}) {
	const visitor = await it.visit({ extraHTTPHeaders: { ...PLACES[place], ...more }, ...options });
	visitor.allow(it.emulators.origin);
	return visitor;
}

/**
 * Opens a page and waits until exactly these trackers were asked anything. Their scripts stand in the page and run before it counts as
 * loaded, so that none is seen then and more is asked later cannot be; what came later all the same would show on the next page.
 */
async function expectTrackers(
	visitor: Visitor,
	open: () => Promise<unknown>,
	expected: readonly Tracker[],
): Promise<void> {
	const before = visitor.requests.length;
	await open();
	await visitor.page.waitForLoadState('load');
	await expect.poll(() => trackersIn(visitor.requests.slice(before))).toEqual(expected);
}

function trackersIn(requests: readonly Request[]): Tracker[] {
	const at = `${it.emulators.origin}/trackers/`;
	const folders = requests.flatMap((request) => {
		const url = request.url();
		return url.startsWith(at) ? [url.slice(at.length).split('/', 1)[0] ?? ''] : [];
	});
	const names = ['meta', 'clarity', 'umami'] as const;
	return names.filter((name) => FOLDERS[name].some((folder) => folders.includes(folder)));
}

const Row = z.object({
	purpose: z.string(),
	choice: z.enum(['granted', 'denied']),
	has_gpc: z.number(),
	regime: z.string(),
});

/** The ledger's newest row of each purpose for this browser. */
async function rowsOf(visitor: Visitor): Promise<Map<string, z.infer<typeof Row>>> {
	const cookie = (await visitor.context.cookies()).find(({ name }) => name === 'afterglow_visitor');
	if (cookie === undefined) return new Map();
	const db = await it.edge.d1();
	const { results } = await db
		.prepare('select purpose, choice, has_gpc, regime from choices where visitor_id = ? order by rowid')
		.bind(cookie.value)
		.all();
	return new Map(results.map((row) => Row.parse(row)).map((row) => [row.purpose, row]));
}

/** What may leave by the rows alone: Meta and Clarity ask everywhere, and the signal ends sharing. */
async function allowedByRows(visitor: Visitor, hasSignal: boolean): Promise<Tracker[]> {
	const rows = await rowsOf(visitor);
	const allowed: Tracker[] = [];
	if (rows.get('advertising')?.choice === 'granted' && !hasSignal) allowed.push('meta');
	if (rows.get('analytics')?.choice === 'granted') allowed.push('clarity');
	return allowed;
}

interface Kept {
	cookies: string[];
	local: string[];
	session: string[];
	databases: string[];
}

async function keptBy({ context, page }: Visitor): Promise<Kept> {
	const cookies = (await context.cookies()).map(({ name }) => name);
	const inPage = await page.evaluate(async () => ({
		local: Object.keys(localStorage),
		session: Object.keys(sessionStorage),
		databases: (await indexedDB.databases()).map(({ name }) => name ?? ''),
	}));
	return { cookies, ...inPage };
}

/** Everything a browser keeps is in our registry, or is a tracker's that may run, as the policy lists it. */
async function expectRegistered(visitor: Visitor, studio: StudioSlug, allowed: readonly Tracker[]): Promise<void> {
	const kept = await keptBy(visitor);
	const trackers = STUDIOS[studio].policy.trackers.filter(({ id }) => allowed.some((name) => name === id));
	const listed = trackers.flatMap(({ cookies }) => cookies.map(({ name }) => name));
	const tabKeys = trackers.flatMap((tracker) => tracker.tabKeys.map(({ name }) => name));
	expect(kept.cookies.filter((name) => !isRegistered('cookie', name) && !listed.includes(name))).toEqual([]);
	expect(kept.local.filter((name) => !isRegistered('localStorage', name))).toEqual([]);
	expect(kept.session.filter((name) => !isRegistered('sessionStorage', name) && !tabKeys.includes(name))).toEqual([]);
	expect(kept.databases.filter((name) => !isRegistered('indexedDB', name))).toEqual([]);
}

/** The page as it is shown, against the rows: the same trackers, and nothing kept that is not listed. */
async function expectFollowsRows(visitor: Visitor, path: string, hasSignal: boolean): Promise<Tracker[]> {
	const allowed = await allowedByRows(visitor, hasSignal);
	await expectTrackers(visitor, () => visitor.open(path), allowed);
	await expectRegistered(visitor, 'dental', allowed);
	return allowed;
}

function banner(page: Page) {
	return page.getByRole('region', { name: 'May we measure our advertising?' });
}

/** Answers the banner; the page it stands on is shown again, and is loaded before another may be opened. */
async function answer(visitor: Visitor, word: 'Yes' | 'No'): Promise<void> {
	const shownAgain = visitor.page.waitForEvent('load');
	await banner(visitor.page).getByRole('button', { name: word, exact: true }).click();
	await shownAgain;
}

async function chooseOnPage(visitor: Visitor, chosen: Readonly<Record<string, 'Yes' | 'No'>>): Promise<void> {
	await visitor.open('/choices');
	for (const [title, word] of Object.entries(chosen)) {
		await visitor.page.getByRole('group', { name: title }).getByRole('radio', { name: word, exact: true }).check();
	}
	await visitor.button('Keep these choices').click();
	await visitor.sees('It holds from the next page on.');
}

describe('the dental studio, which asks everywhere', () => {
	beforeAll(async () => {
		it = await startStudio('dental', { trackers: true });
	});
	afterEach(() => it.leave());
	afterAll(() => it.close());

	test.each(Object.keys(PLACES) as Place[])(
		'from %s nothing leaves without a yes, and nothing after a no',
		async (place) => {
			const visitor = await visitFrom(place);
			expect(await expectFollowsRows(visitor, '/', false)).toEqual([]);
			expect(await keptBy(visitor)).toMatchObject({ cookies: ['zone'] });
			await answer(visitor, 'Yes');
			expect(await expectFollowsRows(visitor, '/pricing', false)).toEqual(['meta', 'clarity']);
			expect((await keptBy(visitor)).cookies).toEqual(expect.arrayContaining(['_fbp', '_clck', '_clsk']));
			expect((await rowsOf(visitor)).get('advertising')?.regime).toBe(place === 'unknown' ? 'eea' : place);
			// Withdrawn: the next page is the first without, and without what they kept.
			await chooseOnPage(visitor, { 'Measure our advertising': 'No', 'See what is used': 'No' });
			expect(await expectFollowsRows(visitor, '/', false)).toEqual([]);
			const left = await keptBy(visitor);
			expect(left.cookies.toSorted()).toEqual(['afterglow_visitor', 'zone']);
			expect(left.session).not.toContain('_cltk');
			expect(await banner(visitor.page).count()).toBe(0);

			const refusing = await visitFrom(place);
			await refusing.open('/');
			await answer(refusing, 'No');
			expect(await expectFollowsRows(refusing, '/', false)).toEqual([]);
			expect(await expectFollowsRows(refusing, '/pricing', false)).toEqual([]);
		},
	);

	test.each(Object.keys(PLACES) as Place[])(
		'from %s a signal asks nothing, is shown, and is stronger than a yes to sharing',
		async (place) => {
			const visitor = await visitFrom(place, SIGNAL);
			expect(await expectFollowsRows(visitor, '/', true)).toEqual([]);
			await visitor.sees('Your browser asks not to share: honoured.');
			expect(await banner(visitor.page).count()).toBe(0);
			await chooseOnPage(visitor, { 'See what is used': 'Yes' });
			await visitor.sees('Your browser asks not to share: honoured', 'Off: your browser asks not to share.');
			expect(await expectFollowsRows(visitor, '/', true)).toEqual(['clarity']);
			// A yes that comes past the page, too.
			await visitor.page.evaluate(async () => {
				const body = JSON.stringify({ advertising: 'granted', surface: 'preferences' });
				await fetch('/v1/choices', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
			});
			expect((await rowsOf(visitor)).get('advertising')).toMatchObject({ choice: 'granted', has_gpc: 1 });
			expect(await expectFollowsRows(visitor, '/', true)).toEqual(['clarity']);
			await chooseOnPage(visitor, { 'See what is used': 'No' });
			expect(await expectFollowsRows(visitor, '/', true)).toEqual([]);
		},
	);

	test('a no in one tab ends what runs in another, and what comes back from the browser’s cache is decided anew', async () => {
		const visitor = await visitFrom('eea');
		await visitor.open('/');
		await answer(visitor, 'Yes');
		await expectTrackers(visitor, () => visitor.open('/pricing'), ['meta', 'clarity']);
		const isMeasured = () => visitor.page.evaluate(() => 'clarity' in window).catch(() => null);
		expect(await isMeasured()).toBe(true);
		const other = await visitor.context.newPage();
		await other.goto(`${it.edge.appOrigin}/choices`);
		for (const title of ['Measure our advertising', 'See what is used']) {
			await other.getByRole('group', { name: title }).getByRole('radio', { name: 'No', exact: true }).check();
		}
		await other.getByRole('button', { name: 'Keep these choices' }).click();
		await expect.poll(isMeasured).toBe(false);
		expect(new URL(visitor.page.url()).pathname).toBe('/pricing');
		// The page that came anew takes what its forerunner's tracker kept away by its own script.
		await expect.poll(async () => (await keptBy(visitor)).session.includes('_cltk')).toBe(false);
		await expectRegistered(visitor, 'dental', []);
		await other.close();

		await chooseOnPage(visitor, { 'See what is used': 'Yes' });
		await expectTrackers(visitor, () => visitor.open('/pricing'), ['clarity']);
		// By a request that no page of ours knows of, as from another browser.
		await visitor.page.evaluate(async () => {
			const body = JSON.stringify({ analytics: 'denied', surface: 'preferences' });
			await fetch('/v1/choices', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
		});
		expect(await isMeasured()).toBe(true);
		await visitor.page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
		await expect.poll(isMeasured).toBe(false);
	});

	test('after a yes to everything no page but the public ones is measured, nor one with something in its address', async () => {
		const visitor = await visitFrom('eea');
		await visitor.open('/');
		await answer(visitor, 'Yes');
		const closed = [
			'/sign-in',
			'/sign-up',
			'/choices',
			'/reset',
			'/invitations',
			'/contact',
			'/?token=secret',
			'/nowhere',
		];
		for (const path of closed) await expectTrackers(visitor, () => visitor.open(path), []);
		const { client } = await it.openPractice('Praxis Nord');
		await visitor.signInAs(client);
		for (const path of ['/smiles', '/smiles/new', '/settings', '/settings/security', '/credits', '/practice/team']) {
			await expectTrackers(visitor, () => visitor.open(path), []);
		}
		for (const path of ['/', '/pricing', '/policy', '/?utm_source=meta&fbclid=abc']) {
			await expectTrackers(visitor, () => visitor.open(path), ['meta', 'clarity']);
		}
		expect(await allowedByRows(visitor, false)).toEqual(['meta', 'clarity']);
	});

	test('trackers learn neither the page before nor words of this one, and Clarity what was chosen', async () => {
		const visitor = await visitFrom('california');
		await visitor.open('/');
		await answer(visitor, 'Yes');
		await visitor.open('/sign-up?next=%2Fsmiles%2Frnd_0123');
		it.emulators.trackers.reset();
		const link = visitor.page.getByRole('contentinfo').getByRole('link', { name: 'Prices' });
		// Within the app's own script the page changes without loading another: nothing is measured then.
		await expectTrackers(visitor, () => link.click(), []);
		await visitor.heading('Prices').first().waitFor();
		await expectTrackers(visitor, () => visitor.page.reload(), ['meta', 'clarity']);
		await expectTrackers(visitor, () => visitor.open('/'), ['meta', 'clarity']);
		await expect.poll(() => it.emulators.trackers.hits().length).toBe(4);
		const told = it.emulators.trackers.hits();
		expect(new Set(told.map(({ host }) => host))).toEqual(new Set(['www.facebook.com', 'k.clarity.ms']));
		expect(JSON.stringify(told)).not.toMatch(/rnd_|sign-up/);
		const pixel = told.find(({ host }) => host === 'www.facebook.com');
		expect(pixel?.query).toMatchObject({ ev: 'PageView', rl: '', dpo: 'LDU' });
		expect(pixel?.headers).not.toHaveProperty('referer');
		const clarity = told.find(({ host }) => host === 'k.clarity.ms');
		expect(clarity?.body).toMatchObject({
			consent: { ad_Storage: 'granted', analytics_Storage: 'granted' },
			referrer: '',
			words: '',
		});
	});

	test('the policy of a page lets in a tracker’s hosts where it runs, and nowhere else', async () => {
		const visitor = await visitFrom('eea');
		const policyOf = async (path: string) => {
			const shown = await visitor.page.goto(`${it.edge.appOrigin}${path}`);
			return shown?.headers()['content-security-policy'] ?? '';
		};
		expect(await policyOf('/')).not.toContain(it.emulators.origin);
		await visitor.isLive();
		await answer(visitor, 'Yes');
		expect(await policyOf('/')).toContain(it.emulators.origin);
		expect(await policyOf('/sign-in')).not.toContain(it.emulators.origin);
		expect(await policyOf('/choices')).not.toContain(it.emulators.origin);
	});

	test('the server tells Meta of a sign-up that was allowed, with the id that the tag tells, and of no other', async () => {
		it.emulators.meta.reset();
		const refusing = await visitFrom('eea');
		await refusing.open('/');
		await answer(refusing, 'No');
		await refusing.signUp('Praxis Süd');
		const visitor = await visitFrom('us');
		await visitor.open('/');
		await answer(visitor, 'Yes');
		await visitor.signUp('Praxis West');
		await expect.poll(() => it.emulators.meta.events().length).toBe(1);
		const [event] = it.emulators.meta.events();
		expect(event).toMatchObject({
			event_name: 'CompleteRegistration',
			action_source: 'website',
			data_processing_options: ['LDU'],
			data_processing_options_country: 0,
		});
		it.emulators.trackers.reset();
		await expectTrackers(visitor, () => visitor.open('/'), ['meta', 'clarity']);
		const tags = () => it.emulators.trackers.hits().filter(({ query }) => query['ev'] === 'CompleteRegistration');
		await expect.poll(() => tags().map(({ query }) => query['eid'])).toEqual([event?.event_id]);
		expect(it.emulators.meta.requests()).toBe(1);
	});

	test('without script the banner is a form, and the page of choices works', async () => {
		const visitor = await visitFrom('eea', {}, { javaScriptEnabled: false });
		await visitor.open('/');
		await visitor.page
			.getByRole('form', { name: 'Choice about measurement' })
			.getByRole('button', { name: 'No' })
			.click();
		await expect.poll(() => visitor.page.getByRole('form', { name: 'Choice about measurement' }).count()).toBe(0);
		expect((await rowsOf(visitor)).get('advertising')?.choice).toBe('denied');
		await chooseOnPage(visitor, { 'See what is used': 'Yes' });
		expect((await rowsOf(visitor)).get('analytics')?.choice).toBe('granted');
	});

	test('banner and choices can be read, seen and used with the keyboard', async () => {
		const visitor = await visitFrom('eea');
		const { page } = visitor;
		await visitor.open('/');
		await banner(page).waitFor();
		await inspect(page, '90-banner');
		await tabTo(page, 'Choose one by one');
		await page.keyboard.press('Shift+Tab');
		await page.keyboard.press('Shift+Tab');
		expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('No');
		await page.keyboard.press('Enter');
		// The page is shown again without it; opening another before that would be overtaken.
		await banner(page).waitFor({ state: 'detached' });
		expect((await rowsOf(visitor)).get('advertising')?.choice).toBe('denied');
		await visitor.open('/choices');
		await inspect(page, '91-choices');
		const signalled = await visitFrom('california', SIGNAL);
		await signalled.open('/choices');
		await inspect(signalled.page, '92-choices-by-signal');
		await signalled.open('/');
		await signalled.sees('Your browser asks not to share: honoured.');
		await inspect(signalled.page, '93-signal');
	});
});

/** What Umami was told, as its payloads say it. */
function toldUmami(): { url: string; name: string | null; referrer: string }[] {
	const Told = z.object({
		payload: z.object({ url: z.string(), referrer: z.string(), name: z.string().optional() }),
	});
	return it.emulators.trackers.hits().map(({ body }) => {
		const { url, name = null, referrer } = Told.parse(body).payload;
		return { url, name, referrer };
	});
}

describe('the media studio, whose Umami asks nobody and stores nothing', () => {
	beforeAll(async () => {
		it = await startStudio('media', { trackers: true });
	});
	afterEach(() => it.leave());
	afterAll(() => it.close());

	test('public pages and three events are counted, without a cookie, a number or what stands in an address', async () => {
		const visitor = await visitFrom('eea');
		await expectTrackers(visitor, () => visitor.open('/?utm_source=somebody'), ['umami']);
		await expect.poll(toldUmami).toEqual([{ url: '/', name: null, referrer: '' }]);
		expect(await banner(visitor.page).count()).toBe(0);
		expect((await keptBy(visitor)).cookies).toEqual(['zone']);
		await expectRegistered(visitor, 'media', []);

		const { account } = await it.openPractice('Studio Papier');
		it.emulators.trackers.reset();
		await expectTrackers(visitor, () => visitor.open('/sign-in'), []);
		await visitor.signIn(account);
		await visitor.arrive(/^\/pieces$/);
		await expect.poll(toldUmami).toEqual([{ url: '/sign-in', name: 'sign_in', referrer: '' }]);
		it.emulators.trackers.reset();
		await visitor.page.locator('.bar details summary').click();
		await visitor.button('Sign out').click();
		await visitor.arrive(/^\/$/);
		await expect.poll(() => toldUmami().map(({ name }) => name)).toContain('sign_out');
		await visitor.open('/sign-in');
		await visitor.signIn(account);
		await visitor.arrive(/^\/pieces$/);
		await visitor.open('/privacy/delete');
		await visitor.page.getByLabel('Your e-mail address').fill(account.email);
		await visitor.button(/^Delete my account/).click();
		await visitor.arrive(/^\/erasures\//);
		await expect.poll(() => toldUmami().map(({ name }) => name)).toContain('account_deleted');
		expect(JSON.stringify(it.emulators.trackers.hits())).not.toContain('ers_');
		expect(JSON.stringify(it.emulators.trackers.hits())).not.toContain(account.email);
	});

	test('a no ends it, and so does the signal', async () => {
		const visitor = await visitFrom('us');
		await chooseOnPage(visitor, { 'See what is used': 'No' });
		await expectTrackers(visitor, () => visitor.open('/'), []);
		await chooseOnPage(visitor, { 'See what is used': 'Yes' });
		await expectTrackers(visitor, () => visitor.open('/'), ['umami']);
		it.emulators.trackers.reset();
		const signalled = await visitFrom('us', SIGNAL);
		await expectTrackers(signalled, () => signalled.open('/'), []);
		expect(toldUmami()).toEqual([]);
	});
});

describe('the image studio, which asks where a yes is required', () => {
	beforeAll(async () => {
		it = await startStudio('image', { trackers: true });
	});
	afterEach(() => it.leave());
	afterAll(() => it.close());

	test('in Europe it waits for a yes, in the United States for a no', async () => {
		const asked = await visitFrom('eea');
		await expectTrackers(asked, () => asked.open('/'), []);
		await asked.page.getByRole('region', { name: 'May we see what is used?' }).waitFor();
		const elsewhere = await visitFrom('us');
		await expectTrackers(elsewhere, () => elsewhere.open('/'), ['umami']);
		expect(await elsewhere.page.getByRole('region', { name: 'May we see what is used?' }).count()).toBe(0);
		await chooseOnPage(elsewhere, { 'See what is used': 'No' });
		await expectTrackers(elsewhere, () => elsewhere.open('/'), []);
		const signalled = await visitFrom('us', SIGNAL);
		await expectTrackers(signalled, () => signalled.open('/'), []);
	});
});
