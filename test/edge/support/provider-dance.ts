import type { z } from 'zod';

import { CookieJar } from '../../../scripts/start/cookie-jar';
import { SessionAnswer } from '../../../workers/api/contract';
import { WayVisit } from '../../../workers/api/contract/ways';
import type { SignInProvider } from '../../../workers/core/gateways/sign-in/sign-in-gateway';

export type ConsentForm = Record<string, string>;

/** A browser that is led between our pages and a provider's, with our cookies and by its own rules about them. */
export class Traveller {
	readonly origin: string;
	readonly cookies = new CookieJar();
	/** Every address that it was led to on our site. */
	readonly seen: string[] = [];

	constructor(origin: string) {
		this.origin = origin;
	}

	async send(method: string, path: string, body?: object): Promise<Response> {
		const answer = await fetch(`${this.origin}${path}`, {
			method,
			redirect: 'manual',
			headers: {
				origin: this.origin,
				cookie: this.cookies.header,
				'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0',
				...(body === undefined ? {} : { 'content-type': 'application/json' }),
			},
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
		this.cookies.keep(answer);
		return answer;
	}

	async read<Schema extends z.ZodType>(schema: Schema, method: string, path: string, body?: object) {
		const answer = await this.send(method, path, body);
		if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
		return schema.parse(await answer.json());
	}

	session() {
		return this.read(SessionAnswer, 'GET', '/v1/session');
	}

	/** The provider's page, when signing in. */
	async begin(provider: SignInProvider, next = '/smiles'): Promise<string> {
		return (await this.read(WayVisit, 'POST', '/api/auth/sign-in/social', { provider, next })).url;
	}

	/** Signs in with a provider: the path that the browser ends at. */
	async signIn(provider: SignInProvider, form: ConsentForm): Promise<string> {
		return this.comeBack(await atProvider(await this.begin(provider), form));
	}

	/** Connects a provider, as somebody who is signed in. */
	async connect(provider: SignInProvider, form: ConsentForm): Promise<string> {
		const { url } = await this.read(WayVisit, 'POST', '/v1/me/ways', { provider, next: '/settings/security' });
		return this.comeBack(await atProvider(url, form));
	}

	/**
	 * Follows the provider's answer to where it ends on our site. What Apple posts from its own site carries none of our cookies,
	 * as `SameSite=Lax` has it; the navigation after it does.
	 */
	async comeBack(back: Return): Promise<string> {
		let { url } = back;
		if (back.posted !== null) {
			const body = new URLSearchParams(back.posted);
			const answer = await fetch(url, { method: 'POST', body, redirect: 'manual', headers: { origin: 'null' } });
			url = new URL(locationOf(answer), this.origin).href;
		}
		const { pathname, search } = new URL(url);
		this.seen.push(pathname + search);
		const end = locationOf(await this.send('GET', pathname + search));
		this.seen.push(end);
		return end;
	}
}

/** With what a provider sends somebody back: a redirect, or a form that its page posts. */
export interface Return {
	url: string;
	posted: Record<string, string> | null;
}

/** Answers the provider's page. */
export async function atProvider(url: string, form: ConsentForm): Promise<Return> {
	const answer = await fetch(url, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });
	const location = answer.headers.get('location');
	if (location !== null) return { url: location, posted: null };
	const html = await answer.text();
	const action = /action="([^"]+)"/.exec(html)?.[1];
	if (action === undefined) throw new Error(`the provider answered ${answer.status}: ${html.slice(0, 300)}`);
	const fields = html.matchAll(/name="([^"]+)" value="([^"]*)"/g);
	const posted = Object.fromEntries([...fields].map(([, name = '', value = '']) => [name, unescaped(value)]));
	return { url: action, posted };
}

function unescaped(text: string): string {
	return text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&amp;', '&');
}

function locationOf(answer: Response): string {
	const location = answer.headers.get('location');
	if (location === null) throw new Error(`no redirect, but ${answer.status}`);
	return location;
}
