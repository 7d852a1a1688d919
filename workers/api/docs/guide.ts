import { html } from 'hono/html';

import { PERMISSION_TABLE, ROLES, SCOPES } from '../../../studios/roles';
import type { Rate, Studio } from '../../../studios/studio';
import { STATUS_BY_CODE } from '../../core/errors';
import { KEY_DAYS_DEFAULT, KEY_DAYS_MAX, LIVE_KEYS_MAX } from '../../core/keys/make-key';
import { OPEN_RENDERS_MAX } from '../../core/renders/start-render';
import { OPEN_UPLOADS_MAX } from '../../core/uploads/announce-upload';
import { MEANING_BY_CODE } from './error-meanings';
import { CLIENT, EXAMPLES, variablesIn, type Example, type ShellStep } from './examples';
import { code, section } from './section';

/** What is printed where the reader is: the app's origin is the API's. */
export interface Place {
	studio: Studio;
	origin: string;
}

export function startHere({ studio, origin }: Place) {
	if (!studio.tenancy.hasApiKeys) {
		return section(
			'Start here',
			html`<p>
				${studio.name} has no API keys: its accounts belong to one person each. What its own pages call is described
				below.
			</p>`,
		);
	}
	return section(
		'Start here',
		html`<ol class="steps">
			<li>
				<b>Make a key.</b> Sign in, open <a href="/practice/keys">API keys</a> in the settings, and choose what it may
				do. It is shown once.
			</li>
			<li>
				<b>Keep it in the environment</b>, where your program finds it and your source code does not.
				${code('Environment', `export KEY=ak_…\nexport ORIGIN=${origin}`)}
			</li>
			<li>
				<b>Ask something.</b> ${code('First request', 'curl -sS "$ORIGIN/v1/credits" -H "Authorization: Bearer $KEY"')}
			</li>
		</ol>`,
	);
}

export function authentication({ studio }: Place) {
	if (!studio.tenancy.hasApiKeys) return '';
	return section(
		'Authentication',
		html`<p>
				A key travels in one header, <code>Authorization: Bearer ak_…</code>, and nowhere else. It acts for the
				${studio.tenancy.word} it was made in, in the name of whoever made it, and meets the same rules as they do.
			</p>
			<ul class="facts">
				<li>
					It runs for ${KEY_DAYS_DEFAULT} days unless you choose otherwise, ${KEY_DAYS_MAX} at most. A
					${studio.tenancy.word} has ${LIVE_KEYS_MAX} live keys at most.
				</li>
				<li>
					Revoked, expired, or made by somebody who has left: the next request answers 401, the same as for a key that
					never was.
				</li>
				<li>It can never do more than its maker’s role allows at that moment.</li>
				<li>We keep its SHA-256, not the key. Lost is lost: make another one and revoke this one.</li>
				<li>Keys are for servers. Pages of other sites get no answer from here, with or without a key.</li>
				<li>It begins with <code>ak_</code> and ends with a checksum, so that scanners for leaked secrets find it.</li>
			</ul>`,
	);
}

export function scopes({ studio }: Place) {
	if (!studio.tenancy.hasApiKeys) return '';
	return section(
		'Scopes',
		html`<p>
				Give a key what its program needs and no more. Without the scope, the answer is 403
				<code>not_allowed</code>, and its sentence names what is missing.
			</p>
			<table class="stacked">
				<thead>
					<tr>
						<th scope="col">Scope</th>
						<th scope="col">Allows</th>
						<th scope="col">Roles that include it</th>
					</tr>
				</thead>
				<tbody>
					${SCOPES.map((scope) => {
						const { allows, roles } = PERMISSION_TABLE[scope];
						return html`<tr>
							<th scope="row"><code>${scope}</code></th>
							<td>${allows}</td>
							<td>${roles.length === ROLES.length ? 'every role' : roles.join(', ')}</td>
						</tr>`;
					})}
				</tbody>
			</table>
			<p>
				Members, invitations, keys and the audit take a person: no key can carry them, so a leaked key makes no second
				one.
			</p>`,
	);
}

export function requests({ studio }: Place) {
	return section(
		'Requests and answers',
		html`<p>
				JSON in UTF-8 both ways, 64 kB at most. Times are ISO 8601 in UTC. Ids are text and say what they name, such as
				<code>rnd_…</code>. New fields may come; read those you know. The whole description for machines is
				<a href="/openapi.json">openapi.json</a>.
			</p>
			<h3 id="idempotency">Idempotency</h3>
			<p>
				<code>POST /v1/renders</code> takes an <code>Idempotency-Key</code> of your choice, 255 characters at most. The
				same key with the same order is one order, however often it comes: send it again when no answer came. With
				another order it answers 409. A key belongs to the account, for good.
			</p>
			<h3 id="pagination">Pagination</h3>
			<p>
				Lists come newest first. <code>?limit=</code> takes 1 to 100 and is 20 otherwise; <code>nextCursor</code> of one
				answer is <code>?cursor=</code> of the next, and null on the last page.
			</p>
			<h3 id="rate-limits">Rate limits</h3>
			<p>
				What is refused is not counted. The answer is 429 with <code>Retry-After</code> in seconds. ${OPEN_RENDERS_MAX}
				orders may be in hand at once, and ${OPEN_UPLOADS_MAX} photos announced.
			</p>
			${rates(studio)}`,
	);
}

function rates({ rates: { order, upload } }: Studio) {
	const rows = [
		['Orders', order],
		['Photos', upload],
	] as const;
	return html`<table class="stacked">
		<thead>
			<tr>
				<th scope="col">What</th>
				<th scope="col">For the account</th>
				<th scope="col">From one network</th>
			</tr>
		</thead>
		<tbody>
			${rows.map(
				([what, { account, network }]) =>
					html`<tr>
						<th scope="row">${what}</th>
						<td>${inWords(account)}</td>
						<td>${inWords(network)}</td>
					</tr>`,
			)}
		</tbody>
	</table>`;
}

function inWords({ max, minutes }: Rate): string {
	return `${max} ${minutes === 60 ? 'an hour' : `in ${minutes} minutes`}`;
}

export function errors() {
	return section(
		'Errors',
		html`<p>
				Every refusal has one shape. <code>code</code> is for your program and does not change; <code>message</code> is
				a sentence for people, and may be shown to them.
			</p>
			${code('A refusal', '{ "error": { "code": "not_found", "message": "There is no such photo, or it is not yours." } }')}
			<table class="stacked">
				<thead>
					<tr>
						<th scope="col">Code</th>
						<th scope="col">Status</th>
						<th scope="col">What it means, and what to do</th>
					</tr>
				</thead>
				<tbody>
					${Object.entries({ ...STATUS_BY_CODE, internal: 500 } as const).map(
						([name, status]) =>
							html`<tr>
								<th scope="row"><code>${name}</code></th>
								<td>${status}</td>
								<td>${isCode(name) ? MEANING_BY_CODE[name] : ''}</td>
							</tr>`,
					)}
				</tbody>
			</table>`,
	);
}

function isCode(name: string): name is keyof typeof MEANING_BY_CODE {
	return name in MEANING_BY_CODE;
}

export function examples({ studio }: Place) {
	if (!studio.tenancy.hasApiKeys) return '';
	const shown = EXAMPLES.filter(({ tool }) => tool === null || studio.tools.some(({ id }) => id === tool));
	return section(
		'Examples',
		html`<p>
				They work as printed, in this order: a test runs them. <code>$KEY</code> and <code>$ORIGIN</code> come from the
				start of this page, <code>$PHOTO</code> is the path of a photo of yours.
			</p>
			<fieldset class="languages">
				<legend class="vh">Language of the examples</legend>
				<label><input type="radio" name="language" id="in-shell" checked /><span>curl</span></label>
				<label><input type="radio" name="language" id="in-typescript" /><span>TypeScript</span></label>
			</fieldset>
			<div class="in-typescript">
				<p>Node 22.18 or newer runs these files as they are. They share one:</p>
				${printed(CLIENT.file, CLIENT.code)}
			</div>
			${shown.map(drawExample)}`,
	);
}

function drawExample({ id, title, text, shell, typescript }: Example) {
	return html`<article aria-labelledby="example-${id}" class="example">
		<h3 id="example-${id}">${title}</h3>
		<p>${text}</p>
		<div class="in-shell">${shell.map((step) => drawStep(title, step))}</div>
		<div class="in-typescript">
			${taken(typescript.code)} ${printed(typescript.file, typescript.code)}
			${
				typescript.printsLast === null
					? ''
					: html`<p class="small">Keep the last line it prints as <code>$${typescript.printsLast}</code>.</p>`
			}
		</div>
	</article>`;
}

function drawStep(title: string, { says, code: text, keeps }: ShellStep) {
	return html`${says === '' ? '' : html`<p>${says}</p>`} ${code(`${title}, curl`, text)}
	${
		keeps.length === 0
			? ''
			: html`<p class="small">
					Keep from the answer:
					${keeps.map(({ name, path }, index) => html`${index === 0 ? '' : ', '}<code>${path}</code> as <code>$${name}</code>`)}.
				</p>`
	}`;
}

function taken(text: string) {
	const names = variablesIn(text);
	if (names.length === 0) return '';
	return html`<p class="small">
		Takes ${names.map((name, index) => html`${index === 0 ? '' : ', '}<code>$${name}</code>`)} from the environment.
	</p>`;
}

function printed(file: string, text: string) {
	return html`<p class="file"><code>${file}</code></p>
		${code(file, text)}`;
}
