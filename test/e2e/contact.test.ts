import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

import { inspect } from './support/inspect';
import { startStudio, type StudioInBrowser } from './support/start-studio';
import type { Visitor } from './support/visitor';

let it: StudioInBrowser;
beforeAll(async () => {
	it = await startStudio();
});
afterEach(() => it.leave());
afterAll(() => it.close());

/** The newest link to a conversation that was mailed to an address. */
async function linkMailedTo(email: string, subject: RegExp): Promise<string> {
	let link: string | undefined;
	await expect
		.poll(async () => {
			await it.edge.runCron();
			const mail = it.emulators.mail.messages().find((each) => each.to.includes(email) && subject.test(each.subject));
			link = /https?:\/\/\S+\/contact\/tkt_\w+#[\w-]+/.exec(mail?.text ?? '')?.[0];
			return link;
		})
		.toBeDefined();
	return link ?? '';
}

async function operate(path: string, body?: object): Promise<unknown> {
	const answer = await fetch(`${it.edge.appOrigin}/v1/operations${path}`, {
		method: body === undefined ? 'GET' : 'POST',
		headers: {
			authorization: `Bearer ${it.edge.secrets['OPERATOR_KEY'] ?? ''}`,
			...(body === undefined ? {} : { 'content-type': 'application/json' }),
		},
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
	});
	expect(answer.status).toBe(200);
	return answer.json();
}

async function write(visitor: Visitor, { subject, words }: { subject: string; words: string }): Promise<void> {
	await visitor.page.getByLabel('Subject').fill(subject);
	await visitor.page.getByLabel('Message').fill(words);
	await visitor.button('Send message').click();
}

test('a stranger writes without script, opens the mailed link, and the conversation goes to and fro', async () => {
	const without = await it.visit({ javaScriptEnabled: false });
	const email = without.newAddress();
	await without.open('/contact');
	await without.page.getByLabel('Your e-mail address').fill('not an address');
	await without.page
		.locator('main form')
		.first()
		.evaluate((form: HTMLFormElement) => (form.noValidate = true));
	await write(without, { subject: 'The video is green', words: 'All three.\nWhy?' });
	await without.sees('This is no e-mail address. Type one that you read.');
	expect(await without.page.getByLabel('Message').inputValue()).toBe('All three.\nWhy?');
	await without.page.getByLabel('Your e-mail address').fill(email);
	await without.button('Send message').click();
	await without.arrive(/^\/contact\?done=sent$/);
	await without.sees('Your message is here');

	const link = await linkMailedTo(email, /We have your message/);
	const visitor = await it.visit();
	await visitor.page.goto(link);
	await visitor.heading('The video is green').waitFor();
	await visitor.sees('Waits for us', 'All three.');
	expect(visitor.page.url()).not.toContain('#');
	for (const request of visitor.requests) expect(request.url()).not.toContain(link.split('#')[1]);

	const ticketId = /tkt_\w+/.exec(link)?.[0] ?? '';
	await operate(`/tickets/${ticketId}/reply`, { words: 'Turn the light on.', key: 'k-1' });
	expect(await linkMailedTo(email, /An answer to your message/)).toBe(link);
	await visitor.open(`/contact/${ticketId}`);
	await visitor.sees('Answered', 'Turn the light on.', 'Dental Diffusion');
	await inspect(visitor.page, '81-conversation');

	await visitor.page.getByLabel('Message').fill('It helped.');
	await visitor.button('Send message').click();
	await visitor.sees('It helped.', 'Waits for us');
	await expect.poll(() => visitor.page.getByLabel('Message').inputValue()).toBe('');
	await visitor.button('Close conversation').click();
	await visitor.sees('It is deleted with its key', 'Closed');
	await inspect(visitor.page, '82-conversation-closed');
	await visitor.button('Open again').click();
	await visitor.sees('Waits for us');
	await visitor.button('Forget this conversation on this device').click();
	await visitor.arrive(/^\/contact$/);

	await visitor.open(`/contact/${ticketId}`);
	await visitor.heading('Open a conversation').waitFor();
	await inspect(visitor.page, '83-conversation-paste');
	await visitor.page.getByLabel('Link of the conversation').fill(link);
	await visitor.button('Open conversation').click();
	await visitor.heading('The video is green').waitFor();
});

test('who is signed in is not asked for an address, and finds their conversations without a link', async () => {
	const stranger = await it.visit();
	await stranger.open('/contact');
	await stranger.sees('What happens with it', '2 years after it is closed');
	await inspect(stranger.page, '80-contact');

	const { visitor, account } = await it.visitAsOwner();
	await visitor.open('/contact');
	await visitor.page.locator('main').getByText(account.email).waitFor();
	expect(await visitor.page.getByLabel('Your e-mail address').count()).toBe(0);
	await write(visitor, { subject: 'Change the name of the practice', words: 'To Praxis Süd.' });
	await visitor.arrive(/^\/contact\/tkt_\w+$/);
	await visitor.sees('To Praxis Süd.');
	await visitor.open('/contact');
	await visitor.page.getByRole('link', { name: 'Change the name of the practice' }).waitFor();
	await inspect(visitor.page, '84-contact-signed-in');

	const Page = z.object({ items: z.array(z.object({ id: z.string(), subject: z.string() })) });
	const waiting = Page.parse(await operate('/tickets'));
	expect(waiting.items.map(({ subject }) => subject)).toContain('Change the name of the practice');
	await stranger.open(`/contact/${waiting.items.find(({ subject }) => subject.startsWith('Change'))?.id ?? ''}`);
	await stranger.heading('Open a conversation').waitFor();
});
