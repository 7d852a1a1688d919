import { existsSync, readFileSync, readdirSync } from 'node:fs';

import { fromRoot } from '../../scripts/root';

export function readText(path: string): string {
	return readFileSync(fromRoot(path), 'utf8');
}

export const DECISIONS = readdirSync(fromRoot('docs', 'decisions'))
	.filter((name) => name.endsWith('.md'))
	.toSorted()
	.map((name) => `docs/decisions/${name}`);

export const DOCUMENTS = [
	'README.md',
	'docs/architecture.md',
	'docs/storage.md',
	'docs/configuration.md',
	'docs/operations.md',
	'docs/security.md',
	...DECISIONS,
];

/** The text under a heading, up to the next one of the same or a higher level. */
export function section(markdown: string, heading: string): string {
	const lines = markdown.split('\n');
	const start = lines.indexOf(heading);
	if (start === -1) throw new Error(`There is no heading "${heading}".`);
	const level = heading.split(' ', 1)[0]!.length;
	const end = lines.findIndex((line, index) => index > start && headingLevel(line) > 0 && headingLevel(line) <= level);
	return lines.slice(start + 1, end === -1 ? undefined : end).join('\n');
}

/** What stands in backticks in the first cell of each row of the text's tables: what the tables are about. */
export function firstCells(markdown: string): string[] {
	return markdown
		.split('\n')
		.filter((line) => line.startsWith('|'))
		.flatMap((line) => [...line.split('|')[1]!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!));
}

/** Everything in backticks, outside of code blocks. */
export function backticked(markdown: string): string[] {
	return [...withoutBlocks(markdown).matchAll(/`([^`\n]+)`/g)].map(([, name]) => name!);
}

/** Every link to a file of the repository, relative to the document, without its fragment. */
export function links(markdown: string): { path: string; fragment: string }[] {
	return [...withoutBlocks(markdown).matchAll(/\]\(([^)\s]+)\)/g)]
		.map(([, target]) => target!)
		.filter((target) => !/^[a-z]+:/.test(target))
		.map((target) => ({ path: target.split('#')[0]!, fragment: target.split('#')[1] ?? '' }));
}

/** The fragments that GitHub gives a document's headings. */
export function anchors(markdown: string): string[] {
	return withoutBlocks(markdown)
		.split('\n')
		.filter((line) => headingLevel(line) > 0)
		.map((line) =>
			line
				.replace(/^#+ /, '')
				.toLowerCase()
				.replaceAll(/[^\w\- ]/g, '')
				.replaceAll(' ', '-'),
		);
}

/** The names of an interface's own fields, read from its source: types are gone when a test runs. */
export function fieldsOfInterface(path: string, name: string): string[] {
	const body = new RegExp(`interface ${name}[^{]*\\{\\n([\\s\\S]*?)\\n\\}`).exec(readText(path))?.[1];
	if (body === undefined) throw new Error(`${path} has no interface ${name}.`);
	return [...body.matchAll(/^\t(\w+)\??:/gm)].map(([, field]) => field!);
}

/** The words of a union of string literals, read from its source. */
export function wordsOfUnion(path: string, name: string): string[] {
	const body = new RegExp(`type ${name} =([^;]*);`).exec(readText(path))?.[1];
	if (body === undefined) throw new Error(`${path} has no type ${name}.`);
	return [...body.matchAll(/'([^']+)'/g)].map(([, word]) => word!);
}

export function isInRepository(path: string): boolean {
	return existsSync(fromRoot(path));
}

function headingLevel(line: string): number {
	return /^(#{1,6}) /.exec(line)?.[1]!.length ?? 0;
}

function withoutBlocks(markdown: string): string {
	return markdown.replaceAll(/^[ ]*```[\s\S]*?^[ ]*```/gm, '');
}
