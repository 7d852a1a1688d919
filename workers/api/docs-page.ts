import { html, raw } from 'hono/html';

interface Document {
	info: { title: string; version: string };
	paths?: object | undefined;
	components?: { schemas?: object | undefined } | undefined;
}

interface Operation {
	method: string;
	path: string;
	summary: string;
	tag: string;
	isPublic: boolean;
	statuses: string[];
	takes: string | null;
	gives: string | null;
}

const METHODS = ['get', 'post', 'put', 'delete'];

/** The API's page, drawn from its own OpenAPI document: no script, no outside files. */
export function docsPage(document: Document) {
	const operations = readOperations(document);
	const tags = [...new Set(operations.map(({ tag }) => tag))];
	return html`<!doctype html>
		<html lang="en">
			<head>
				<meta charset="utf-8" />
				<meta name="viewport" content="width=device-width, initial-scale=1" />
				<title>${document.info.title} API</title>
				<style>
					${raw(STYLE)}
				</style>
			</head>
			<body>
				<main>
					<h1>${document.info.title} API</h1>
					<p>
						JSON over HTTPS. Sign in with
						<code>POST /api/auth/sign-in/email</code> and send the session cookie. An order carries an
						<code>Idempotency-Key</code>: the same key with the same order is one order. Every refusal has one shape:
						<code>{"error":{"code","message","details"}}</code>; those of <code>/api/auth</code> alone are
						<code>{"code","message"}</code>. What belongs to somebody else answers 404. The whole document is
						<a href="/openapi.json">openapi.json</a>.
					</p>
					${tags.map(
						(tag) =>
							html`<section aria-label="${tag}">
								<h2>${tag}</h2>
								${operations.filter((operation) => operation.tag === tag).map(drawOperation)}
							</section>`,
					)}
					<section aria-label="Shapes">
						<h2>Shapes</h2>
						${Object.entries(document.components?.schemas ?? {}).map(
							([name, schema]) =>
								html`<details id="${name}">
									<summary>${name}</summary>
									<pre tabindex="0">${JSON.stringify(schema, null, 2)}</pre>
								</details>`,
						)}
					</section>
				</main>
			</body>
		</html>`;
}

function drawOperation(operation: Operation) {
	return html`<article>
		<h3><code>${operation.method.toUpperCase()} ${operation.path}</code></h3>
		<p>${operation.summary}.</p>
		<p class="facts">
			${operation.isPublic ? 'For everybody' : 'Signed in'}${operation.takes === null ? '' : html` · takes ${link(operation.takes)}`}
			· answers ${operation.statuses.join(', ')}${operation.gives === null ? '' : html` with ${link(operation.gives)}`}
		</p>
	</article>`;
}

function link(name: string) {
	return html`<a href="#${name}">${name}</a>`;
}

function readOperations(document: Document): Operation[] {
	return Object.entries(document.paths ?? {}).flatMap(([path, item]: [string, unknown]) =>
		METHODS.flatMap((method) => {
			const operation: unknown = isRecord(item) ? item[method] : undefined;
			return isRecord(operation) ? [readOperation(method, path, operation)] : [];
		}),
	);
}

function readOperation(method: string, path: string, operation: Record<string, unknown>): Operation {
	const responses = isRecord(operation['responses']) ? operation['responses'] : {};
	const statuses = Object.keys(responses).filter((status) => status !== 'default');
	const tags = Array.isArray(operation['tags']) ? operation['tags'] : [];
	return {
		method,
		path,
		summary: text(operation['summary']),
		tag: text(tags[0]) || 'Other',
		isPublic: operation['security'] === undefined,
		statuses,
		takes: schemaName(operation['requestBody']),
		gives: schemaName(responses[statuses[0] ?? '']),
	};
}

function text(value: unknown): string {
	return typeof value === 'string' ? value : '';
}

function schemaName(body: unknown): string | null {
	const match = /"#\/components\/schemas\/(\w+)"/.exec(JSON.stringify(body ?? null));
	return match?.[1] ?? null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null;
}

const STYLE = `
	:root { color-scheme: light dark; --paper: light-dark(#fbfaf7, #131210); --ink: light-dark(#1b1815, #f3f0e9); --ink-3: light-dark(#696359, #a39d91); --line: light-dark(#e3dfd6, #34312b); --well: light-dark(#f3f1eb, #24221e); --accent: light-dark(#22468f, #a9c0f5); }
	body { margin: 0; background: var(--paper); color: var(--ink); font: 420 15px/1.5 system-ui, sans-serif; }
	main { max-width: 800px; margin: 0 auto; padding: 48px 20px 96px; }
	h1 { font-size: 30px; line-height: 1.1; } h2 { margin: 48px 0 0; padding-top: 12px; border-top: 1px solid var(--ink); font-size: 20px; }
	h3 { margin: 20px 0 0; font-size: 15px; } article { border-bottom: 1px solid var(--line); padding-bottom: 14px; } article p { margin: 4px 0 0; }
	code, pre { font: 13px/1.5 ui-monospace, Menlo, Consolas, monospace; overflow-wrap: anywhere; } pre { background: var(--well); padding: 12px; overflow-x: auto; border-radius: 7px; }
	.facts { color: var(--ink-3); font-size: 13px; } a { color: var(--accent); } summary { padding: 10px 0; cursor: pointer; font-weight: 600; }
	:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
`;
