import { html } from 'hono/html';

type Html = ReturnType<typeof html>;

/** An address inside the page for a heading: "Rate limits" becomes `rate-limits`. */
export function slugOf(title: string): string {
	return title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
}

export function section(title: string, ...content: readonly (Html | string | readonly (Html | string)[])[]) {
	const slug = slugOf(title);
	return html`<section aria-labelledby="${slug}">
		<h2 id="${slug}">${title}</h2>
		${content}
	</section>`;
}

/** A block of text to copy. It can be scrolled by keyboard, hence the tab stop and the name. */
export function code(label: string, text: string) {
	return html`<pre tabindex="0" role="group" aria-label="${label}"><code>${text}</code></pre>`;
}
