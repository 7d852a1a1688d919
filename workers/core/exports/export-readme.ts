import { leftOut, type ManifestFacts } from './export-manifest';

/** The first file somebody opens: what this is, what lies where, what is missing and why. Plain text. */
export function readmeText({ studio, scope, madeAtMs, files }: ManifestFacts): string {
	const rows = files.reduce((sum, file) => sum + (file.rows ?? 0), 0);
	const media = files.filter(({ name }) => name.startsWith('media/')).length;
	const { controller } = studio.policy;
	return [
		`Your data at ${studio.name}`,
		`Made ${new Date(madeAtMs).toISOString()} (UTC). Our own copy of this file is deleted a day after it was ready, or before.`,
		'',
		scope.accountId === null
			? 'It holds what is stored about you.'
			: 'It holds what is stored about you, and everything in the account that you own.',
		'',
		'What lies where',
		`  data/           ${rows} rows in ${files.filter(({ table }) => table !== undefined).length} files, one for each table, as JSON`,
		`  media/          ${media} pictures and videos, as they are stored`,
		'  manifest.json   every file with its size and SHA-256, its kind of data, and how long that is kept and why',
		'',
		'Times end in _ms and count milliseconds since 1 January 1970, UTC. Names that end in _id point from one file into another.',
		'',
		'What is not in it',
		...leftOut(scope).flatMap(({ what, why }) => [`  ${what}`, `    ${why}`]),
		'',
		`Something is wrong or missing? Write to ${controller.email}, or use "Ask us" on the page Privacy.`,
		'',
	].join('\n');
}
