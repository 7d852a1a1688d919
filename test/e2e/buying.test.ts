import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { LOCAL_STRIPE } from '../../emulators/stripe/clients';
import { givenColleague, visitAs } from './support/colleagues';
import { inspect } from './support/inspect';
import { tabTo } from './support/keyboard';
import { orderSmile, waitForEnd } from './support/smile-steps';
import { startStudio, type StudioInBrowser } from './support/start-studio';
import type { Visitor } from './support/visitor';

const PAYS = '4242424242424242';
const DECLINED = '4000000000000002';
const MONTH_HOURS = 31 * 24;
const HOUR_SECONDS = 3_600;
/** From Stripe's word to the credits, on two busy cores. */
const SETTLING = { interval: 500 };

let it: StudioInBrowser;
beforeAll(async () => {
	it = await startStudio();
});
afterEach(() => it.leave());
afterAll(() => it.close());

/** Somebody who may pay, and whom Stripe's pages are no strangers to. */
async function owner(name: string, options: { javaScriptEnabled?: boolean } = {}) {
	const { client, account } = await it.openPractice(name);
	const visitor = await visitAs(it, client, options);
	visitor.allow(it.emulators.origin);
	return { visitor, account };
}

async function goToTill(visitor: Visitor, what: RegExp): Promise<void> {
	await visitor.open('/credits/buy');
	await visitor.page.getByLabel(what).check();
	await visitor.button(/^Pay .*at Stripe$/).click();
	await visitor.page.waitForURL(/\/stripe\/checkout\//);
}

async function fillTill({ page }: Visitor, card: string): Promise<void> {
	const email = page.getByLabel('E-mail address');
	if ((await email.count()) > 0) await email.fill('billing@practice.example');
	await page.getByLabel('Card number').fill(card);
	await page.getByLabel('Expiry').fill('12/34');
	await page.getByLabel('Security code').fill('123');
}

async function payByCard(visitor: Visitor): Promise<void> {
	await fillTill(visitor, PAYS);
	await visitor.button(/^(Pay|Subscribe)/).click();
	await visitor.arrive(/^\/credits\/bought\/chk_/);
}

/** Loads a page again until it shows this: what Stripe tells comes by itself, and not at once. */
async function showsAfterAWhile(visitor: Visitor, path: string, text: string | RegExp): Promise<void> {
	await expect
		.poll(async () => {
			await visitor.open(path);
			return visitor.page.getByText(text).count();
		}, SETTLING)
		.toBeGreaterThan(0);
}

function seesCredits(visitor: Visitor, credits: number) {
	return expect.poll(() => visitor.credits(), SETTLING).toBe(credits);
}

/** What Stripe last knew as paid, or as being paid, at the till. */
function lastSession() {
	const event = it.emulators.stripe.events().findLast(({ type }) => type === 'checkout.session.completed');
	return event?.data.object as { id: string; payment_intent: string | null };
}

test('a pack is bought at the till, comes by itself, pays for a smile, and goes back with a refund', async () => {
	const { visitor: ada } = await owner('Praxis Ems');
	await ada.open('/pricing');
	await inspect(ada.page, '130-pricing');
	await ada.page.getByRole('link', { name: 'Buy credits' }).click();
	await ada.heading('Buy credits').waitFor();
	await ada.isLive();
	await tabTo(ada.page, '100 credits');
	await ada.button('Pay $19 at Stripe').waitFor();
	await ada.page.keyboard.press('ArrowDown');
	await ada.button('Pay $49 a month at Stripe').waitFor();
	await tabTo(ada.page, 'Pay $49 a month at Stripe');
	await inspect(ada.page, '131-buy');

	await goToTill(ada, /100 credits/);
	await payByCard(ada);
	await ada.heading('Paid').waitFor();
	await ada.sees('+100');
	await seesCredits(ada, 160);
	await inspect(ada.page, '132-bought');

	const smile = await orderSmile(ada, 'E-1');
	await waitForEnd(ada, 'The smile is ready');
	await showsAfterAWhile(ada, '/credits', '24 credits paid for a smile.');
	await ada.sees('100 credits bought.', /^Pack of/, 'Credits to start with', /24 credits, 1 smile/);
	await inspect(ada.page, '133-credits');
	await ada.page.getByText('The same as a table').click();
	await expect
		.poll(() =>
			ada.page
				.getByRole('table', { name: /Credits a day/ })
				.locator('tbody tr')
				.count(),
		)
		.toBe(1);
	const file = ada.page.waitForEvent('download');
	await ada.page.getByRole('link', { name: /CSV/ }).click();
	expect((await file).suggestedFilename()).toMatch(/^credits-.*\.csv$/);
	await ada.page.getByRole('link', { name: '24 credits paid for a smile.' }).click();
	await ada.arrive(new RegExp(`^${smile}$`));

	await refund(lastSession().payment_intent);
	await showsAfterAWhile(ada, '/credits', /100 credits went back with the refund/);
	await seesCredits(ada, 36);
	await expect.poll(() => ada.page.locator('.bar .credit').textContent()).toContain('low');
	await ada.sees('Running low');
	await inspect(ada.page, '134-credits-refunded');
	await ada.open('/credits/billing');
	await ada.sees('No plan', '100 credits', 'all given back');
	await inspect(ada.page, '135-billing-refunded');
});

async function refund(paymentIntent: string | null): Promise<void> {
	const answer = await fetch(`${it.emulators.origin}/stripe/v1/refunds`, {
		method: 'POST',
		headers: { authorization: `Bearer ${LOCAL_STRIPE.secretKey}` },
		body: new URLSearchParams({ payment_intent: paymentIntent ?? '' }),
	});
	expect(answer.status).toBe(200);
}

test('a declined card is said at the till, and leaving it says that nothing was paid', async () => {
	const { visitor: ada } = await owner('Praxis Isar');
	await goToTill(ada, /100 credits/);
	await fillTill(ada, DECLINED);
	await ada.button(/^Pay/).click();
	await ada.page.getByRole('alert').waitFor();
	await ada.page.getByRole('link', { name: 'Back' }).click();
	await ada.arrive(/^\/credits\/buy\?left=1$/);
	await ada.sees('Nothing was paid');
	expect(await ada.credits()).toBe(60);
	await inspect(ada.page, '136-till-left');
});

test('a bank debit takes its time, and its credits come while somebody waits', async () => {
	const { visitor: ada } = await owner('Praxis Lech');
	await goToTill(ada, /100 credits/);
	await fillTill(ada, PAYS);
	await ada.button(/Bank debit/).click();
	await ada.arrive(/^\/credits\/bought\/chk_/);
	await ada.heading('This payment takes time').waitFor();
	await ada.sees(/you may close this page/);
	await inspect(ada.page, '137-paying');
	expect(await ada.credits()).toBe(60);
	it.emulators.stripe.settleBankDebit({ session: lastSession().id, outcome: 'succeeded' });
	await ada.heading('Paid').waitFor();
	await seesCredits(ada, 160);
});

test('a bank debit that comes back says so, and nothing was paid', async () => {
	const { visitor: ada } = await owner('Praxis Inn');
	await goToTill(ada, /100 credits/);
	await fillTill(ada, PAYS);
	await ada.button(/Bank debit/).click();
	await ada.arrive(/^\/credits\/bought\/chk_/);
	it.emulators.stripe.settleBankDebit({ session: lastSession().id, outcome: 'failed' });
	await ada.heading('The payment did not go through').waitFor();
	await ada.sees(/Nothing was paid and no credits came/);
	await inspect(ada.page, '138-failed');
	expect(await ada.credits()).toBe(60);
});

test('a member who may not pay sees the credits, and is told whom to ask', async () => {
	const { visitor: ada } = await owner('Praxis Ruhr');
	const { visitor: ben } = await givenColleague(it, ada, { name: 'Ben Ito', role: 'Clinician' });
	await ben.open('/credits');
	await ben.sees('Free to use', /buys credits/);
	await expect.poll(() => ben.page.getByRole('link', { name: 'Buy credits' }).count()).toBe(0);
	for (const [path, name] of [
		['/credits/buy', '139-buy-refused'],
		['/credits/billing', '140-billing-refused'],
	] as const) {
		expect(await ben.open(path)).toBe(403);
		await ben.sees('Not part of your role', /Ask the owner/);
		await inspect(ben.page, name);
	}
	await ben.open('/pricing');
	await ben.sees(/\$49/);
	await expect.poll(() => ben.page.getByRole('link', { name: 'Buy credits' }).count()).toBe(0);
});

test('without script a pack is bought too', async () => {
	const { visitor: ada } = await owner('Praxis Saar', { javaScriptEnabled: false });
	await goToTill(ada, /100 credits/);
	await payByCard(ada);
	await expect
		.poll(async () => {
			const again = ada.page.getByRole('link', { name: 'Look again' });
			if ((await again.count()) > 0) await again.click();
			return ada.heading(/^Paid$/).count();
		}, SETTLING)
		.toBe(1);
	await seesCredits(ada, 160);
});

/** Both clocks, the Workers' first: what Stripe then tells is not from the future. */
async function aMonthPasses(): Promise<void> {
	await it.edge.moveClock(MONTH_HOURS);
	it.emulators.stripe.advanceClock({ seconds: MONTH_HOURS * HOUR_SECONDS });
	await it.emulators.stripe.settled();
}

test('a plan brings its month’s credits and ends with them, renews, and is ended at Stripe', async () => {
	const { visitor: ada, account } = await owner('Praxis Spree');
	await goToTill(ada, /Starter plan/);
	await payByCard(ada);
	await ada.heading('Paid, and the Starter plan runs').waitFor();
	await seesCredits(ada, 360);
	await ada.open('/credits/buy');
	await ada.sees('Starter plan', /The next payment is/);
	await expect.poll(() => ada.page.getByLabel('Practice plan').count()).toBe(0);
	await inspect(ada.page, '141-buy-with-plan');
	await ada.open('/credits/billing');
	await ada.sees('Running', 'Visa', '•••• 4242');
	await inspect(ada.page, '142-billing');

	await aMonthPasses();
	// The session of before has ended meanwhile.
	await ada.open('/sign-in?next=/credits');
	await ada.signIn(account);
	await ada.arrive(/^\/credits$/);
	await it.edge.runCron();
	await showsAfterAWhile(ada, '/credits', /300 credits of the .* plan ended/);
	await expect
		.poll(async () => {
			await ada.open('/credits');
			return ada.page.getByText(/^300 credits of the .* plan\./).count();
		}, SETTLING)
		.toBe(2);
	await seesCredits(ada, 360);
	await inspect(ada.page, '143-credits-renewed');

	await ada.open('/credits/billing');
	await ada.button('End the Starter plan').click();
	await ada.page.waitForURL(/\/stripe\/portal\//);
	await ada.button(/^Cancel/).click();
	await ada.arrive(/^\/credits\/billing\?back=1$/);
	await ada.sees('Ending');
	await ada.sees(/It ends/, /nothing is paid after that/);
	await inspect(ada.page, '144-plan-ending');
});
