import type { Claim } from '../../studios/policy/policy';
import type { PolicyWorld } from './world';

/** A test's title as its file writes it, between quotes. */
export function hasTest(code: string, title: string): boolean {
	return ["'", '"', '`'].some((quote) => code.includes(`${quote}${title}${quote}`));
}

function lintClaim(claim: Claim, { read }: PolicyWorld): string[] {
	const { id, tests, enforcedBy, grade, evidence } = claim;
	const needsTests = grade !== 'E5';
	return [
		...(needsTests && tests.length === 0
			? [`Claim ${id} names no test. Name one that shows it, or have a person vouch for it (E5).`]
			: []),
		...(needsTests && enforcedBy.length === 0 ? [`Claim ${id} does not say what keeps it. Name the files.`] : []),
		...(grade === 'E4' && evidence === undefined
			? [`Claim ${id} is to be shown by evidence, and names none. Name the class whose evidence it is.`]
			: []),
		...enforcedBy
			.filter((file) => read(file) === null)
			.map((file) => `Claim ${id} is kept by ${file}, which is not there. Name the file that keeps it now.`),
		...tests.flatMap(({ file, title }) => {
			const code = read(file);
			if (code === null)
				return [`Claim ${id} is shown by ${file}, which is not there. Name the test that shows it now.`];
			if (hasTest(code, title)) return [];
			return [`Claim ${id} is shown by "${title}", which ${file} has not. Name the test that shows it now.`];
		}),
	];
}

/** Claims whose proof is not there, and ids that stand for two claims. */
export function lintClaims(world: PolicyWorld): string[] {
	const seen = new Set<string>();
	return Object.entries(world.studios).flatMap(([slug, { claims }]) => [
		...(claims.length === 0 ? [`${slug} claims nothing. Write its claims in studios/policy/claims.`] : []),
		...claims.flatMap((claim) => {
			const isSecond = seen.has(claim.id);
			seen.add(claim.id);
			return [
				...(isSecond ? [`${claim.id} stands for two claims. Give one of them another id.`] : []),
				...lintClaim(claim, world),
			];
		}),
	]);
}
