/** What a mail says, before it is text and HTML. One list for both, so that they cannot say different things. */
export interface Letter {
	subject: string;
	heading: string;
	parts: readonly LetterPart[];
	/** Below the studio's name: what the law wants said of mail that nobody needs, and the ways out of it. */
	footer?: readonly FooterLine[];
}

export type FooterLine = string | { label: string; url: string };

export type LetterPart =
	| { kind: 'words'; words: string }
	/** Above what belongs together in a long letter. */
	| { kind: 'heading'; words: string }
	/** Said more quietly: what to do when it was not you. */
	| { kind: 'aside'; words: string }
	| { kind: 'code'; code: string }
	| { kind: 'action'; label: string; url: string };

const TYPED_LENGTH_MAX = 80;
/** Line breaks, other control characters, and those that turn the direction of what follows. */
const UNFIT = /[\p{Cc}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]+/gu;

/** What somebody typed, fit for a sentence and a subject: one line, of a bounded length, that turns nothing around it. */
export function typed(words: string): string {
	const line = words.replace(UNFIT, ' ').replace(/\s+/g, ' ').trim();
	const letters = Array.from(line);
	return letters.length > TYPED_LENGTH_MAX ? `${letters.slice(0, TYPED_LENGTH_MAX).join('')}…` : line;
}

/** "1 minute", "10 minutes" */
export function counted(count: number, one: string): string {
	return count === 1 ? `1 ${one}` : `${count} ${one}s`;
}
