import * as z from 'zod/mini';

import type { ReadMark } from './mark';
import { hashFile } from './hash-file';
import { readMarkHere } from './marks';
import { proveStatement, readKeys, Statement, type StatementProof } from './statement';

/** More than that is held in memory by few phones. */
export const VERIFY_BYTES_MAX = 256 * 1024 * 1024;
/** A statement is a kilobyte. */
const STATEMENT_BYTES_MAX = 64 * 1024;
const HEAD_BYTES = 16;

export interface FoundStatement {
	readonly statement: Statement;
	readonly proof: StatementProof;
}

export type Finding =
	| {
			readonly about: 'file';
			readonly fileHash: string;
			/** Null: none is in it. `unread`: what reads it did not load here, or did not get through the file. */
			readonly mark: ReadMark | 'unread' | null;
			/** Null: it could not be asked. */
			readonly statements: readonly FoundStatement[] | null;
	  }
	| ({ readonly about: 'statement' } & FoundStatement)
	| { readonly about: 'refused'; readonly title: string; readonly sentence: string };

const TOO_LARGE: Finding = {
	about: 'refused',
	title: 'This file is too large to be read here',
	sentence: 'Up to 256 MB are read, since it is read in this browser’s memory. What left this service is smaller.',
};
const UNREADABLE: Finding = {
	about: 'refused',
	title: 'This is no file that leaves this service',
	sentence: 'Choose a JPEG, PNG or WebP picture, an MP4 film, or a statement whose name ends in .afterglow.json.',
};
const NO_STATEMENT: Finding = {
	about: 'refused',
	title: 'This is no statement of ours',
	sentence: 'It is text, and not in the form of a statement. Choose the file whose name ends in .afterglow.json.',
};

/** What can be said of a file. Its hash is all that is sent; of a statement, nothing is. `onProgress` hears 0 to 1. */
export async function verifyFile(file: File, onProgress: (share: number) => void): Promise<Finding> {
	if (file.size > VERIFY_BYTES_MAX) return TOO_LARGE;
	const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
	// The browser goes by the name, and a renamed file is what it is.
	const type = typeOf(head);
	if (type === null) return UNREADABLE;
	if (type === 'application/json') return verifyStatement(file);
	const fileHash = await hashFile(file, onProgress);
	const [mark, statements] = await Promise.all([
		readMarkHere(new Blob([file], { type })).catch(() => 'unread' as const),
		lookUp(fileHash),
	]);
	return { about: 'file', fileHash, mark, statements };
}

function typeOf(head: Uint8Array): string | null {
	const text = String.fromCharCode(...head);
	if (text.startsWith('\xff\xd8\xff')) return 'image/jpeg';
	if (text.startsWith('\x89PNG\r\n')) return 'image/png';
	if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return 'image/webp';
	if (text.slice(4, 8) === 'ftyp') return 'video/mp4';
	return /^\s*\{/.test(text) ? 'application/json' : null;
}

async function verifyStatement(file: File): Promise<Finding> {
	const statement = file.size > STATEMENT_BYTES_MAX ? null : statementIn(await file.text());
	if (statement === null) return NO_STATEMENT;
	return { about: 'statement', statement, proof: await proveStatement(statement, await readKeys()) };
}

function statementIn(text: string): Statement | null {
	try {
		const read = Statement.safeParse(JSON.parse(text));
		return read.success ? read.data : null;
	} catch {
		return null;
	}
}

const Found = z.object({ items: z.array(Statement) });

async function lookUp(fileHash: string): Promise<FoundStatement[] | null> {
	try {
		const answer = await fetch('/v1/provenance/look-up', {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ fileHash }),
		});
		if (!answer.ok) return null;
		const { items } = Found.parse(await answer.json());
		const keys = items.length === 0 ? null : await readKeys();
		return await Promise.all(
			items.map(async (statement) => ({
				statement,
				// What is about another file is no statement about this one, whoever signed it.
				proof: statement.body.fileHash === fileHash ? await proveStatement(statement, keys) : ('not_ours' as const),
			})),
		);
	} catch {
		return null;
	}
}
