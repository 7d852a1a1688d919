import { Hono } from 'hono';
import { html, raw } from 'hono/html';

import { isStudioSlug, STUDIOS } from '../../studios/all';
import { STUDIO_SLUGS, type StudioSlug } from '../../studios/studio';
import { CLASS_BY_KIND, isOptional } from '../../workers/core/mail/mail-class';
import { renderMail, type RenderedMail } from '../../workers/core/mail/render-mail';
import { sampleMails } from './samples';

const APP_ORIGIN = 'https://studio.example.org';
const STYLE = `
	:root { color-scheme: light dark }
	body { margin: 0 auto; max-width: 1180px; padding: 32px 20px 80px; font: 16px/1.5 system-ui, sans-serif }
	article { margin-top: 40px; border-top: 1px solid } h2 { margin: 12px 0 4px; font-size: 18px }
	.two { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 24px }
	iframe { width: 100%; height: 560px; border: 1px solid #8888 } pre { white-space: pre-wrap; overflow-wrap: anywhere }
	@media (max-width: 800px) { .two { grid-template-columns: minmax(0, 1fr) } }
`;

type Preview = RenderedMail & { name: string; mailClass: string };

/** How each sample reads, in one studio's name. */
export function previewsOf(studio: StudioSlug): readonly Preview[] {
	return sampleMails().map((sample) => previewOf(studio, sample));
}

function previewOf(studio: StudioSlug, { name, mail }: ReturnType<typeof sampleMails>[number]): Preview {
	const mailClass = CLASS_BY_KIND[mail.kind];
	const unsubscribeUrl = isOptional(mailClass) ? `${APP_ORIGIN}/u/who-this-is-only-we-can-read` : null;
	return { name, mailClass, ...renderMail({ studio: STUDIOS[studio], appOrigin: APP_ORIGIN }, mail, unsubscribeUrl) };
}

/** A page with all kinds of mail, as designed and as text; each alone under `/{studio}/{name}.html`, for pictures of it. */
export function previewApp(): Hono {
	return new Hono()
		.get('/', (c) => c.redirect('/dental'))
		.get('/:studio', (c) => {
			const studio = c.req.param('studio');
			return isStudioSlug(studio) ? c.html(pageOf(studio)) : c.notFound();
		})
		.get('/:studio/:file{.+\\.html}', (c) => {
			const studio = c.req.param('studio');
			const sample = sampleMails().find(({ name }) => `${name}.html` === c.req.param('file'));
			return sample === undefined || !isStudioSlug(studio) ? c.notFound() : c.html(previewOf(studio, sample).html);
		});
}

function pageOf(studio: StudioSlug) {
	return html`<!doctype html>
		<html lang="en">
			<head>
				<meta charset="utf-8" />
				<meta name="viewport" content="width=device-width, initial-scale=1" />
				<title>Every mail of ${STUDIOS[studio].name}</title>
				<style>
					${raw(STYLE)}
				</style>
			</head>
			<body>
				<h1>Every mail of ${STUDIOS[studio].name}</h1>
				<p>${STUDIO_SLUGS.map((slug) => html`<a href="/${slug}">${STUDIOS[slug].name}</a> `)}</p>
				${previewsOf(studio).map((preview) => articleOf(studio, preview))}
			</body>
		</html>`;
}

function articleOf(studio: StudioSlug, preview: Preview) {
	const { name, mailClass, subject, text, headers } = preview;
	return html`<article id="${name}">
		<h2>${subject}</h2>
		<p>${name}, ${mailClass}</p>
		<div class="two">
			<iframe sandbox title="${name} as designed" src="/${studio}/${name}.html" loading="lazy"></iframe>
			<div>
				<pre>${text}</pre>
				<pre>
${Object.entries(headers)
						.map(([header, value]) => `${header}: ${value}`)
						.join('\n')}</pre>
			</div>
		</div>
	</article>`;
}
