import type { BrowserContext, Locator, Page, Request } from 'playwright-core';

import { watchPage, type Origins } from './watch-page';

/** Longer than any page needs on two busy cores; a test that waits so long has failed. */
const PATIENCE_MS = 30_000;
let people = 0;

/** A person at a browser. What the browser complains about gathers in `findings`. */
export class Visitor {
	readonly context: BrowserContext;
	readonly page: Page;
	readonly findings: readonly string[];
	/** Every request of this browser, the oldest first. */
	readonly requests: readonly Request[];
	readonly #origins: Origins;
	readonly #hasScript: boolean;

	constructor(context: BrowserContext, page: Page, origins: Origins, hasScript: boolean) {
		this.context = context;
		this.page = page;
		this.#origins = origins;
		this.#hasScript = hasScript;
		context.setDefaultTimeout(PATIENCE_MS);
		const watched = watchPage(context, origins);
		this.findings = watched.findings;
		this.requests = watched.requests;
	}

	/** Opens a page of the app and waits until its script, if it has any, listens; answers the status. */
	async open(path: string): Promise<number> {
		const answer = await this.page.goto(`${this.#origins.appOrigin}${path}`);
		await this.isLive();
		return answer?.status() ?? 0;
	}

	/** React has taken the server's page over; at once where a page brings no React or nothing runs it. */
	async isLive(): Promise<void> {
		if (!this.#hasScript) return;
		const deadline = Date.now() + PATIENCE_MS;
		while (!(await this.page.evaluate(listens))) {
			if (Date.now() > deadline) throw new Error(`React never took over ${this.page.url()}.`);
			await this.page.evaluate(() => new Promise(requestAnimationFrame));
		}
	}

	/** The address within the app, once it matches: a form may still be on its way. */
	async arrive(at: RegExp): Promise<string> {
		await this.page.waitForURL((url) => at.test(url.pathname + url.search));
		const { pathname, search } = new URL(this.page.url());
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

	async signIn(account: { email: string; password: string }): Promise<void> {
		await this.page.getByLabel('E-mail').fill(account.email);
		await this.page.getByRole('textbox', { name: 'Password' }).fill(account.password);
		await this.button('Sign in').click();
	}

	/** A new practice through the page; answers how to sign in again. */
	async signUp(name = 'Praxis Nord'): Promise<{ email: string; password: string }> {
		people += 1;
		const account = { email: `person-${people}@practice.example`, password: 'four words are enough' };
		await this.open('/sign-up');
		await this.page.getByLabel('Name').fill(name);
		await this.page.getByLabel('E-mail').fill(account.email);
		await this.page.getByRole('textbox', { name: 'Password' }).fill(account.password);
		await this.button('Create account').click();
		await this.arrive(/^\/(smiles|pictures|pieces)$/);
		return account;
	}

	/** The credits that the header shows. */
	async credits(): Promise<number> {
		return Number(await this.page.locator('.bar .credit b').textContent());
	}
}

/** Runs in the page: React marks each node that it has taken over with a property of its own. */
function listens(): boolean {
	if (document.readyState !== 'complete') return false;
	if (document.querySelector('script[type="module"]') === null) return true;
	const main = document.querySelector('#main');
	return main !== null && Object.keys(main).some((key) => key.startsWith('__reactProps'));
}
