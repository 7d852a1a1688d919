import { html, raw } from 'hono/html';

/** What the frame tells its page at once, or at the press of its button. */
export type WidgetMessage = { readonly token: string } | { readonly error: string };

const STYLE = `
	:root { color-scheme: light dark; --ink: #1c2430; --paper: #f5f6f4; --rule: #78838f }
	@media (prefers-color-scheme: dark) { :root { --ink: #e8ebee; --paper: #1a2129; --rule: #7b8794 } }
	* { box-sizing: border-box }
	body { margin: 0; height: 65px; padding: 8px 12px; display: flex; align-items: center; border: 1px solid var(--rule); background: var(--paper); color: var(--ink); font: 14px/1.3 system-ui, sans-serif }
	button { min-height: 44px; padding: 4px 16px; border: 1px solid var(--rule); border-radius: 6px; background: none; color: inherit; font: inherit }
	p { margin: 0 }
`;

/** The frame of the widget. It speaks to the page at `origin` alone. */
export function widgetPage(message: WidgetMessage, origin: string, isInteractive: boolean) {
	// In a script `<` could end it; everything else of JSON is JavaScript.
	const words = JSON.stringify({ message, origin }).replaceAll('<', '\\u003c');
	const outcome = 'token' in message ? 'passed' : `failed (${message.error})`;
	const script = `
		const { message, origin } = ${words};
		const status = document.querySelector('p');
		function tell() { parent.postMessage(message, origin); status.textContent = 'Stand-in for Turnstile: ${outcome}'; }
		const button = document.querySelector('button');
		if (button) button.addEventListener('click', () => { tell(); button.remove(); });
		else tell();
	`;
	return html`<!doctype html>
		<html lang="en">
			<head>
				<meta charset="utf-8" />
				<title>Stand-in for Turnstile</title>
				<style>
					${raw(STYLE)}
				</style>
			</head>
			<body>
				${isInteractive ? html`<button type="button">I am a person</button>` : ''}
				<p role="status"></p>
				<script>
					${raw(script)};
				</script>
			</body>
		</html>`;
}
