import { drizzle } from 'drizzle-orm/d1';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { policyAcceptances } from '../../schema/policy';
import { CLAIMS } from '../../studios/policy/claims/all';
import { inspect } from './support/inspect';
import { startStudio, type StudioInBrowser } from './support/start-studio';

let it: StudioInBrowser;
beforeAll(async () => {
	it = await startStudio();
});
afterEach(() => it.leave());
afterAll(() => it.close());

test('the policy shows each promise with its state, and leads to what shows it', async () => {
	const visitor = await it.visit();
	await visitor.open('/policy');
	const { page } = visitor;
	await visitor.sees('What we promise', 'A draft: no counsel has read it yet.', 'Who answers for it', 'fal.ai');
	expect(await page.locator('.claim').count()).toBe(CLAIMS.dental.length);

	await page.getByRole('link', { name: 'How we check, DD-25', exact: true }).click();
	await visitor.sees('What keeps it', 'workers/core/retention/sweep.ts', 'What shows it');
	await inspect(page, '40-policy-claim');
	await visitor.open('/policy/versions');
	await visitor.sees('What changed', 'The first text.');
	await inspect(page, '40-policy-versions');
	expect(await visitor.open('/policy/claims/DD-999')).toBe(404);
	const machine = await page.request.get(`${it.edge.appOrigin}/policy.json`);
	expect([machine.status(), (await machine.json()).claims.length]).toEqual([200, CLAIMS.dental.length]);
});

test('whoever has not accepted is told on every page, accepts without script, and is led back', async () => {
	const { client } = await it.openPractice('Praxis Nord');
	await drizzle(await it.edge.d1()).delete(policyAcceptances);
	const visitor = await it.visit({ javaScriptEnabled: false });
	await visitor.signInAs(client);
	await visitor.open('/credits');
	await visitor.sees('The privacy policy has changed');
	await visitor.page.getByRole('link', { name: 'Read and accept it' }).click();
	await visitor.button('Accept the policy').click();
	await expect.poll(() => new URL(visitor.page.url()).pathname).toBe('/credits');
	expect(await visitor.page.getByText('The privacy policy has changed').count()).toBe(0);
});
