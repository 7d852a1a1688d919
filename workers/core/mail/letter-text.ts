import type { Letter, LetterPart } from './letter';

/** The letter as plain text. The line of two dashes and a space is what mail programs know a signature by (RFC 3676, 4.3). */
export function letterText({ heading, parts, footer = [] }: Letter, studioName: string): string {
	const below = footer.map((line) => (typeof line === 'string' ? line : `${line.label}:\n${line.url}`));
	return `${[heading, ...parts.map(textOf)].join('\n\n')}\n\n-- \n${[studioName, ...below].join('\n')}\n`;
}

function textOf(part: LetterPart): string {
	switch (part.kind) {
		case 'code':
			return part.code;
		case 'action':
			return `${part.label}:\n${part.url}`;
		case 'words':
		case 'heading':
		case 'aside':
			return part.words;
	}
}
