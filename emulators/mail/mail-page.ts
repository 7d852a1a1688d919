import { Hono } from 'hono';
import { html, raw } from 'hono/html';
import type { MailControl, SentMail } from './mail-store';

const ADDRESS_IN_TEXT = /(https?:\/\/[^\s<>"')]+)/;

const STYLE = `
	:root { color-scheme: light dark; --ink: #1c2430; --soft: #5b6675; --paper: #f5f6f4; --sheet: #fff; --rule: #d9dee3; --accent: #1f5fa8 }
	@media (prefers-color-scheme: dark) {
		:root { --ink: #e8ebee; --soft: #9aa6b3; --paper: #12171d; --sheet: #1a2129; --rule: #2d3742; --accent: #86b6ee }
	}
	body { margin: 0 auto; max-width: 720px; padding: 40px 20px 80px; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, sans-serif }
	h1 { font-size: 26px; margin: 0 0 4px } h2 { font-size: 19px; margin: 0 } p { margin: 4px 0; color: var(--soft) }
	article { margin-top: 24px; padding: 20px 24px; background: var(--sheet); border: 1px solid var(--rule); border-radius: 10px }
	pre { margin: 16px 0 0; white-space: pre-wrap; overflow-wrap: anywhere; font: inherit }
	iframe { display: block; width: 100%; height: 360px; margin-top: 16px; border: 1px solid var(--rule); border-radius: 6px; background: #fff }
	a { color: var(--accent) } summary { margin-top: 12px; cursor: pointer; color: var(--soft) }
`;

/** A page to read what was sent, the newest first, and the same as JSON under `/messages`. */
export function createMailPage(mail: Pick<MailControl, 'messages'>): Hono {
	return new Hono()
		.get('/messages', (c) => c.json({ messages: mail.messages() }))
		.get('/', (c) => {
			const messages = mail.messages();
			const count = messages.length === 1 ? '1 message' : `${messages.length} messages`;
			return c.html(
				html`<!doctype html>
					<html lang="en">
						<head>
							<meta charset="utf-8" />
							<meta name="viewport" content="width=device-width, initial-scale=1" />
							<title>Mail on this machine</title>
							<style>
								${raw(STYLE)}
							</style>
						</head>
						<body>
							<h1>Mail on this machine</h1>
							<p>${count}. Nothing here was sent to anyone; it is gone when the stand-in stops.</p>
							${messages.map(article)}
						</body>
					</html>`,
				200,
				// The messages' own markup is shown in frames that run nothing and load nothing.
				{ 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'" },
			);
		});
}

function article(mail: SentMail) {
	const time = html`<time datetime="${mail.sentAt}">${mail.sentAt.slice(0, 19).replace('T', ' ')} UTC</time>`;
	return html`<article id="${mail.id}">
		<h2>${mail.subject}</h2>
		<p>To ${mail.to.join(', ')}</p>
		<p>From ${mail.from}, ${time}</p>
		${mail.text === undefined ? '' : html`<pre>${withLinks(mail.text)}</pre>`}
		${mail.html === undefined ? '' : asFrame(mail.html, mail.text === undefined)}
	</article>`;
}

function asFrame(markup: string, isOpen: boolean) {
	const frame = html`<iframe
		sandbox="allow-popups allow-popups-to-escape-sandbox"
		title="The message as designed"
		srcdoc="${`<base target="_blank">${markup}`}"
	></iframe>`;
	return isOpen
		? frame
		: html`<details>
				<summary>As designed</summary>
				${frame}
			</details>`;
}

function withLinks(text: string) {
	return text
		.split(ADDRESS_IN_TEXT)
		.map((part) =>
			ADDRESS_IN_TEXT.test(part) ? html`<a href="${part}" target="_blank" rel="noreferrer">${part}</a>` : part,
		);
}
