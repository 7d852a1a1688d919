import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { inspect } from './support/inspect';
import { startStudio, type StudioInBrowser } from './support/start-studio';

let it: StudioInBrowser;
beforeAll(async () => {
	it = await startStudio('media');
});
afterEach(() => it.leave());
afterAll(() => it.close());

test('the studio that is not built yet says so, and opens an account', async () => {
	const visitor = await it.visit();
	await visitor.open('/');
	await visitor.heading('To come').waitFor();
	await visitor.sees('The tools are being built. An account can be opened now.');
	await inspect(visitor.page, '70-media-landing');
	await visitor.signUp('Studio Papier');
	await visitor.heading('Nothing can be made here yet').waitFor();
	await inspect(visitor.page, '71-pieces');
	expect(await visitor.open('/smiles')).toBe(404);
});
