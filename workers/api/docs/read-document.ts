/* The API's own OpenAPI document, as far as its page shows it. */

export interface Document {
	info: { title: string; version: string };
	paths?: object | undefined;
	components?: { schemas?: object | undefined } | undefined;
}

export interface Field {
	/** Its place in the body: `stages[].id`. */
	path: string;
	/** "text", "whole number", or the values it can have. */
	type: string;
	/** A named shape that is described by itself. */
	shape: string | null;
	isRequired: boolean;
	description: string;
}

/** A body: a named shape, or fields of its own. */
export interface Body {
	shape: string | null;
	fields: Field[];
}

export interface Operation {
	id: string;
	method: string;
	path: string;
	summary: string;
	tag: string;
	/** `x-access`: "public", "person", "proved person" or a permission. */
	access: string;
	parameters: Field[];
	takes: Body | null;
	status: string;
	gives: Body | null;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

export function readOperations(document: Document): Operation[] {
	return Object.entries(document.paths ?? {}).flatMap(([path, item]: [string, unknown]) =>
		METHODS.flatMap((method) => {
			const operation = record(record(item)?.[method]);
			return operation === null ? [] : [readOperation(method, path, operation)];
		}),
	);
}

export function readShapes(document: Document): { name: string; fields: Field[] }[] {
	return Object.entries(document.components?.schemas ?? {}).map(([name, schema]: [string, unknown]) => ({
		name,
		fields: fieldsOf(schema),
	}));
}

function readOperation(method: string, path: string, operation: Record<string, unknown>): Operation {
	const [status, answer] =
		Object.entries(record(operation['responses']) ?? {}).find(([name]) => name !== 'default') ?? [];
	return {
		id: `${method}${path.replaceAll(/[^\w]+/g, '-')}`.replace(/-$/, ''),
		method: method.toUpperCase(),
		path,
		summary: text(operation['summary']),
		tag: text(list(operation['tags'])[0]) || 'Other',
		access: text(operation['x-access']),
		parameters: list(operation['parameters']).flatMap(readParameter),
		takes: readBody(operation['requestBody']),
		status: status ?? '',
		gives: readBody(answer),
	};
}

function readParameter(parameter: unknown): Field[] {
	const { name, in: place, schema, required } = record(parameter) ?? {};
	// A path names its own parameters.
	if (place === 'path') return [];
	const field = fieldOf(text(name), schema, required === true);
	return [{ ...field, path: place === 'header' ? `${field.path} (header)` : `?${field.path}` }];
}

function readBody(holder: unknown): Body | null {
	const schema = record(record(record(holder)?.['content'])?.['application/json'])?.['schema'];
	if (schema === undefined) return null;
	return { shape: shapeOf(schema), fields: fieldsOf(schema) };
}

/** Every field of an object, those of its own objects and lists of objects by their path. A named shape stands for itself. */
function fieldsOf(schema: unknown, prefix = ''): Field[] {
	const alternatives = [...list(record(schema)?.['oneOf']), ...list(record(schema)?.['anyOf'])];
	if (alternatives.length > 0) return merge(alternatives.map((each) => fieldsOf(each, prefix)));
	const required = list(record(schema)?.['required']);
	return Object.entries(record(record(schema)?.['properties']) ?? {}).flatMap(([name, property]) => {
		const path = `${prefix}${name}`;
		const inside = record(property)?.['items'] ?? property;
		const isList = inside !== property;
		const field = fieldOf(path, property, required.includes(name));
		return [field, ...fieldsOf(inside, isList ? `${path}[].` : `${path}.`)];
	});
}

/** Alternatives share fields; what only some of them have is optional. */
function merge(alternatives: Field[][]): Field[] {
	const byPath = new Map<string, Field>();
	for (const field of alternatives.flat()) {
		const known = byPath.get(field.path);
		const type = known === undefined || known.type === field.type ? field.type : `${known.type}, ${field.type}`;
		const isRequired = alternatives.every((fields) =>
			fields.some((other) => other.path === field.path && other.isRequired),
		);
		byPath.set(field.path, { ...field, type, isRequired });
	}
	return [...byPath.values()];
}

function fieldOf(path: string, schema: unknown, isRequired: boolean): Field {
	const properties = record(schema) ?? {};
	return {
		path,
		type: typeOf(properties),
		shape: shapeOf(properties['items'] ?? schema),
		isRequired,
		description: text(properties['description']) === 'ISO 8601, UTC' ? '' : text(properties['description']),
	};
}

const NAMES: Readonly<Record<string, string>> = {
	string: 'text',
	integer: 'whole number',
	boolean: 'true or false',
	array: 'list',
	null: 'null',
};

function typeOf(schema: Record<string, unknown>): string {
	const values = list(schema['enum']);
	if ('const' in schema) return JSON.stringify(schema['const']);
	if (values.length > 0) return values.map((value) => text(value) || JSON.stringify(value)).join(', ');
	if (schema['format'] === 'date-time') return Array.isArray(schema['type']) ? 'time, null' : 'time';
	const types = Array.isArray(schema['type']) ? schema['type'] : [schema['type']];
	const items = record(schema['items']);
	if (items !== null) return `list of ${typeOf(items)}`;
	const named = types.map((type) => NAMES[text(type)] ?? text(type)).filter((name) => name !== '');
	if (named.length > 0) return named.join(', ');
	const alternatives = [...list(schema['oneOf']), ...list(schema['anyOf'])].flatMap((each) =>
		isRecord(each) ? [each] : [],
	);
	return [...new Set(alternatives.map(typeOf))].filter((name) => name !== '').join(', ');
}

function shapeOf(schema: unknown): string | null {
	const reference = /#\/components\/schemas\/(\w+)/.exec(text(record(schema)?.['$ref']));
	return reference?.[1] ?? null;
}

function text(value: unknown): string {
	return typeof value === 'string' ? value : '';
}

function list(value: unknown): unknown[] {
	return Array.isArray(value) ? value : [];
}

function record(value: unknown): Record<string, unknown> | null {
	return isRecord(value) ? value : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
