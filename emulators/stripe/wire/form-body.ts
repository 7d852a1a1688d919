export type FormValue = string | FormValue[] | { [name: string]: FormValue };
export type FormRecord = { [name: string]: FormValue };

type Tree = Map<string, Tree | string>;

const FIELDS_MAX = 2000;
const DEPTH_MAX = 8;

/**
 * Reads Stripe's form encoding, of a body or a query: `a[b][0][c]=v` is `{a: {b: [{c: 'v'}]}}`, `a[]=v` appends. All leaves are
 * strings. Undefined for what is not of this form: unbalanced brackets, a name that is a value and a parent, too deep, too many.
 */
export function parseForm(encoded: string): FormRecord | undefined {
	const pairs = [...new URLSearchParams(encoded)];
	if (pairs.length > FIELDS_MAX) return undefined;
	const tree: Tree = new Map();
	for (const [name, value] of pairs) {
		const path = pathOf(name);
		if (!path || !put(tree, path, value)) return undefined;
	}
	return Object.fromEntries([...tree].map(([name, value]) => [name, plain(value)]));
}

function pathOf(name: string): string[] | undefined {
	const match = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(name);
	if (!match) return undefined;
	const [, root = '', brackets = ''] = match;
	const path = [root, ...[...brackets.matchAll(/\[([^[\]]*)\]/g)].map(([, key = '']) => key)];
	return path.length > DEPTH_MAX ? undefined : path;
}

function put(tree: Tree, [head = '', ...rest]: readonly string[], value: string): boolean {
	const key = head === '' ? String(tree.size) : head;
	if (rest.length === 0) {
		if (tree.get(key) instanceof Map) return false;
		tree.set(key, value);
		return true;
	}
	const child = tree.get(key) ?? new Map();
	if (!(child instanceof Map)) return false;
	tree.set(key, child);
	return put(child, rest, value);
}

function plain(value: Tree | string): FormValue {
	if (typeof value === 'string') return value;
	const entries = [...value].map(([key, child]): [string, FormValue] => [key, plain(child)]);
	const isList = entries.every((_, index) => value.has(String(index)));
	if (!isList) return Object.fromEntries(entries);
	return entries.toSorted(([a], [b]) => Number(a) - Number(b)).map(([, child]) => child);
}
