import { html } from 'hono/html';

import { SCOPES } from '../../../studios/roles';
import { slugOf } from './section';
import { readOperations, readShapes, type Body, type Document, type Field, type Operation } from './read-document';

function isForPrograms({ access }: Operation): boolean {
	return access === 'public' || SCOPES.some((scope) => scope === access);
}

/** Whom an operation is for, in words. */
function audienceOf(operation: Operation) {
	const { access } = operation;
	if (isForPrograms(operation) && access !== 'public') return html`<code class="scope">${access}</code>`;
	return html`<span class="soft">${access === 'public' ? 'For everybody' : 'For people who are signed in'}</span>`;
}

/** Every operation under its noun, those that a program can call first; none of an operator's, who has commands. */
export function drawOperations(document: Document) {
	const operations = readOperations(document).filter(({ access }) => access !== 'operator');
	const tags = [...new Set([...operations.filter(isForPrograms), ...operations].map(({ tag }) => tag))];
	return tags.map(
		(tag) =>
			html`<section aria-labelledby="${slugOf(tag)}">
				<h3 id="${slugOf(tag)}">${tag}</h3>
				${operations.filter((operation) => operation.tag === tag).map(drawOperation)}
			</section>`,
	);
}

function drawOperation(operation: Operation) {
	const { id, method, path, summary, parameters, takes, gives, status } = operation;
	return html`<article id="${id}" class="operation">
		<h4><code class="method">${method}</code> <code>${path}</code></h4>
		<p>${summary}.</p>
		<p class="small">${audienceOf(operation)}</p>
		${
			parameters.length + (takes?.fields.length ?? 0) === 0 && takes?.shape == null
				? ''
				: html`<details>
						<summary>Takes ${takes === null ? 'parameters' : (takes.shape ?? 'a body')}</summary>
						${takes?.shape == null ? '' : html`<p class="small">The body is ${shapeLink(takes.shape)}.</p>`}
						${drawFields([...parameters, ...(takes?.fields ?? [])])}
					</details>`
		}
		${drawAnswer(status, gives)}
	</article>`;
}

function drawAnswer(status: string, gives: Body | null) {
	if (gives === null) return html`<p class="small soft">Answers ${status}.</p>`;
	if (gives.shape !== null) return html`<p class="small soft">Answers ${status} with ${shapeLink(gives.shape)}.</p>`;
	return html`<details>
		<summary>Answers ${status}</summary>
		${drawFields(gives.fields)}
	</details>`;
}

/** The named bodies, each with its fields. */
export function drawShapes(document: Document) {
	return readShapes(document).map(
		({ name, fields }) =>
			html`<details id="shape-${name}" class="shape">
				<summary>${name}</summary>
				${drawFields(fields)}
			</details>`,
	);
}

function drawFields(fields: readonly Field[]) {
	if (fields.length === 0) return '';
	return html`<table class="fields">
		<thead>
			<tr>
				<th scope="col">Field</th>
				<th scope="col">Holds</th>
			</tr>
		</thead>
		<tbody>
			${fields.map(
				({ path, type, shape, isRequired, description }) =>
					html`<tr>
						<th scope="row"><code>${path}</code>${isRequired ? '' : html` <span class="soft">optional</span>`}</th>
						<td>
							${shape === null ? type : html`${type === '' ? '' : `${type} `}${shapeLink(shape)}`}
							${description === '' ? '' : html`<span class="note">${description}</span>`}
						</td>
					</tr>`,
			)}
		</tbody>
	</table>`;
}

function shapeLink(name: string) {
	return html`<a href="#shape-${name}">${name}</a>`;
}
