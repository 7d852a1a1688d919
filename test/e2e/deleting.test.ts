import { randomUUID } from 'node:crypto';

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { inspect } from './support/inspect';
import { startStudio, type StudioInBrowser } from './support/start-studio';

let it: StudioInBrowser;
beforeAll(async () => {
	it = await startStudio();
});
afterEach(() => it.leave());
afterAll(() => it.close());

test('an account is deleted by typing its address, and its receipt is read without a sign-in', async () => {
	const { visitor, account } = await it.visitAsOwner();
	const { page } = visitor;
	await visitor.open('/privacy/delete');
	await visitor.sees('Praxis Nord, with everything in it');
	await inspect(page, '96-delete-account');
	await page.getByLabel('Your e-mail address').fill('somebody@else.test');
	await page.getByRole('button', { name: 'Delete my account and its practice' }).click();
	await visitor.sees(`Type ${account.email}, the address of this account.`);
	await page.getByLabel('Your e-mail address').fill(account.email);
	await page.getByRole('button', { name: 'Delete my account and its practice' }).click();
	await page.waitForURL(/\/erasures\/ers_/);
	const address = new URL(page.url()).pathname;

	// Whoever has the number sees it, and nobody else has to sign in for it.
	const stranger = await it.visit();
	await expect
		.poll(
			async () => {
				await stranger.open(address);
				return stranger.page.getByText('Everything we held about you was erased by').count();
			},
			{ interval: 1_000 },
		)
		.toBe(1);
	await stranger.sees('Signature checked just now');
	await inspect(stranger.page, '98-erased');
	const file = await stranger.page.request.get(`${new URL(page.url()).origin}${address}/receipt`);
	expect(await file.json()).toMatchObject({ body: { kind: 'person_erased' } });
	const session = await page.request.get(`${new URL(page.url()).origin}/v1/session`);
	expect(await session.json()).toMatchObject({ signedIn: false });
});

test('an erasure that something holds up says what, place by place', async () => {
	const { visitor, account } = await it.visitAsOwner();
	const { page } = visitor;
	const d1 = await it.edge.d1();
	await d1
		.prepare(
			"insert into legal_holds (id, target_kind, target_id, matter, placed_at_ms) select ?, 'person', id, '2026-1', 1 from users where email = ?",
		)
		.bind(`lgh_${randomUUID()}`, account.email)
		.run();
	await visitor.open('/privacy/delete');
	await page.getByLabel('Your e-mail address').fill(account.email);
	await page.getByRole('button', { name: /^Delete my account/ }).click();
	await page.waitForURL(/\/erasures\/ers_/);
	await expect
		.poll(
			async () => {
				await page.reload();
				return page.getByText('Held up by: A legal hold').count();
			},
			{ interval: 1_000 },
		)
		.toBe(1);
	await visitor.sees('Your account is not erased yet');
	await inspect(page, '97-erasure-held');
});

test('a form sent without script that names nobody changes nothing', async () => {
	const { visitor } = await it.visitAsOwner();
	const still = await it.visit({ storageState: await visitor.context.storageState(), javaScriptEnabled: false });
	await still.open('/privacy/delete');
	await still.page.getByLabel('Your e-mail address').fill('nobody@else.test');
	await still.page.getByRole('button', { name: /^Delete my account/ }).click();
	await still.sees('the address of this account.');
	await visitor.open('/settings');
	await expect.poll(() => visitor.page.getByRole('heading', { name: 'Settings' }).count()).toBe(1);
});
