import { html, raw } from 'hono/html';

import { authentication, errors, examples, requests, scopes, startHere, type Place } from './docs/guide';
import type { Document } from './docs/read-document';
import { drawOperations, drawShapes } from './docs/reference';
import { section, slugOf } from './docs/section';
import { styleFor } from './docs/style';

const MARK = raw(
	'<svg width="24" height="24" viewBox="0 0 24 24" aria-hidden="true"><path d="M11 1.05a11 11 0 0 0 0 21.9Z" fill="currentColor"/><path d="M13.5 2.1a10 10 0 0 1 0 19.8" fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="2.4 2.6"/></svg>',
);

/** What the page may load and run: its own style, and nothing else. */
export const DOCS_POLICY =
	"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * The API's page for developers: a guide, examples that a test runs, and every operation, drawn from the API's own OpenAPI
 * document and from the tables that decide. No script, no outside files.
 */
export function docsPage(document: Document, place: Place) {
	const { studio } = place;
	const forKeys = studio.tenancy.hasApiKeys;
	const titles = [
		'Start here',
		...(forKeys ? ['Authentication', 'Scopes', 'Examples'] : []),
		'Requests and answers',
		'Errors',
		'Operations',
		'Shapes',
	];
	return html`<!doctype html>
		<html lang="en" data-studio="${studio.slug}">
			<head>
				<meta charset="utf-8" />
				<meta name="viewport" content="width=device-width, initial-scale=1" />
				<meta name="color-scheme" content="light dark" />
				<title>API · ${studio.name}</title>
				<style>
					${raw(styleFor(studio.slug))}
				</style>
			</head>
			<body>
				<a class="skip" href="#main">Skip to the page</a>
				<header class="bar">
					<div class="wrap">
						<a class="mark" href="/">${MARK}<span>${studio.name}</span></a>
						<a class="end" href="/openapi.json">openapi.json</a>
					</div>
				</header>
				<main id="main">
					<div class="wrap page layout">
						<div class="head">
							<h1>API</h1>
							<p class="promise">
								Your program meets the rules that the pages meet. No request gets past consent, credits or deletion.
							</p>
						</div>
						<nav class="contents" aria-label="On this page">
							<ul>
								${titles.map((title) => html`<li><a href="#${slugOf(title)}">${title}</a></li>`)}
							</ul>
						</nav>
						<div class="text">
							${startHere(place)} ${authentication(place)} ${scopes(place)} ${examples(place)} ${requests(place)}
							${errors()} ${section('Operations', html`<p>Each with the scope it takes.</p>`, drawOperations(document))}
							${section('Shapes', html`<p>The bodies that operations take and give.</p>`, drawShapes(document))}
						</div>
					</div>
				</main>
			</body>
		</html>`;
}
