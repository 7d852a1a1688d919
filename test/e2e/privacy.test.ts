import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { inspect } from './support/inspect';
import { startStudio, type StudioInBrowser } from './support/start-studio';

let it: StudioInBrowser;
beforeAll(async () => {
	it = await startStudio();
});
afterEach(() => it.leave());
afterAll(() => it.close());

async function mailedLink(address: string): Promise<string> {
	const find = () => /https?:\S+\/privacy\/requests\/\S+#[\w-]+/.exec(textsTo(address).join('\n'))?.[0] ?? '';
	await expect.poll(find).not.toBe('');
	return find();
}

function textsTo(address: string): string[] {
	return it.emulators.mail
		.messages()
		.filter(({ to }) => to.includes(address))
		.map(({ text }) => text ?? '');
}

test('the privacy centre shows what is held, makes a copy, and restricts until it is lifted', async () => {
	const { visitor } = await it.visitAsOwner();
	const { page } = visitor;
	await visitor.open('/privacy');
	await visitor.sees('Your account', 'Kept until you delete it.', 'Sign-ins');
	await visitor.button('Make a copy').click();
	await visitor.sees('The copy is being made. We mail you when it is ready.');
	const download = page.getByRole('link', { name: /^Download/ });
	await download.waitFor();
	await visitor.button('Restrict processing').click();
	await visitor.sees('Restrict processing in the whole practice?');
	await page.getByRole('alertdialog').getByRole('button', { name: 'Restrict processing' }).click();
	await visitor.sees('Processing is restricted from now on.', 'Processing is restricted');
	await inspect(page, '95-privacy');
	const [file] = await Promise.all([page.waitForEvent('download'), download.click()]);
	expect(file.suggestedFilename()).toMatch(/^dental-data-.*\.zip$/);

	await visitor.open('/smiles');
	await visitor.sees('Processing is restricted');
	await page.getByRole('link', { name: 'Lift it under Privacy' }).click();
	await visitor.arrive(/^\/privacy/);
	await visitor.button('Lift the restriction').click();
	await page.getByRole('alertdialog').getByRole('button', { name: 'Lift the restriction' }).click();
	await visitor.sees('The restriction is lifted.');
	await expect.poll(() => page.getByText('Processing is restricted', { exact: true }).count()).toBe(0);
});

test('objecting turns all of it off and leaves a request that is answered by a person', async () => {
	const { visitor, account } = await it.visitAsOwner();
	await visitor.open('/privacy/object');
	await inspect(visitor.page, '96-object');
	await visitor.button('Object').click();
	await visitor.arrive(/^\/privacy/);
	await visitor.sees('Stop using it for something', 'being looked at');
	const { results } = await (
		await it.edge.d1()
	)
		.prepare('SELECT choice FROM choices WHERE user_id = (SELECT id FROM users WHERE email = ?)')
		.bind(account.email)
		.all();
	expect(results.map((row) => row['choice'])).toEqual(['denied', 'denied', 'denied', 'denied', 'denied']);
});

test('somebody without an account asks without script, confirms by the mailed link, and sees how it stands', async () => {
	const still = await it.visit({ javaScriptEnabled: false });
	const email = still.newAddress();
	await still.open('/privacy/request?right=erase');
	await still.page.getByLabel('Your name').fill('Mara Sample');
	await still.page.getByLabel('Who are you to us?').fill('a patient of Praxis Nord');
	await still.page.getByLabel('E-mail').fill(email);
	await still.page.getByLabel('What is it about?').fill('The picture of 3 November.');
	await still.button('Send request').click();
	await still.heading('Look into your mailbox').waitFor();
	// What was written stays on no page that somebody else may look at next.
	expect(await still.page.content()).not.toContain('The picture of');
	const link = await mailedLink(email);

	const visitor = await it.visit();
	await visitor.open('/privacy/request');
	await inspect(visitor.page, '97-request');
	await visitor.page.goto(link);
	await visitor.sees('being looked at', 'Delete what you hold about me');
	expect(new URL(visitor.page.url()).hash).toBe('');
	await inspect(visitor.page, '98-request-status');

	await still.open(new URL(link).pathname);
	await still.page.getByLabel('Link of the request').fill(link);
	await still.button('Open request').click();
	await still.page.getByText('being looked at').waitFor();
	await expect.poll(() => textsTo(email).some((text) => text.includes('looks at your request'))).toBe(true);
});

test('a form that lacks something says what, beside it, and keeps what was typed', async () => {
	const still = await it.visit({ javaScriptEnabled: false });
	await still.open('/privacy/request');
	const answer = await still.page.request.post(`${it.edge.appOrigin}/privacy/request`, {
		form: { right: 'access', name: '', who: 'a patient', email: 'no address', words: 'kept words' },
		headers: { origin: it.edge.appOrigin },
	});
	expect(answer.status()).toBe(400);
	const html = await answer.text();
	expect(html).toContain('Type your name.');
	expect(html).toContain('kept words');
});
