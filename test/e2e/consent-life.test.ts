import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { checkAll } from '../../scripts/verify-receipt.mjs';
import { until } from '../edge/support/until';
import { inspect } from './support/inspect';
import { order, sendPhoto, waitForEnd } from './support/smile-steps';
import { startStudio, type StudioInBrowser } from './support/start-studio';
import type { Visitor } from './support/visitor';

let it: StudioInBrowser;
beforeAll(async () => {
	it = await startStudio();
});
afterEach(() => it.leave());
afterAll(() => it.close());

const JOURNEY_MS = 240_000;
const PHONE = { viewport: { width: 360, height: 740 } };
/** Longer than an address to put a photo at can be used; only then is it certain that nothing comes any more. */
const HOURS_UNTIL_PUT_ENDS = 0.3;

test(
	'a patient signs on their phone, sees what is made, allows less and revokes: everything is gone, and the receipt verifies',
	{ timeout: JOURNEY_MS },
	async () => {
		const { visitor: practice } = await it.visitAsOwner('Praxis Nord');
		const link = await prepare(practice);
		const phone = await it.visit(PHONE);
		await sign(phone, link);

		// By itself: nobody touches the practice's page.
		await practice.sees('A signed consent is here', /Signed by the patient on their phone/);
		await practice.page.getByRole('link', { name: 'Photo' }).click();
		await practice.arrive(/^\/smiles\/new\/photo\?/);
		await sendPhoto(practice);
		const smile = await order(practice);
		await waitForEnd(practice, 'The smile is ready');
		const share = await shareIt(practice);

		const media = await seeWhatIsMade(phone, link);
		await restLongEnough(practice, phone);
		await allowLess(phone, link, share);
		await practice.open(smile);
		await practice.sees('Consent allows less now', 'No link can be made');

		await revoke(phone, link);
		await seeItGo(phone, link);
		for (const url of media) expect([403, 404, 410]).toContain((await fetch(url)).status);
		await practice.open(smile);
		await practice.sees('Everything of this smile is deleted.');
		await verify(phone, link);
	},
);

test('without script a link is read and signed, and one that is ended or unknown says so', async () => {
	const { visitor: practice } = await it.visitAsOwner('Praxis West');
	const link = await prepare(practice, 'W-1');
	const phone = await it.visit({ ...PHONE, javaScriptEnabled: false });
	const { page } = phone;
	await phone.open(link);
	expect(await page.locator('meta[name=robots]').getAttribute('content')).toContain('noindex');
	await phone.button('Read and sign').click();
	await phone.button('Sign').click();
	await phone.sees('Type your full name.');
	await expect.poll(() => page.locator('canvas:visible').count()).toBe(0);
	for (const box of await page.getByRole('checkbox').all()) await box.check();
	await page.getByLabel('Your full name').fill('Jo Keller');
	await phone.button('Sign').click();
	await phone.heading('What you allowed Praxis West').waitFor();
	expect(await phone.context.cookies()).toEqual([]);

	await practice.sees('A signed consent is here');
	expect(await phone.open('/p/nothing')).toBe(404);
	await phone.heading('Nothing is here').waitFor();
	const ended = await prepare(practice, 'W-2');
	await practice.button('End this link').click();
	await practice.page.getByRole('alertdialog').getByRole('button', { name: 'End this link' }).click();
	await practice.button('Sign here').waitFor();
	expect(await phone.open(ended)).toBe(410);
	await phone.heading('This link is over').waitFor();
});

/** The practice fills nothing but the reference, and shows the code; answers the path of the link. */
async function prepare(practice: Visitor, reference = 'M-2041'): Promise<string> {
	const { page } = practice;
	await practice.open('/smiles/new');
	await page.getByLabel('Patient reference').fill(reference);
	await practice.button('Consent').click();
	await practice.arrive(/^\/smiles\/new\/consent\?/);
	await practice.button('Have it signed on their phone').click();
	await practice.heading('The patient scans this').waitFor();
	await practice.sees('Waiting for the phone');
	await page.getByRole('img', { name: 'QR code of the patient’s link' }).waitFor();
	if (reference === 'M-2041') await inspect(page, 'consent-life-1-code');
	const link = await page.getByLabel('Or send them the link').inputValue();
	expect(link).toMatch(/\/p\/[\w-]{43}$/);
	return new URL(link).pathname;
}

async function sign(phone: Visitor, link: string): Promise<void> {
	const { page } = phone;
	await phone.open(link);
	await phone.heading('May Praxis Nord use your photo?').waitFor();
	await inspect(page, 'consent-life-2-choose');
	await page.getByLabel(/may save it as a file/).uncheck();
	await phone.button('Read and sign').click();
	await phone.heading('Read this, then sign').waitFor();
	await phone.sees('No copy may be saved as a file.');
	for (const box of await page.getByRole('checkbox').all()) await box.check();
	await draw(phone);
	await inspect(page, 'consent-life-3-sign');

	// The name is asked for, and what was drawn is still there.
	await phone.button('Sign').click();
	await phone.sees('Type your full name.', 'Drawn, 1 line');
	await page.getByLabel('Your full name').fill('Mara Demo');
	await phone.button('Sign').click();
	await phone.sees('Keep this page', 'Mara Demo', 'Allowed now');
	await inspect(page, 'consent-life-4-signed');
}

async function draw({ page }: Visitor): Promise<void> {
	const pad = page.getByRole('img', { name: 'Draw your signature, if you like' });
	await pad.scrollIntoViewIfNeeded();
	const box = await pad.boundingBox();
	if (box === null) throw new Error('The pad is not shown.');
	await page.mouse.move(box.x + box.width * 0.2, box.y + box.height * 0.7);
	await page.mouse.down();
	for (let at = 0; at <= 12; at += 1) {
		await page.mouse.move(box.x + box.width * (0.2 + at * 0.05), box.y + box.height * (0.5 + 0.3 * Math.sin(at)));
	}
	await page.mouse.up();
	await page.getByText('Drawn, 1 line').waitFor();
	const drawing = await page.locator('input[name=drawing]').inputValue();
	expect(drawing.length).toBeGreaterThan(50);
	expect(drawing.length).toBeLessThanOrEqual(8 * 1024);
}

/** What may leave follows the channels that were signed; the link shows it to a stranger. */
async function shareIt(practice: Visitor): Promise<string> {
	await practice.sees('May I publish this?', /The consent does not cover this/);
	await practice.button('Make a link').click();
	await practice.sees('The link is shown this once');
	return new URL(await practice.page.getByLabel('Link', { exact: true }).inputValue()).pathname;
}

/** Answers the addresses of everything that the phone was shown. */
async function seeWhatIsMade(phone: Visitor, link: string): Promise<string[]> {
	const { page } = phone;
	await phone.open(link);
	await phone.sees('What there is', /1 link shows it to whoever has it/);
	await expect.poll(() => page.locator('video').count()).toBe(1);
	const cut = page.getByRole('slider', { name: 'Compare before and after' });
	await cut.focus();
	await page.keyboard.press('Home');
	await expect.poll(() => cut.getAttribute('aria-valuetext')).toBe('0 % before');
	await expect.poll(() => page.getByText('AI visualisation, not a promise of a result').count()).toBeGreaterThan(1);
	await inspect(page, 'consent-life-5-made');
	const shown = page.locator('video, .patient-page img');
	const urls = await shown.evaluateAll((all) => all.map((each) => each.getAttribute('src')?.split('#')[0] ?? ''));
	expect(urls.length).toBeGreaterThanOrEqual(3);
	for (const url of urls) expect((await fetch(url, { headers: { range: 'bytes=0-0' } })).ok).toBe(true);
	return urls;
}

/** Off the pages meanwhile: the Workers start again, and no page has to hear of it. */
async function restLongEnough(...visitors: Visitor[]): Promise<void> {
	for (const { page } of visitors) await page.goto('about:blank');
	await it.edge.moveClock(HOURS_UNTIL_PUT_ENDS);
}

async function allowLess(phone: Visitor, link: string, share: string): Promise<void> {
	const { page } = phone;
	const stranger = await it.visit();
	expect(await stranger.open(share)).toBe(200);
	await phone.open(link);
	await page.getByRole('link', { name: 'Allow less' }).click();
	await phone.heading('Allow less').waitFor();
	await phone.sees(/1 link stops at once/);
	await inspect(page, 'consent-life-6-less');
	await page.getByLabel(/A link to it/).uncheck();
	await phone.button('Allow only what is ticked').click();
	await phone.sees('Less is allowed from this moment on.', 'Not any more', 'No link shows it to others.');
	expect(await stranger.open(share)).toBe(410);
}

async function revoke(phone: Visitor, link: string): Promise<void> {
	const { page } = phone;
	await phone.open(link);
	await page.getByRole('link', { name: 'Revoke everything' }).click();
	await phone.heading('Revoke everything?').waitFor();
	await inspect(page, 'consent-life-7-revoke');
	await phone.button('Revoke and delete 1 photo, 1 picture and 1 video').click();
	await phone.heading('You took it back').waitFor();
}

/** The page looks again by itself until the receipt is there. Asking once more has what was left looked at now, and not by the clock. */
async function seeItGo(phone: Visitor, link: string): Promise<void> {
	const origin = it.edge.appOrigin;
	await inspect(phone.page, 'consent-life-8-going');
	await until('the phone shows the receipt', async () => {
		await it.edge.runCron();
		await phone.page.request.post(`${origin}${link}/revoke`, { headers: { origin } });
		const isThere = (await phone.page.getByRole('link', { name: 'See and check the receipt' }).count()) === 1;
		return isThere || undefined;
	});
	await phone.sees('It is deleted', 'Receipt signed');
	await inspect(phone.page, 'consent-life-9-gone');
}

async function verify(phone: Visitor, link: string): Promise<void> {
	const { page } = phone;
	await page.getByRole('link', { name: 'See and check the receipt' }).click();
	await phone.sees('Signature checked just now');
	await inspect(page, 'consent-life-10-receipt');
	const read = async (path: string): Promise<unknown> =>
		(await page.request.get(`${it.edge.appOrigin}${path}`)).json() as Promise<unknown>;
	const receipt = await read(`${link}/receipt/file`);
	expect(receipt).toMatchObject({ body: { kind: 'consent_revoked' } });
	const keys = await read('/.well-known/afterglow-keys.json');
	expect(checkAll({ receipt, proofs: [] }, keys).join('\n')).toMatch(/signed/i);
	const copy = await page.request.get(`${it.edge.appOrigin}${link}/copy`);
	expect(await copy.text()).toContain('Mara Demo');
}
