import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { inspect } from './support/inspect';
import { layoutShift } from './support/layout-shift';
import { startStudio, type StudioInBrowser } from './support/start-studio';
import type { Visitor } from './support/visitor';

/** Of design: nothing jumps while a page loads. */
const SHIFT_MAX = 0.02;
const NEW_PASSWORD = 'another four words are enough';

let it: StudioInBrowser;
beforeAll(async () => {
	it = await startStudio();
});
afterEach(() => it.leave());
afterAll(() => it.close());

/** As if everybody's last proof were twenty minutes old. */
async function letProofsEnd(): Promise<void> {
	const d1 = await it.edge.d1();
	await d1.prepare('UPDATE sessions SET created_at = created_at - 1200000, confirmed_at_ms = NULL').run();
}

function rowOf(visitor: Visitor, text: string) {
	return visitor.page.getByRole('listitem').filter({ hasText: text });
}

test('the name is changed, with a toast that says so, and stays', async () => {
	const { visitor } = await it.visitAsOwner();
	await visitor.open('/settings');
	await inspect(visitor.page, '90-settings');
	await visitor.page.getByLabel('Name').fill('Mara D. Demo');
	await visitor.button('Save name').click();
	await visitor.sees('Your name is Mara D. Demo from now on.');
	await visitor.open('/settings');
	await expect.poll(() => visitor.page.getByLabel('Name').inputValue()).toBe('Mara D. Demo');
});

test('dates are written in the chosen language from the first byte, and the page agrees with the server', async () => {
	const { visitor } = await it.visitAsOwner('Praxis Nord', { timezoneId: 'Europe/Vienna' });
	await visitor.open('/settings');
	await visitor.page.getByLabel('Dates').selectOption('de-DE');
	await visitor.button('Write dates so').click();
	await expect.poll(() => visitor.page.locator('time[lang="de-DE"]').count()).toBeGreaterThan(0);
	const still = await it.visit({ storageState: await visitor.context.storageState(), javaScriptEnabled: false });
	await still.open('/settings');
	const written = await still.page.locator('time').first().textContent();
	await visitor.open('/settings');
	expect(await visitor.page.locator('time').first().textContent()).toBe(written);
	expect(await visitor.page.getByLabel('Dates').inputValue()).toBe('de-DE');
});

test('the address is moved by codes from both mailboxes, and not by one', async () => {
	const { visitor, account } = await it.visitAsOwner();
	const { page } = visitor;
	const { email, password } = account;
	const next = visitor.newAddress();
	await visitor.open('/settings');
	await page.getByRole('link', { name: 'Change address' }).click();
	await visitor.arrive(/^\/settings\/email$/);
	await inspect(page, '91-change-address');
	await page.getByLabel('New e-mail').fill(next);
	await visitor.button('Mail both codes').click();
	await visitor.heading('Look into both mailboxes').waitFor();
	await inspect(page, '92-change-address-codes');
	await visitor.typeCode(email, 'Code at the present address');
	await page.getByLabel('Code at the new address').fill('000000');
	await visitor.button('Change address').click();
	await page.locator('.err').first().waitFor();
	await visitor.typeCode(email, 'Code at the present address');
	await visitor.typeCode(next, 'Code at the new address');
	await visitor.button('Change address').click();
	await visitor.arrive(/^\/settings\?done=email$/);
	await visitor.sees(`Your address is ${next} from now on.`);
	const other = await it.visit();
	await other.open('/sign-in');
	await other.signIn({ email: next, password });
	expect(await other.arrive(/^\/smiles/)).toBe('/smiles');
});

test('a step that could lock somebody out asks for a proof first, and what was typed is there afterwards', async () => {
	const { visitor, account } = await it.visitAsOwner();
	const { page } = visitor;
	const { email } = account;
	await letProofsEnd();
	const next = visitor.newAddress();
	await visitor.open('/settings/email');
	await page.getByLabel('New e-mail').fill(next);
	await visitor.button('Mail both codes').click();
	await visitor.arrive(/^\/prove\?next=%2Fsettings%2Femail$/);
	await inspect(page, '93-prove');
	await page.getByRole('textbox', { name: 'Password' }).fill('not the right four words');
	await visitor.button('Go on').click();
	await page.locator('.err').waitFor();
	await visitor.button('Mail me a code instead').click();
	await visitor.sees(/holds until/);
	await inspect(page, '94-prove-code');
	await visitor.typeCode(email);
	await visitor.button('Go on').click();
	await visitor.arrive(/^\/settings\/email$/);
	await expect.poll(() => page.getByLabel('New e-mail').inputValue()).toBe(next);
});

test('a session is ended from elsewhere, and its next page is the sign-in', async () => {
	const { visitor, account } = await it.visitAsOwner();
	const other = await it.visit({ userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' });
	await other.open('/sign-in');
	await other.signIn(account);
	await other.arrive(/^\/smiles$/);

	await visitor.open('/settings/security');
	await inspect(visitor.page, '95-security');
	await rowOf(visitor, 'Firefox').getByRole('button').click();
	const dialog = visitor.page.getByRole('alertdialog');
	await dialog.getByRole('button', { name: 'Keep it' }).click();
	await dialog.waitFor({ state: 'hidden' });
	await rowOf(visitor, 'Firefox').getByRole('button').click();
	await dialog.waitFor();
	await inspect(visitor.page, '96-end-session');
	await dialog.getByRole('button', { name: 'End session' }).click();
	await visitor.sees('Session ended.');
	await expect.poll(() => rowOf(visitor, 'Firefox').getByRole('button').count()).toBe(0);
	await other.open('/credits');
	await other.arrive(/^\/sign-in\?next=%2Fcredits$/);
	await visitor.open('/credits');
	expect(await visitor.arrive(/^\/(credits|sign-in)/)).toBe('/credits');
});

test('signing out everywhere ends this session and all others', async () => {
	const { visitor, account } = await it.visitAsOwner();
	const other = await it.visit();
	await other.open('/sign-in');
	await other.signIn(account);
	await other.arrive(/^\/smiles$/);
	await visitor.open('/settings/security');
	await visitor.button('Sign out everywhere').click();
	await visitor.page.getByRole('alertdialog').getByRole('button', { name: 'Sign out everywhere' }).click();
	await visitor.arrive(/^\/sign-in\?done=ended$/);
	await visitor.sees('Signed out everywhere');
	await other.open('/credits');
	expect(await other.arrive(/^\/sign-in/)).toBe('/sign-in?next=%2Fcredits');
});

test('a new password is set, and what happened lately says so', async () => {
	const { visitor, account } = await it.visitAsOwner();
	await visitor.open('/settings/security');
	await visitor.page.getByRole('link', { name: 'Change password' }).click();
	await visitor.arrive(/^\/settings\/password$/);
	await inspect(visitor.page, '97-password');
	await visitor.page.getByRole('textbox', { name: 'New password' }).fill(NEW_PASSWORD);
	await visitor.button('Change password').click();
	await visitor.arrive(/^\/settings\/security\?done=password$/);
	await visitor.sees('The password is set. Every other session is ended.', 'Password changed');
	const other = await it.visit();
	await other.open('/sign-in');
	await other.signIn({ email: account.email, password: account.password });
	await other.page.locator('.err').waitFor();
	await other.signIn({ email: account.email, password: NEW_PASSWORD });
	expect(await other.arrive(/^\/smiles/)).toBe('/smiles');
});

test('Google is linked and unlinked, and signs in between', async () => {
	const { visitor } = await it.visitAsOwner();
	visitor.allow(it.emulators.origin);
	await visitor.open('/settings/security');
	await visitor.button('Link Google').click();
	await visitor.page.getByLabel('Name').fill('Mara Demo');
	const linked = visitor.newAddress();
	await visitor.page.getByLabel('E-mail address').fill(linked);
	await visitor.page.getByRole('button', { name: 'Continue', exact: true }).click();
	await visitor.arrive(/^\/settings\/security\?connected=google$/);
	await visitor.sees('Google is linked. You can sign in with it from now on.');

	const other = await it.visit();
	other.allow(it.emulators.origin);
	await other.open('/sign-in');
	await other.button('Continue with Google').click();
	await other.page.getByRole('button', { name: new RegExp(`Continue as .*${linked}`, 's') }).click();
	await other.arrive(/^\/smiles$/);

	await visitor.isLive();
	await visitor.button('Unlink Google').click();
	await visitor.page.getByRole('alertdialog').getByRole('button', { name: 'Unlink Google' }).click();
	await visitor.sees('Unlinked. Your other ways stay.');
	await expect.poll(() => visitor.button('Link Google').count()).toBe(1);
});

test('somebody in two practices switches without signing out', async () => {
	const { visitor } = await it.visitAsOwner('Praxis Eins');
	await visitor.open('/accounts');
	await inspect(visitor.page, '98-accounts-one');
	await visitor.page.getByLabel('Practice name').fill('Praxis Zwei');
	await visitor.button('Open practice').click();
	await visitor.arrive(/^\/smiles\?opened=without-welcome$/);
	await visitor.page.getByText('Your first practice got them.').waitFor();
	await inspect(visitor.page, '98-opened-without-welcome');
	const menu = visitor.page.locator('.bar details').first();
	await menu.locator('summary').click();
	await menu.getByText('Praxis Zwei').waitFor();
	await visitor.page.getByRole('link', { name: 'Switch practice' }).click();
	await visitor.arrive(/^\/accounts$/);
	await inspect(visitor.page, '99-accounts-two');
	await visitor.button('Open Praxis Eins').click();
	await visitor.arrive(/^\/smiles$/);
	await menu.locator('summary').click();
	await expect.poll(() => menu.locator('.who b').textContent()).toBe('Praxis Eins');
});

test('the settings stand still while they load, and have colours and dates for visitors too', async () => {
	const visitor = await it.visit();
	await visitor.open('/settings');
	await inspect(visitor.page, '89-settings-visitor');
	await visitor.signUp();
	for (const path of [
		'/settings',
		'/settings/security',
		'/settings/mail',
		'/settings/password',
		'/accounts',
		'/prove?next=/settings',
	]) {
		await visitor.open(path);
		await expect.poll(() => visitor.page.evaluate(() => document.fonts.status)).toBe('loaded');
		expect(await layoutShift(visitor.page)).toBeLessThanOrEqual(SHIFT_MAX);
	}
});
