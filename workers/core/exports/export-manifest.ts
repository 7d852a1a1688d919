import { DATA_MAP, wordsOf } from '../../../schema/data-map/data-map';
import type { DataClass } from '../../../studios/policy/policy';
import type { Studio } from '../../../studios/studio';
import { SOURCE_LEFT_MS } from './export-media';
import { exportedTables, type ExportScope } from './export-rows';

/** One file of a copy, as the manifest lists it. */
export interface ExportedFile {
	name: string;
	dataClass: DataClass | null;
	/** Of a table's file. */
	table?: string;
	rows?: number;
	bytes: number;
	/** SHA-256 of its bytes, hexadecimal. */
	sha256: string;
}

export interface ManifestFacts {
	studio: Studio;
	scope: ExportScope;
	madeAtMs: number;
	files: readonly ExportedFile[];
}

/** What is in a copy and what is not, for programs (N17). */
export function manifestText({ studio, scope, madeAtMs, files }: ManifestFacts): string {
	const manifest = {
		format: 1,
		studio: studio.name,
		madeAt: new Date(madeAtMs).toISOString(),
		person: scope.userId,
		account: scope.accountId,
		counts: { files: files.length, rows: files.reduce((sum, { rows = 0 }) => sum + rows, 0) },
		classes: classesIn(studio, files),
		files,
		leftOut: leftOut(scope),
	};
	return `${JSON.stringify(manifest, null, '\t')}\n`;
}

function classesIn(studio: Studio, files: readonly ExportedFile[]) {
	const named = new Set(files.flatMap(({ dataClass }) => (dataClass === null ? [] : [dataClass])));
	return [...named].map((dataClass) => {
		const { title, purposes, basis, retention } = studio.policy.data[dataClass];
		return { class: dataClass, title, purposes, basis, retention };
	});
}

/** What a copy has not, each with why: nothing is left out in silence. */
export function leftOut({ accountId }: ExportScope): { what: string; why: string }[] {
	const secrets = exportedTables().flatMap(([name, table]) =>
		wordsOf(table.columns.secret).map((column) => `${name}.${column}`),
	);
	const unexported = Object.entries(DATA_MAP).filter(([, table]) => !table.isExported);
	const hours = SOURCE_LEFT_MS / 3_600_000;
	return [
		{
			what: secrets.join(', '),
			why: 'They let somebody in, or find something by a fingerprint. They are stored so that nobody can read them.',
		},
		{
			what: unexported.map(([name]) => name).join(', '),
			why: 'They hold nothing about a person, count tries under a fingerprint, or repeat what stands in another file.',
		},
		{
			what: `Photos that are deleted within ${hours} hours`,
			why: 'A copy may not outlive the photo. Save such a photo from its own page.',
		},
		{
			what: 'Names, addresses and places of other people in the account',
			why: 'They are theirs (Art. 15(4) GDPR). What they did in the account is in it.',
		},
		accountId === null
			? {
					what: 'What belongs to accounts you do not own',
					why: 'Their owner asks for it. Yours is what you did there.',
				}
			: {
					what: 'Other accounts you belong to',
					why: 'A copy holds the account that was chosen when it was asked for. Switch, and ask again there.',
				},
		{
			what: 'Card numbers and invoices at Stripe',
			why: 'We never have them. You see them under Billing, on the pages of Stripe.',
		},
	];
}
