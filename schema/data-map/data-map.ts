import type { MappedTable } from './mapped-table';
import { MONEY } from './money';
import { PEOPLE } from './people';
import { PROOFS } from './proofs';
import { WORK } from './work';

/** Every table of the database (DD-37). */
export const DATA_MAP: Readonly<Record<string, MappedTable>> = { ...PEOPLE, ...WORK, ...MONEY, ...PROOFS };

/** Every prefix of the bucket `MEDIA`, and whose its second part names. */
export const PREFIX_MAP = {
	src: { dataClass: 'source', of: 'account' },
	logo: { dataClass: 'account', of: 'account' },
	pap: { dataClass: 'consent', of: 'account' },
	out: { dataClass: 'output', of: 'account' },
	exp: { dataClass: 'export', of: 'person' },
} as const;

/** A mapped table's words: `wordsOf('id name')` is `['id', 'name']`. */
export function wordsOf(words: string | undefined): string[] {
	return words === undefined || words === '' ? [] : words.split(' ');
}
