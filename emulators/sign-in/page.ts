import { html, raw } from 'hono/html';

const STYLE = `
	:root { color-scheme: light dark; --ink: #1c2430; --soft: #556070; --paper: #f5f6f4; --sheet: #fff; --rule: #78838f; --accent: #1f5fa8; --on-accent: #fff; --wrong: #a3201b }
	@media (prefers-color-scheme: dark) {
		:root { --ink: #e8ebee; --soft: #a4b0bc; --paper: #12171d; --sheet: #1a2129; --rule: #7b8794; --accent: #86b6ee; --on-accent: #10151b; --wrong: #ff9d94 }
	}
	* { box-sizing: border-box }
	body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
	main { margin: 0 auto; max-width: 480px; padding: 32px 20px 64px }
	h1 { font-size: 26px; line-height: 1.2; margin: 0 0 8px } h2 { font-size: 18px; margin: 32px 0 8px } p { margin: 8px 0 } .soft { color: var(--soft) }
	label, .field { display: block; margin-top: 16px } label.check { display: flex; gap: 12px; align-items: center; min-height: 44px }
	input[type=text], input[type=email], textarea { display: block; width: 100%; min-height: 44px; margin-top: 4px; padding: 8px 12px; border: 1px solid var(--rule); border-radius: 6px; background: var(--sheet); color: inherit; font: inherit }
	input[type=checkbox] { width: 22px; height: 22px; flex: none; accent-color: var(--accent) }
	button { min-height: 44px; padding: 8px 20px; border: 1px solid var(--rule); border-radius: 6px; background: none; color: inherit; font: inherit; cursor: pointer }
	button.main { background: var(--accent); border-color: var(--accent); color: var(--on-accent) }
	button.person { display: block; width: 100%; margin-top: 8px; text-align: left; overflow-wrap: anywhere }
	.row { display: flex; flex-wrap: wrap; gap: 12px; margin-top: 24px } .wrong { color: var(--wrong) }
	summary { min-height: 44px; padding: 10px 0; cursor: pointer } code { overflow-wrap: anywhere }
	:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
`;

type Markup = ReturnType<typeof html>;

/** The frame of every page that a person sees at a stand-in: no script, nothing from elsewhere. */
export function page(title: string, content: Markup): Markup {
	return html`<!doctype html>
		<html lang="en">
			<head>
				<meta charset="utf-8" />
				<meta name="viewport" content="width=device-width, initial-scale=1" />
				<meta name="referrer" content="no-referrer" />
				<title>${title}</title>
				<style>
					${raw(STYLE)}
				</style>
			</head>
			<body>
				<main>${content}</main>
			</body>
		</html>`;
}

/** What a provider shows when it cannot send the person back, because whom it would send them to is in doubt. */
export function refusalPage(provider: string, code: string, sentence: string): Markup {
	return page(
		`${provider} refused`,
		html`<h1>Stand-in for ${provider}: the request is refused</h1>
			<p><code>${code}</code></p>
			<p>${sentence}</p>`,
	);
}
