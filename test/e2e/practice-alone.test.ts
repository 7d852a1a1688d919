import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { visitAs } from './support/colleagues';
import { inspect } from './support/inspect';
import { startStudio, type StudioInBrowser } from './support/start-studio';

let it: StudioInBrowser;
beforeAll(async () => {
	it = await startStudio('image');
});
afterEach(() => it.leave());
afterAll(() => it.close());

test('where people work alone there is a profile and a record, and the team’s page says why there is none', async () => {
	const ada = await visitAs(it, await it.signUp('Ada Lindqvist'));
	await ada.open('/practice');
	const parts = ada.page.getByRole('navigation', { name: 'About the account' }).getByRole('link');
	await expect.poll(() => parts.allTextContents()).toEqual(['Profile', 'Record']);
	await ada.sees('Everything but the name may stay empty. Nobody else sees it.');
	await inspect(ada.page, '140-profile-alone');
	for (const path of ['/practice/team', '/practice/roles', '/practice/leave']) {
		expect(await ada.open(path)).toBe(404);
		await ada.sees(/there is no team/);
	}
	expect(await ada.open('/practice/keys')).toBe(404);
	await ada.sees(/has no API keys/);
	await ada.open('/practice/audit');
	await ada.sees('Ada Lindqvist opened the account.');
	await inspect(ada.page, '141-record-alone');
});
