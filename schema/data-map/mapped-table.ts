import type { DataClass } from '../../studios/policy/policy';

/** What a column may say; `docs/storage.md` has each in words. */
export const COLUMN_CLASSES = ['id', 'personal', 'secret', 'consent', 'credit', 'fact', 'time', 'proof'] as const;
export type ColumnClass = (typeof COLUMN_CLASSES)[number];

/**
 * What one table holds, of whom, for how long and what an erasure does to it. Export, erasure, canaries and the page that says
 * what is held are made from it; a table or column that is missing here fails the build.
 */
export interface MappedTable {
	/** The class of the policy, which has purpose, basis and retention. */
	readonly dataClass: DataClass;
	/** The column that says whose a row is, by each kind of owner; or the table it belongs to, and by which column. */
	readonly of: {
		readonly person?: string;
		readonly account?: string;
		readonly subject?: string;
		readonly parent?: { readonly table: string; readonly by: string };
	};
	/**
	 * What an erasure of the owner does with its rows: deletes them; empties the columns of `blank`; keeps them, because the
	 * policy's residue names them; or leaves them to their age, because nothing in them says whose they are.
	 */
	readonly erase: 'delete' | 'blank' | 'keep' | 'age';
	/** Whether its rows are in the copy that a person can have. */
	readonly isExported: boolean;
	/** Columns that are sealed under a key of the vault, by spaces. */
	readonly sealed?: string;
	/** The columns that name whose key they are under, by spaces: the first that is not null; left out: the row's own id. */
	readonly sealedUnder?: string;
	/** Columns that an erasure empties, by spaces. */
	readonly blank?: string;
	/** Every column, by what it may say; names by spaces. */
	readonly columns: { readonly [kind in ColumnClass]?: string };
}
