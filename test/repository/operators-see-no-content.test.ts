import { expect, test } from 'vitest';
import { z } from 'zod';

import api from '../../workers/api/index';

/* What somebody made, wrote or is called is shown to an operator by one answer alone, behind a granted access (N20, DD-24). */

/** Names of fields that hold content or say who somebody is. */
const CONTENT =
	/^(?:input|prompt|words|messages|subject|url|downloadUrl|pictureUrl|media|objectKey|reference|subjectReference|address|email|name|signerName|description|payload)$/;

/** What shows some of it, and why. */
const SHOWN: Readonly<Record<string, readonly string[]>> = {
	// While an access lasts, of which the owner was told.
	'get /v1/operations/staff-access/{id}': ['input', 'media', 'url'],
	// Written to support, to be read there; the list has its subject line alone.
	'get /v1/operations/tickets': ['subject'],
	'get /v1/operations/tickets/{id}': ['address', 'messages', 'subject', 'words'],
	// Written by somebody who asks for their rights, to be answered.
	'get /v1/operations/rights/{id}': ['address', 'name', 'words'],
	// The operator’s own words, and the controller’s own name and address.
	'get /v1/operations/incidents': ['words'],
	'get /v1/operations/incidents/{id}': ['address', 'email', 'name', 'words'],
};

type Json = Readonly<Record<string, unknown>>;
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null;

const Document = z.looseObject({
	paths: z.record(
		z.string(),
		z.record(z.string(), z.looseObject({ 'x-access': z.string(), responses: z.record(z.string(), z.unknown()) })),
	),
	components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }),
});
const document = Document.parse(
	JSON.parse(JSON.stringify(api.getOpenAPI31Document({ openapi: '3.1.0', info: { title: 'x', version: '1' } }))),
);

/** The names of every property of a schema, through what it refers to. */
function namesIn(schema: unknown, seen: ReadonlySet<string> = new Set()): string[] {
	if (Array.isArray(schema)) return schema.flatMap((each) => namesIn(each, seen));
	if (!isJson(schema)) return [];
	const { $ref: ref, properties } = schema;
	if (typeof ref === 'string') {
		const name = ref.split('/').at(-1) ?? '';
		return seen.has(name) ? [] : namesIn(document.components.schemas[name], new Set([...seen, name]));
	}
	const own = isJson(properties) ? Object.keys(properties) : [];
	const below = Object.entries(schema).flatMap(([key, value]) =>
		key === 'properties' && isJson(value)
			? Object.values(value).flatMap((each) => namesIn(each, seen))
			: namesIn(value, seen),
	);
	return [...own, ...below];
}

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
	Object.entries(methods)
		.filter(([, { 'x-access': access }]) => access === 'operator')
		.map(([method, { responses }]) => ({
			key: `${method} ${path}`,
			answer: responses['200'] ?? responses['201'] ?? responses['202'],
		})),
);

test('there are operations to look at, and the walk finds a field that lies deep', () => {
	expect(operations.length).toBeGreaterThan(20);
	expect(operations.filter(({ answer }) => answer === undefined)).toEqual([]);
	expect(namesIn({ anyOf: [{ items: { properties: { a: { properties: { prompt: {} } } } } }] })).toEqual([
		'a',
		'prompt',
	]);
});

test('no operation shows content or a person but those that are named here with a reason', () => {
	const shown = operations.flatMap(({ key, answer }) => {
		const names = [...new Set(namesIn(answer).filter((name) => CONTENT.test(name)))].toSorted();
		return names.length === 0 ? [] : [[key, names] as const];
	});
	expect(Object.fromEntries(shown)).toEqual(SHOWN);
});
