import { randomUUID } from 'node:crypto';

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { givenAuthenticator } from './support/authenticator';
import { inspect } from './support/inspect';
import { tabTo } from './support/keyboard';
import { layoutShift } from './support/layout-shift';
import { startStudio, type StudioInBrowser } from './support/start-studio';
import { totp } from './support/totp';
import { PASSWORD, type Visitor } from './support/visitor';

/** Of design: nothing jumps while a page loads. */
const SHIFT_MAX = 0.02;
const NEW_PASSWORD = 'another four words are enough';

let it: StudioInBrowser;
beforeAll(async () => {
	it = await startStudio('dental', { hostname: 'localhost' });
});
afterEach(() => it.leave());
afterAll(() => it.close());

async function signOut(visitor: Visitor): Promise<void> {
	await visitor.page.locator('.bar details summary').first().click();
	await visitor.button(/^Sign out$/).click();
	await visitor.arrive(/^\/$/);
}

test('with the keyboard alone one signs up, confirms the address by the mailed code, and signs in', async () => {
	const visitor = await it.visit();
	const { page } = visitor;
	const email = visitor.newAddress();
	const type = async (label: string, text: string) => {
		await tabTo(page, label);
		await page.keyboard.type(text);
	};
	await visitor.open('/sign-up');
	await type('Your name', 'Mara Demo');
	await type('Practice name', 'Praxis Keyboard');
	await type('E-mail', email);
	await type('Password', PASSWORD);
	await tabTo(page, 'I work for a dental practice');
	await page.keyboard.press('Space');
	await tabTo(page, 'Create account');
	await page.keyboard.press('Enter');
	await visitor.arrive(/^\/sign-up\/code$/);
	await visitor.isLive();
	// The one field has the focus already.
	await visitor.typeCode(email);
	await page.keyboard.press('Enter');
	await visitor.arrive(/^\/smiles$/);
	await expect.poll(() => visitor.credits()).toBe(60);

	await signOut(visitor);
	await visitor.open('/sign-in');
	await type('E-mail', email);
	await type('Password', PASSWORD);
	await page.keyboard.press('Enter');
	await visitor.arrive(/^\/smiles$/);
});

test('a wrong code is said at its field, another one can be mailed, and the address can be changed', async () => {
	const visitor = await it.visit();
	const [first, second] = [visitor.newAddress(), visitor.newAddress()];
	await visitor.open('/sign-up');
	await visitor.fillSignUp({ email: first, password: PASSWORD, name: 'Praxis Code' });
	await visitor.button('Create account').click();
	await visitor.arrive(/^\/sign-up\/code$/);
	await visitor.isLive();
	await visitor.page.getByLabel('Code', { exact: true }).fill('000 000');
	await visitor.button('Confirm address').click();
	await visitor.page.locator('.code .err').waitFor();
	await inspect(visitor.page, '71-sign-up-code');
	await visitor.button('Mail another code').click();
	await expect.poll(() => visitor.page.locator('.code .err').count()).toBe(0);

	await visitor.page.getByRole('link', { name: 'Change it' }).click();
	await visitor.arrive(/^\/sign-up$/);
	await expect.poll(() => visitor.page.getByLabel('Practice name').inputValue()).toBe('Praxis Code');
	await visitor.fillSignUp({ email: second, password: PASSWORD, name: 'Praxis Code' });
	await visitor.button('Create account').click();
	await visitor.arrive(/^\/sign-up\/code$/);
	await visitor.sees(second);
	await visitor.isLive();
	await visitor.typeCode(second);
	await visitor.button('Confirm address').click();
	await visitor.arrive(/^\/smiles$/);
});

test('a sign-up that looks odd passes a check first, and what was typed stays', async () => {
	const visitor = await it.visit();
	const { page } = visitor;
	visitor.allow(it.emulators.origin);
	// A domain below another one costs nothing to make, so it is asked.
	const email = `ada@mail-${randomUUID().slice(0, 8)}.odd-practice.example`;
	await visitor.open('/sign-up');
	await visitor.fillSignUp({ email, password: PASSWORD, name: 'Praxis Odd' });
	await visitor.button('Create account').click();
	await visitor.sees('This sign-up needs a check. Show that you are a person.');
	await visitor.isLive();
	await expect.poll(() => page.getByLabel('Practice name').inputValue()).toBe('Praxis Odd');
	const token = page.locator('input[name="cf-turnstile-response"]');
	await expect.poll(async () => (await token.count()) > 0 && (await token.inputValue()) !== '').toBe(true);
	await inspect(page, '82-sign-up-check');
	await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
	await visitor.button('Create account').click();
	await visitor.arrive(/^\/sign-up\/code$/);
	await visitor.isLive();
	await visitor.typeCode(email);
	await visitor.button('Confirm address').click();
	expect(await visitor.arrive(/^\/smiles/)).toBe('/smiles');
});

test('a code by mail signs in, and leads to where one wanted to go', async () => {
	const visitor = await it.visit();
	const { email } = await visitor.signUp();
	await signOut(visitor);
	await visitor.open('/credits');
	await visitor.arrive(/^\/sign-in\?next=%2Fcredits$/);
	await inspect(visitor.page, '72-sign-in');
	await visitor.page.getByLabel('E-mail').fill(email);
	await visitor.button('Mail me a code instead').click();
	await visitor.arrive(/^\/sign-in\/code$/);
	await inspect(visitor.page, '73-sign-in-code');
	await visitor.typeCode(email);
	await visitor.button(/^Sign in$/).click();
	expect(await visitor.arrive(/^\/credits/)).toBe('/credits');
});

test.each(['Google', 'Apple', 'GitHub'])(
	'%s signs somebody up, who names a practice, and signs the same person in again',
	async (provider) => {
		const visitor = await it.visit();
		const { page } = visitor;
		visitor.allow(it.emulators.origin);
		const email = visitor.newAddress();
		await visitor.open('/sign-in');
		await visitor.button(`Continue with ${provider}`).click();
		await page.getByLabel('Name').fill('Ada Lindqvist');
		await page.getByLabel('E-mail address').fill(email);
		await page.getByRole('button', { name: 'Continue', exact: true }).click();

		await visitor.arrive(/^\/accounts\?next=%2Fsmiles$/);
		await visitor.heading('Name your practice').waitFor();
		await visitor.isLive();
		await inspect(page, '74-name-your-practice');
		await page.getByLabel('Practice name').fill(`Praxis ${provider}`);
		await visitor.button('Open practice').click();
		expect(new URL(page.url()).pathname).toBe('/accounts');
		await page.getByRole('checkbox').check();
		await visitor.button('Open practice').click();
		await visitor.arrive(/^\/smiles$/);
		await expect.poll(() => visitor.credits()).toBe(60);

		await signOut(visitor);
		await visitor.open('/sign-in');
		await visitor.button(`Continue with ${provider}`).click();
		await page.getByRole('button', { name: new RegExp(`Continue as .*${email}`, 's') }).click();
		await visitor.arrive(/^\/smiles$/);
	},
);

test('whoever turns back at a provider is told so, without script too', async () => {
	const visitor = await it.visit({ javaScriptEnabled: false });
	visitor.allow(it.emulators.origin);
	await visitor.open('/sign-in');
	await visitor.button('Continue with Google').click();
	await visitor.page.getByLabel('E-mail address').fill('turns-back@people.example');
	await visitor.page.getByRole('button', { name: 'Cancel' }).click();
	expect(await visitor.arrive(/^\/sign-in\?error=/)).toContain('error=cancelled');
	await visitor.sees('You turned back', /Nothing was shared/);
});

/** Within this the quiet offer has been taken, or it will not be. */
const QUIET_OFFER_MS = 45_000;

test('a passkey is added, signs in without a password, and is removed', async () => {
	const visitor = await it.visit();
	const device = await givenAuthenticator(visitor);
	await visitor.signUp();
	await visitor.open('/settings/security');
	await visitor.page.getByLabel('Name of the passkey').fill('Front desk');
	await visitor.button('Add a passkey').click();
	await visitor.sees('Front desk');
	await expect.poll(() => device.passkeys()).toBe(1);
	await signOut(visitor);

	await visitor.page.goto(`${it.edge.appOrigin}/sign-in?next=/settings/security`);
	// A device that asks nobody takes the browser's quiet offer by itself; the button is for all others. Never both: the page
	// of the second sign-in would take the place of what the first one's is told.
	await visitor.page
		.waitForURL((url) => url.pathname === '/settings/security', { timeout: QUIET_OFFER_MS })
		.catch(() => visitor.button('Sign in with a passkey').click());
	await visitor.arrive(/^\/settings\/security$/);
	await visitor.button('Remove passkey Front desk').click();
	await visitor.page.getByRole('alertdialog').getByRole('button', { name: 'Remove passkey' }).click();
	await visitor.sees(/Passkey removed/);
	await expect.poll(() => visitor.page.getByText('Front desk').count()).toBe(0);
});

test('a second factor is switched on, asked for after the password, and a recovery code stands in for it once', async () => {
	const visitor = await it.visit();
	const { page } = visitor;
	const account = await visitor.signUp();
	await visitor.open('/settings/second-factor');
	await inspect(page, '75-second-factor');
	await visitor.button('Set up second factor').click();
	await visitor.heading('Scan this').waitFor();
	const secret = (await page.getByLabel('Secret').textContent()) ?? '';
	await inspect(page, '76-second-factor-scan');
	await page.getByLabel('Code from the app').fill('000000');
	await visitor.button('Switch on second factor').click();
	await page.locator('.code .err').waitFor();
	await expect.poll(() => page.getByLabel('Secret').textContent()).toBe(secret);
	await page.getByLabel('Code from the app').fill(totp(secret));
	await visitor.button('Switch on second factor').click();
	await visitor.heading('The second factor is on').waitFor();
	await inspect(page, '77-recovery-codes');
	const codes = await page.locator('.codes code').allTextContents();
	expect(new Set(codes).size).toBe(10);
	await page.getByRole('link', { name: 'I kept them, go on' }).click();
	await visitor.sees('10 recovery codes are left.');
	await signOut(visitor);

	await visitor.open('/sign-in?next=/credits');
	await visitor.signIn(account);
	await visitor.arrive(/^\/sign-in\/second-factor\?next=%2Fcredits$/);
	await inspect(page, '78-second-factor-asked');
	// The app's present code was used up when it was switched on.
	await page.getByLabel('Code from the app').fill(totp(secret, 1));
	await visitor.button(/^Sign in$/).click();
	await visitor.arrive(/^\/credits$/);
	await signOut(visitor);

	const useRecoveryCode = async () => {
		await visitor.open('/sign-in');
		await visitor.signIn(account);
		await visitor.arrive(/^\/sign-in\/second-factor/);
		await page.getByRole('link', { name: 'Use a recovery code' }).click();
		await page.getByLabel('Recovery code').fill(codes[0]!);
		await visitor.button(/^Sign in$/).click();
	};
	await useRecoveryCode();
	await visitor.arrive(/^\/smiles$/);
	await signOut(visitor);
	await useRecoveryCode();
	await page.locator('.err, .notice.stop').first().waitFor();
	expect(new URL(page.url()).pathname).toBe('/sign-in/second-factor');
});

test('a forgotten password is set anew by a mailed code, and the old one is over', async () => {
	const visitor = await it.visit();
	const account = await visitor.signUp();
	const elsewhere = await it.visit({ storageState: await visitor.context.storageState() });
	await signOut(visitor);
	await visitor.open('/sign-in');
	await visitor.page.getByRole('link', { name: 'Forgotten?' }).click();
	await visitor.arrive(/^\/reset$/);
	await inspect(visitor.page, '79-reset');
	await visitor.page.getByLabel('E-mail').fill(account.email);
	await visitor.button('Mail me a code').click();
	await visitor.sees(/a code is on its way/);
	await visitor.typeCode(account.email);
	await visitor.page.getByRole('textbox', { name: 'New password' }).fill(NEW_PASSWORD);
	await inspect(visitor.page, '80-reset-code');
	await visitor.button('Change password').click();
	await visitor.arrive(/^\/sign-in\?done=reset$/);
	await visitor.sees('The password is changed');
	await visitor.signIn(account);
	await visitor.page.locator('.err').waitFor();
	await visitor.signIn({ email: account.email, password: NEW_PASSWORD });
	await visitor.arrive(/^\/smiles$/);

	await elsewhere.open('/credits');
	expect(await elsewhere.arrive(/^\/sign-in/)).toBe('/sign-in?next=%2Fcredits');
});

test('without script one signs in by password, by code and over a wrong try', async () => {
	const scripted = await it.visit();
	const account = await scripted.signUp();
	const visitor = await it.visit({ javaScriptEnabled: false });
	await visitor.open('/sign-in?next=/credits');
	await visitor.signIn({ ...account, password: 'not the right four words' });
	await visitor.page.locator('.err').waitFor();
	await expect.poll(() => visitor.page.getByLabel('E-mail').inputValue()).toBe(account.email);
	await visitor.signIn(account);
	await visitor.arrive(/^\/credits$/);
	await signOut(visitor);
	await visitor.open('/sign-in');
	await visitor.page.getByLabel('E-mail').fill(account.email);
	await visitor.button('Mail me a code instead').click();
	await visitor.arrive(/^\/sign-in\/code$/);
	await visitor.typeCode(account.email);
	await visitor.button(/^Sign in$/).click();
	await visitor.arrive(/^\/smiles$/);
});

test('the pages to get in are sound, and stand still while they load', async () => {
	const visitor = await it.visit();
	for (const path of ['/sign-in', '/sign-up', '/sign-in/code', '/sign-in/second-factor?with=recovery', '/reset']) {
		await visitor.open(path);
		await expect.poll(() => visitor.page.evaluate(() => document.fonts.status)).toBe('loaded');
		expect(await layoutShift(visitor.page)).toBeLessThanOrEqual(SHIFT_MAX);
		await inspect(visitor.page, `81${path.replaceAll(/\W/g, '-')}`);
	}
});
