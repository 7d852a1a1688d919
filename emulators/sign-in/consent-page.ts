import { html } from 'hono/html';
import { page } from './page';
import type { Person } from './people';

/** What one provider's page asks beyond name and address. */
export type ExtraField = 'hd' | 'hide_email' | 'public_email' | 'other_emails';

export interface ConsentPage {
	readonly provider: string;
	/** The client id that asks. */
	readonly clientId: string;
	readonly scopes: readonly string[];
	readonly redirectUri: string;
	/** Where the form is posted to: the authorize address with its query. */
	readonly action: string;
	readonly extras: readonly ExtraField[];
	/** Who went through before, the latest first, as buttons. */
	readonly known: readonly Person[];
	/** What was typed before a refusal, or the request's `login_hint`. */
	readonly typed: Readonly<Record<string, string>>;
	readonly problem?: string | undefined;
}

/** Asks who signs in. Two forms' worth of the same fields: a button for each known person, and fields for anybody else. */
export function consentPage(input: ConsentPage) {
	const { provider, clientId, scopes, redirectUri, action, known, problem } = input;
	return page(
		`Sign in at the stand-in for ${provider}`,
		html`<h1>Stand-in for ${provider}</h1>
			<p>Nobody outside this machine is asked. Be whoever you like.</p>
			<p class="soft">
				<code>${clientId}</code> asks for ${scopes.length === 0 ? 'nothing but who you are' : scopes.join(', ')} and
				takes you back to <code>${new URL(redirectUri).origin}</code>.
			</p>
			${problem === undefined ? '' : html`<p class="wrong" role="alert" id="problem">${problem}</p>`}
			${
				known.length === 0
					? ''
					: html`<h2>People of this machine</h2>
							${known.map((person) => personForm(action, person))}`
			}
			<h2>${known.length === 0 ? 'Who are you?' : 'Somebody else'}</h2>
			${fieldsForm(input)}`,
	);
}

function personForm(action: string, person: Person) {
	const fields = Object.entries(person).filter(([, value]) => value !== false && value !== '');
	return html`<form method="post" action="${action}">
		${fields.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value === true ? 'on' : value}" />`)}
		<button class="person" name="decision" value="continue">
			Continue as ${person.name || person.email}<br /><span class="soft"
				>${person.email}${person.email_verified ? '' : ', not verified'}</span
			>
		</button>
	</form>`;
}

function fieldsForm({ action, extras, typed, problem }: ConsentPage) {
	const isFirst = Object.keys(typed).every((field) => field === 'email');
	return html`<form method="post" action="${action}" novalidate>
		<label>Name<input type="text" name="name" value="${typed['name'] ?? ''}" autocomplete="off" /></label>
		<label
			>E-mail address<input
				type="email"
				name="email"
				value="${typed['email'] ?? ''}"
				autocomplete="off"
				${problem === undefined ? '' : html`aria-invalid="true" aria-describedby="problem"`}
		/></label>
		${checkbox('email_verified', 'The address is verified', isFirst || typed['email_verified'] !== undefined)}
		${extras.map((extra) => extraField(extra, typed))}
		<div class="row">
			<button class="main" name="decision" value="continue">Continue</button>
			<button name="decision" value="cancel">Cancel</button>
		</div>
	</form>`;
}

function extraField(extra: ExtraField, typed: ConsentPage['typed']) {
	switch (extra) {
		case 'hd':
			return html`<label
				>Workspace domain, if the account belongs to one<input
					type="text"
					name="hd"
					value="${typed['hd'] ?? ''}"
					autocomplete="off"
			/></label>`;
		case 'hide_email':
			return checkbox(
				'hide_email',
				'Hide my e-mail: give an address at privaterelay.appleid.com',
				'hide_email' in typed,
			);
		case 'public_email':
			return checkbox('public_email', 'Show the address on the public profile', 'public_email' in typed);
		case 'other_emails':
			return html`<label
				>Further addresses, one a line, with “unverified” after those that are not verified<textarea
					name="other_emails"
					rows="3"
				>
${typed['other_emails'] ?? ''}</textarea>
			</label>`;
	}
}

function checkbox(name: string, label: string, isChecked: boolean) {
	return html`<label class="check"
		><input type="checkbox" name="${name}" value="on" ${isChecked ? 'checked' : ''} />${label}</label
	>`;
}
