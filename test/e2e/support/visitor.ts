import { setTimeout as sleep } from 'node:timers/promises';

import type { BrowserContext, Locator, Page, Request } from 'playwright-core';

import type { ApiClient } from '../../../scripts/start/api-client';
import { watchPage, type Origins } from './watch-page';

/** Longer than any page needs on two busy cores; a test that waits so long has failed. */
const PATIENCE_MS = 90_000;
const LOOK_EVERY_MS = 15;
/** Of what a page says: enough to know where somebody stood. */
const TOLD_CHARACTERS = 600;
/** A page that does not answer by then is told of as one. */
const TELL_MS_MAX = 5_000;
/** Long, and in no list of stolen ones. */
export const PASSWORD = 'four words are enough';
let people = 0;

/** Reads the code of the newest mail to an address. */
type CodeReader = (email: string) => Promise<string>;

/** A person at a browser. What the browser complains about gathers in `findings`. */
export class Visitor {
	readonly context: BrowserContext;
	readonly page: Page;
	readonly findings: readonly string[];
	/** Every request of this browser, the oldest first. */
	readonly requests: readonly Request[];
	/** Expects to be led to this site. */
	readonly allow: (origin: string) => void;
	readonly #origins: Origins;
	readonly #hasScript: boolean;
	readonly #codeFor: CodeReader;

	constructor(context: BrowserContext, page: Page, origins: Origins, hasScript: boolean, codeFor: CodeReader) {
		this.context = context;
		this.page = page;
		this.#origins = origins;
		this.#hasScript = hasScript;
		this.#codeFor = codeFor;
		context.setDefaultTimeout(PATIENCE_MS);
		const watched = watchPage(context, origins);
		this.findings = watched.findings;
		this.requests = watched.requests;
		this.allow = watched.allow;
	}

	/** Opens a page of the app and waits until its script, if it has any, listens; answers the status. */
	async open(path: string): Promise<number> {
		const answer = await this.page.goto(`${this.#origins.appOrigin}${path}`);
		await this.isLive();
		return answer?.status() ?? 0;
	}

	/** React has taken the server's page over and shows what the address says; at once where a page brings no React or nothing runs it. */
	async isLive(): Promise<void> {
		if (!this.#hasScript) return;
		const deadline = Date.now() + PATIENCE_MS;
		while (!(await this.#showsItsAddress())) {
			if (Date.now() > deadline) throw new Error(`${this.page.url()} was never shown as a whole.`);
			await sleep(LOOK_EVERY_MS);
		}
	}

	/** A page that is just being left cannot be asked. */
	#showsItsAddress(): Promise<boolean> {
		return this.page.evaluate(showsItsAddress).catch((error: unknown) => {
			if (error instanceof Error && /context was destroyed|navigat/i.test(error.message)) return false;
			throw error;
		});
	}

	/** The address within the app, once it matches and its page is shown: a form may still be on its way. */
	async arrive(at: RegExp): Promise<string> {
		await this.page.waitForURL((url) => at.test(url.pathname + url.search));
		const { pathname, search } = new URL(this.page.url());
		await this.isLive();
		return pathname + search;
	}

	button(name: string | RegExp): Locator {
		return this.page.getByRole('button', { name });
	}

	heading(name: string | RegExp): Locator {
		return this.page.getByRole('heading', { name });
	}

	async sees(...texts: readonly (string | RegExp)[]): Promise<void> {
		for (const text of texts) await this.page.getByText(text).first().waitFor();
	}

	/** What the page shows, in a few lines: for whoever reads why a test failed. */
	async tellsWhatItShows(): Promise<string> {
		const silence = sleep(TELL_MS_MAX).then(() => 'a page that does not answer');
		const told = this.page.evaluate(whatIsShown).catch((error: unknown) => String(error));
		return `${this.page.url()}\n${(await Promise.race([told, silence])).slice(0, TOLD_CHARACTERS)}`;
	}

	/** An address that nobody has used. */
	newAddress(): string {
		people += 1;
		return `person-${people}@practice.example`;
	}

	/** Types the code that was mailed to this address; `label` is the field's. */
	async typeCode(email: string, label = 'Code'): Promise<void> {
		await this.page.getByLabel(label, { exact: true }).fill(await this.#codeFor(email));
	}

	/** Takes over the session of somebody whom the api knows already. */
	async signInAs(client: ApiClient): Promise<void> {
		await this.context.addCookies(
			client.cookie.split('; ').map((pair) => {
				const at = pair.indexOf('=');
				return { name: pair.slice(0, at), value: pair.slice(at + 1), url: this.#origins.appOrigin };
			}),
		);
	}

	async signIn(account: { email: string; password: string }): Promise<void> {
		await this.page.getByLabel('E-mail').fill(account.email);
		await this.page.getByRole('textbox', { name: 'Password' }).fill(account.password);
		await this.button(/^Sign in$/).click();
	}

	/** A new practice, or account, through the pages: the address is confirmed by its code. Answers how to sign in again. */
	async signUp(name = 'Praxis Nord'): Promise<{ email: string; password: string }> {
		const account = { email: this.newAddress(), password: PASSWORD };
		await this.open('/sign-up');
		await this.fillSignUp({ ...account, name });
		await this.button('Create account').click();
		await this.arrive(/^\/sign-up\/code$/);
		await this.isLive();
		await this.typeCode(account.email);
		await this.button('Confirm address').click();
		await this.arrive(/^\/(smiles|pictures|pieces)$/);
		return account;
	}

	/** The form alone, with what the studio asks besides. */
	async fillSignUp(person: { email: string; password: string; name: string }): Promise<void> {
		const { page } = this;
		await page.getByLabel('Your name').fill('Mara Demo');
		const practice = page.getByLabel('Practice name');
		if ((await practice.count()) > 0) await practice.fill(person.name);
		await page.getByLabel('E-mail').fill(person.email);
		await page.getByRole('textbox', { name: 'Password' }).fill(person.password);
		const statement = page.locator('input[name=statement]');
		if ((await statement.count()) > 0) await statement.check();
	}

	/** The credits that the header shows. */
	async credits(): Promise<number> {
		return Number(await this.page.locator('.bar .credit b').textContent());
	}
}

/** Runs in the page: title, headings, what has the focus, and the words of the page's part that is its own, a line each. */
function whatIsShown(): string {
	const headings = [...document.querySelectorAll('h1, h2, h3')].map((heading) => heading.textContent);
	const main = document.querySelector<HTMLElement>('main') ?? document.body;
	const told = [
		['title', document.title],
		['headings', headings.join(' | ')],
		['focus', document.activeElement?.outerHTML.slice(0, 80) ?? ''],
		['text', main.innerText],
	];
	return told.map(([part, words = '']) => `${part}: ${words.replaceAll(/\s+/g, ' ').trim()}`).join('\n');
}

/**
 * Runs in the page. React marks each node that it has taken over, and its root tells what it has still to draw: Remix changes the
 * address first, and for a moment the page of before stands below the new one.
 */
function showsItsAddress(): boolean {
	if (document.readyState !== 'complete') return false;
	if (document.querySelector('script[type="module"]') === null) return true;
	const main = document.querySelector('#main');
	// A part that is loaded on demand is taken over after the page around it: its forms tell.
	const parts = [main, ...document.querySelectorAll('#main form, #main button')];
	if (!parts.every((part) => part !== null && Object.keys(part).some((key) => key.startsWith('__reactProps'))))
		return false;
	const { __remixRouter: router } = window as unknown as {
		__remixRouter?: { state: { navigation: { state: string } } };
	};
	if (router?.state.navigation.state !== 'idle') return false;
	const root: unknown = Object.entries(document).find(([key]) => key.startsWith('__reactContainer'))?.[1];
	return (root as { stateNode: { pendingLanes: number } }).stateNode.pendingLanes === 0;
}
