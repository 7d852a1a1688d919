import { expect } from 'vitest';

import type { ApiClient } from '../../../scripts/start/api-client';
import { readCode } from '../../../scripts/start/read-code';
import type { StudioInBrowser } from './start-studio';
import type { Visitor } from './visitor';

const PASSWORD = 'four words are enough';
let people = 0;

/** A browser that is signed in as somebody whom the api knows already. */
export async function visitAs(
	it: StudioInBrowser,
	client: ApiClient,
	options: Parameters<StudioInBrowser['visit']>[0] = {},
): Promise<Visitor> {
	const visitor = await it.visit(options);
	await visitor.signInAs(client);
	return visitor;
}

/** An address that nobody has yet. */
export function anAddress(name: string): string {
	people += 1;
	return `${name}-${people}@colleagues.example`;
}

/** Mails an invitation through the team's page; it stands in its list afterwards. */
export async function invite(owner: Visitor, email: string, role: string): Promise<void> {
	await owner.open('/practice/team');
	await owner.page.getByLabel('E-mail').fill(email);
	await owner.page.getByLabel(role).check();
	await owner.button('Mail the invitation').click();
	await owner.sees(`Invitation mailed to ${email}.`);
}

/** The newest link that was mailed to an address, as the mail shows it. */
export async function linkMailedTo(it: StudioInBrowser, email: string): Promise<string> {
	let link: string | undefined;
	await expect
		.poll(() => {
			const mail = it.emulators.mail
				.messages()
				.find(({ to, text }) => to.includes(email) && text?.includes('/invitations#'));
			link = /https?:\/\/\S+\/invitations#[\w-]+/.exec(mail?.text ?? '')?.[0];
			return link;
		})
		.toBeDefined();
	return link ?? '';
}

/** From the invitation's page through sign-up and the mailed code back to the invitation. */
export async function signUpFromInvitation(
	it: StudioInBrowser,
	visitor: Visitor,
	who: { name: string; email: string },
) {
	const { page } = visitor;
	await page.getByRole('link', { name: 'Create account' }).click();
	await visitor.arrive(/^\/sign-up\?next=%2Finvitations$|^\/sign-up\?next=\/invitations$/);
	await page.getByLabel('Your name').fill(who.name);
	await page.getByLabel('E-mail').fill(who.email);
	await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
	await visitor.button('Create account').click();
	await visitor.arrive(/^\/sign-up\/code/);
	await page.getByLabel('Code').fill(await readCode(it.edge, who.email));
	await visitor.button('Confirm address').click();
	await visitor.arrive(/^\/invitations$/);
}

/** A colleague who was invited and has accepted, in a browser of their own. */
export async function givenColleague(
	it: StudioInBrowser,
	owner: Visitor,
	{ name, role }: { name: string; role: string },
): Promise<{ visitor: Visitor; email: string }> {
	const email = anAddress('colleague');
	await invite(owner, email, role);
	const visitor = await it.visit();
	await visitor.page.goto(await linkMailedTo(it, email));
	await visitor.heading(/^Join /).waitFor();
	await signUpFromInvitation(it, visitor, { name, email });
	await visitor.page.getByRole('checkbox').check();
	await visitor.button('Accept').click();
	await visitor.arrive(/^\/practice\/team\?done=joined$/);
	return { visitor, email };
}
