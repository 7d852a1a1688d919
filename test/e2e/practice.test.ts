import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { anAddress, givenColleague, invite, linkMailedTo, signUpFromInvitation, visitAs } from './support/colleagues';
import { inspect, shoot } from './support/inspect';
import { tabTo } from './support/keyboard';
import { layoutShift } from './support/layout-shift';
import { startStudio, type StudioInBrowser } from './support/start-studio';
import type { Visitor } from './support/visitor';

/** Of design: nothing jumps while a page loads. */
const SHIFT_MAX = 0.02;

let it: StudioInBrowser;
beforeAll(async () => {
	it = await startStudio();
});
afterEach(() => it.leave());
afterAll(() => it.close());

async function owner(name: string): Promise<Visitor> {
	return visitAs(it, await it.signUp(name));
}

function rowOf(visitor: Visitor, text: string) {
	return visitor.page.getByRole('listitem').filter({ hasText: text });
}

test('a colleague is invited, signs up from the mail, joins with the role, and is out at once when removed', async () => {
	const ada = await owner('Praxis Elbe');
	await ada.open('/practice/team');
	await inspect(ada.page, '110-team-alone');
	const email = anAddress('ben');
	await invite(ada, email, 'Staff');
	await inspect(ada.page, '111-team-invited');

	const ben = await it.visit();
	const link = await linkMailedTo(it, email);
	await ben.page.goto(link);
	await ben.heading('Join Praxis Elbe').waitFor();
	await ben.sees(/Praxis Elbe invites you to work there as staff/, /b…@colleagues\.example/);
	expect(ben.page.url()).not.toContain('#');
	await inspect(ben.page, '112-invitation');
	await signUpFromInvitation(it, ben, { name: 'Ben Ito', email });
	await inspect(ben.page, '113-invitation-signed-in');
	await ben.page.getByRole('checkbox').check();
	await ben.button('Accept').click();
	await ben.arrive(/^\/practice\/team\?done=joined$/);
	await ben.sees('Welcome. You belong to this practice now.');
	await expect.poll(() => rowOf(ben, 'Ben Ito').textContent()).toMatch(/\(you\).*Staff, since/);
	await expect.poll(() => ben.button('Mail the invitation').count()).toBe(0);
	await inspect(ben.page, '114-team-as-staff');

	const token = link.slice(link.indexOf('#') + 1);
	expect(ben.requests.filter((request) => request.url().split('#')[0]?.includes(token))).toEqual([]);

	await ada.open('/practice/team');
	await rowOf(ada, 'Ben Ito')
		.getByRole('link', { name: /^Change/ })
		.click();
	await ada.heading('Ben Ito').waitFor();
	await inspect(ada.page, '115-member');
	await ada.page.getByLabel('Clinician').check();
	await ada.page.getByLabel('Reason (optional)').fill('Passed the exam');
	await ada.button('Change role').click();
	await ada.sees('Role changed. It counts from their next click.');
	await expect.poll(() => rowOf(ada, 'Ben Ito').textContent()).toContain('Clinician');
	await ben.open('/practice/keys');
	await ben.sees('No key works at the moment');

	await rowOf(ada, 'Ben Ito')
		.getByRole('link', { name: /^Change/ })
		.click();
	await ada.page.getByRole('link', { name: 'Remove Ben Ito' }).click();
	await ada.heading('Remove Ben Ito?').waitFor();
	await ada.sees('Access ends at once', 'No API key stops');
	await inspect(ada.page, '116-remove');
	await ada.button('Remove from the practice').click();
	await ada.sees('Removed from the practice. We mailed them.');
	await expect.poll(() => rowOf(ada, 'Ben Ito').count()).toBe(0);

	await ben.open('/practice/team');
	await ben.arrive(/^\/accounts\?next=/);
	await ben.sees('You do not belong to the practice any more that you worked in.');
});

test('an API key is shown once, works, stops when it is revoked, and its page leads through a proof', async () => {
	const client = await it.signUp('Praxis Weser');
	const ada = await visitAs(it, client);
	await ada.open('/practice/keys');
	await inspect(ada.page, '117-keys-empty');
	await ada.page.getByRole('link', { name: 'New key' }).click();
	await ada.heading('New API key').waitFor();
	await ada.page.getByLabel('Name').fill('Practice system');
	await ada.button('Make key').click();
	await ada.sees('Choose at least one thing that the key may do.');
	await inspect(ada.page, '118-key-form-refused');
	await ada.page.getByLabel('See credits and what they were spent on').check();

	// As if the sign-in were an hour old.
	const d1 = await it.edge.d1();
	await d1.prepare('update sessions set created_at = created_at - 3600000, confirmed_at_ms = null').run();
	await ada.button('Make key').click();
	await ada.arrive(/^\/prove\?next=%2Fpractice%2Fkeys%2Fnew$/);
	await ada.page.getByRole('textbox', { name: 'Password' }).fill('a long enough password');
	await ada.button('Go on').click();
	await ada.arrive(/^\/practice\/keys\/new$/);
	await expect.poll(() => ada.page.getByLabel('Name').inputValue()).toBe('Practice system');
	await expect.poll(() => ada.page.getByLabel('See credits and what they were spent on').isChecked()).toBe(true);
	await ada.button('Make key').click();
	await ada.sees('It is shown this once');
	await inspect(ada.page, '119-key-made');
	const key = await ada.page.getByLabel('Key', { exact: true }).inputValue();
	await ada.context.grantPermissions(['clipboard-read', 'clipboard-write']);
	await ada.button('Copy').click();
	await ada.sees('Copied.');
	expect(await ada.page.evaluate(() => navigator.clipboard.readText())).toBe(key);
	const ask = () => fetch(`${it.edge.appOrigin}/v1/credits`, { headers: { authorization: `Bearer ${key}` } });
	expect((await ask()).status).toBe(200);
	expect(ada.requests.filter((request) => request.url().includes(key))).toEqual([]);
	expect(JSON.stringify(await ada.context.cookies())).not.toContain(key);

	await ada.page.getByRole('link', { name: 'I have put it away' }).click();
	await ada.sees(`ak_…${key.slice(-4)}`, /Last used in the hour of/);
	await expect.poll(() => ada.page.content()).not.toContain(key);
	await inspect(ada.page, '120-keys');
	await ada.button('Revoke Practice system').click();
	const dialog = ada.page.getByRole('alertdialog');
	await dialog.waitFor();
	await inspect(ada.page, '121-key-revoke');
	await dialog.getByRole('button', { name: 'Revoke Practice system' }).click();
	await ada.sees('Key revoked. Its next request is refused.');
	expect((await ask()).status).toBe(401);
	await ada.page.getByRole('heading', { name: 'Ended' }).waitFor();
});

test('the record says who did what, and filters by person, thing and day', async () => {
	const ada = await owner('Praxis Main');
	await ada.open('/practice/audit');
	await ada.sees('Praxis Main opened the practice.');
	const { visitor: ben } = await givenColleague(it, ada, { name: 'Ben Ito', role: 'Staff' });
	await ada.open('/practice/audit');
	await ada.sees('Ben Ito joined as staff.', 'Praxis Main read this record.', /Linux/);
	await inspect(ada.page, '122-record');
	await ada.page.getByLabel('What').selectOption('Joined');
	await ada.button('Filter').click();
	await ada.arrive(/what=member\.joined/);
	await expect.poll(() => ada.page.locator('.entries > li').count()).toBe(1);
	await ada.sees('Ben Ito joined as staff.');
	await ada.page.getByLabel('Until').fill('2020-01-01');
	await ada.button('Filter').click();
	await ada.sees('Nothing fits this filter');
	await inspect(ada.page, '123-record-filtered');
	await ada.page.getByRole('link', { name: 'Show everything' }).click();
	await ada.sees('Ben Ito joined as staff.');

	await ben.open('/practice/audit');
	await ben.sees('Not part of your role');
	await inspect(ben.page, '124-record-refused');
});

test('the profile is saved in place, and the logo is chosen, replaced and removed', async () => {
	const ada = await owner('Praxis Lahn');
	await ada.open('/practice');
	await ada.page.getByLabel('Website').fill('lahn.example');
	await ada.page.getByLabel('Address').fill('Am Ufer 1\n35037 Marburg');
	await inspect(ada.page, '125-profile');
	await ada.button('Save profile').click();
	await ada.sees('Profile saved.');
	await expect.poll(() => ada.page.getByLabel('Website').inputValue()).toBe('https://lahn.example');
	await ada.page.getByLabel('Website').fill('javascript:alert(1)');
	await ada.button('Save profile').click();
	await ada.sees(/A website begins with https/);
	await inspect(ada.page, '126-profile-refused');

	await ada.page.locator('input[type=file]').setInputFiles('public/samples/mara.jpg');
	await ada.sees('Logo saved.');
	const logo = ada.page.getByRole('img', { name: 'Logo of Praxis Lahn' });
	await expect.poll(() => logo.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);
	await inspect(ada.page, '127-profile-logo');
	await ada.button('Remove logo').click();
	await ada.page.getByRole('alertdialog').getByRole('button', { name: 'Remove logo' }).click();
	await ada.sees('No logo yet');

	const { visitor: ben } = await givenColleague(it, ada, { name: 'Bea Ost', role: 'Billing' });
	await ben.open('/practice');
	await ben.sees('Only the owner changes name, profile and logo: ask Praxis Lahn.', '35037 Marburg');
	await expect.poll(() => ben.page.getByRole('textbox').count()).toBe(0);
	await inspect(ben.page, '128-profile-read');
	await ben.open('/practice/leave');
	await inspect(ben.page, '129-leave');
	await ben.button('Leave the practice').click();
	await ben.arrive(/^\/accounts/);
});

test('ownership is handed over, and whoever has two practices changes between them', async () => {
	const ada = await owner('Praxis Ruhr');
	const { visitor: ben } = await givenColleague(it, ada, { name: 'Ben Ito', role: 'Clinician' });
	await ada.open('/practice/owner');
	await inspect(ada.page, '130-hand-over');
	await ada.page.getByLabel('New owner').selectOption({ label: 'Ben Ito, clinician' });
	await ada.button('Hand the practice over').click();
	await ada.arrive(/^\/practice\/team\?done=owner$/);
	await ada.sees('Handed over. You are a clinician in this practice now.');
	await expect.poll(() => ada.button('Mail the invitation').count()).toBe(0);
	await ben.open('/practice/team');
	await expect.poll(() => ben.button('Mail the invitation').count()).toBe(1);

	await ada.open('/accounts');
	await ada.page.getByLabel('Practice name').fill('Praxis Sieg');
	await ada.button('Open practice').click();
	await ada.arrive(/^\/smiles/);
	await ada.open('/practice/team');
	await ada.heading('Praxis Sieg').waitFor();
	await ada.sees('You alone, so far');
	await ada.open('/accounts');
	await ada.button('Open Praxis Ruhr').click();
	await ada.arrive(/^\/smiles/);
	await ada.open('/practice/team');
	await ada.heading('Praxis Ruhr').waitFor();
});

test('an invitation that is for somebody else, taken back or unknown says so, with and without script', async () => {
	const ada = await owner('Praxis Saar');
	const email = anAddress('cleo');
	await invite(ada, email, 'Billing');
	const link = await linkMailedTo(it, email);

	const other = await owner('Praxis Nahe');
	await other.page.goto(link);
	await other.sees('This invitation is for c…@colleagues.example');
	await inspect(other.page, '131-invitation-other');
	await other.button('Sign in with another address').click();
	await other.arrive(/^\/sign-in\?next=(%2F|\/)invitations$/);
	await other.open('/invitations');
	await other.heading('Join Praxis Saar').waitFor();

	const plain = await it.visit({ javaScriptEnabled: false });
	await plain.open('/invitations');
	await shoot(plain.page, '132-invitation-paste-no-script');
	await plain.page.getByLabel('Link of the invitation').fill('https://example.com/');
	await plain.button('Open invitation').click();
	await plain.sees(/This is not the link of an invitation/);
	await plain.page.getByLabel('Link of the invitation').fill(link);
	await plain.button('Open invitation').click();
	await plain.arrive(/^\/invitations$/);
	await plain.heading('Join Praxis Saar').waitFor();
	expect(plain.requests.filter((request) => request.url().includes(link.slice(link.indexOf('#') + 1)))).toEqual([]);

	await ada.button('Revoke invitation').click();
	await ada.page.getByRole('alertdialog').getByRole('button', { name: 'Revoke invitation' }).click();
	await ada.sees('Nobody is invited at the moment.');
	await plain.open('/invitations');
	await plain.heading('This invitation was taken back').waitFor();
	await shoot(plain.page, '133-invitation-revoked-no-script');
});

test('the pages stand still, can be reached by keyboard, and the roles are a table or a list', async () => {
	const ada = await owner('Praxis Eder');
	const shifts: [path: string, shift: number][] = [];
	for (const path of [
		'/practice',
		'/practice/team',
		'/practice/roles',
		'/practice/keys',
		'/practice/audit',
		'/practice/keys/new',
	]) {
		await ada.open(path);
		await expect.poll(() => ada.page.evaluate(() => document.fonts.status)).toBe('loaded');
		shifts.push([path, await layoutShift(ada.page)]);
	}
	expect(shifts.filter(([, shift]) => shift > SHIFT_MAX)).toEqual([]);
	for (const width of [320, 560, 840]) {
		await ada.page.setViewportSize({ width, height: 900 });
		const overflow = await ada.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
		expect([width, overflow]).toEqual([width, 0]);
	}
	await ada.open('/practice/roles');
	await inspect(ada.page, '134-roles');
	const cell = ada.page.getByRole('row', { name: /^Delete what was made/ }).getByRole('cell');
	await expect.poll(() => cell.allTextContents()).toEqual(['Yes', 'Yes', 'No', 'No']);

	await ada.open('/practice/team');
	await tabTo(ada.page, 'E-mail');
	await ada.page.keyboard.type(anAddress('dora'));
	await tabTo(ada.page, 'Staff');
	await ada.page.keyboard.press('ArrowDown');
	await ada.page.keyboard.press('Enter');
	await ada.sees(/^Invitation mailed to/);
	await ada.sees(/^Billing, invited by/);
});

test('without script the profile is saved, somebody is invited, a key is made and the record filtered', async () => {
	const ada = await visitAs(it, await it.signUp('Praxis Oste'), { javaScriptEnabled: false });
	const { page } = ada;
	await ada.open('/practice');
	await page.getByLabel('Phone').fill('04761 1234');
	await ada.button('Save profile').click();
	await ada.sees('Profile saved.');
	await expect.poll(() => page.getByLabel('Phone').inputValue()).toBe('04761 1234');

	const email = anAddress('emil');
	await invite(ada, email, 'Staff');
	await ada.button('Revoke invitation').click();
	await ada.sees('Nobody is invited at the moment.');

	await ada.open('/practice/keys/new');
	await page.getByLabel('Name').fill('Practice system');
	await page.getByLabel('Read deletion receipts').check();
	await ada.button('Make key').click();
	await ada.sees('It is shown this once');
	const key = await page.getByLabel('Key', { exact: true }).inputValue();
	expect(key).toMatch(/^ak_/);
	await ada.open('/practice/keys');
	expect(await page.content()).not.toContain(key);
	await ada.button('Revoke Practice system').click();
	await ada.sees('Key revoked. Its next request is refused.');

	await ada.open('/practice/audit');
	await page.getByLabel('What').selectOption('API key revoked');
	await ada.button('Filter').click();
	await ada.sees('Praxis Oste revoked the API key “Practice system”.');
	await expect.poll(() => page.locator('.entries > li').count()).toBe(1);
	await shoot(page, '135-record-no-script');
});
