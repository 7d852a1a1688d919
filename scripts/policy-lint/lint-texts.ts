import type { ProductPolicy, Retention } from '../../studios/policy/policy';
import type { PolicyWorld } from './world';

const DAY_MS = 86_400_000;

/** What a template leaves behind (DS-20). */
const LEFT_OVER = /<if\b|\bTODO\b|\bFIXME\b|\bTBD\b|\blorem\b|\[[^\]]*\]|\{\{|\bXXX\b/i;
const PERIOD = String.raw`(?:\d+|an?|one|two|three) (?:minute|hour|day|week|month|year)s?`;
/** "until you delete it, or until 24 hours after": nobody can say which of the two is promised (DS-26). */
const TWO_PERIODS = new RegExp(
	String.raw`${PERIOD}[^.;]*\bor\b[^.;]*${PERIOD}|\buntil\b[^.;]*\bor\b[^.;]*(?:\buntil\b|${PERIOD})`,
	'i',
);

/** Every string below a value, with where it stands. */
function stringsOf(value: unknown, place: string): { place: string; text: string }[] {
	if (typeof value === 'string') return [{ place, text: value }];
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([key, member]) => stringsOf(member, `${place}.${key}`));
}

function lintSentences(world: PolicyWorld): string[] {
	return Object.entries(world.studios).flatMap(([slug, { policy, claims }]) => {
		const said = [
			...stringsOf(policy, slug),
			...claims.map(({ id, sentence }) => ({ place: `${slug} claim ${id}`, text: sentence })),
		];
		return said.flatMap(({ place, text }) => [
			...(LEFT_OVER.test(text)
				? [`${place} still holds text of a template: "${text}". Write what is true there.`]
				: []),
			...(TWO_PERIODS.test(text)
				? [`${place} joins two periods by "or": "${text}". Say which of the two counts, the earlier one.`]
				: []),
		]);
	});
}

function wrongRetention(retention: Retention): string | null {
	switch (retention.mode) {
		case 'duration':
			if (!Number.isSafeInteger(retention.ms) || retention.ms <= 0) return 'has no number of milliseconds';
			return retention.anchor.trim() === '' ? 'does not say what starts its clock' : null;
		case 'statutory':
			if (!Number.isSafeInteger(retention.years) || retention.years <= 0) return 'has no number of years';
			return retention.why.trim() === '' ? 'does not say which law asks for it' : null;
		case 'for_good':
			return retention.why.trim() === '' ? 'does not say why it stays for good' : null;
		case 'until_deleted':
			return null;
	}
}

function lintClasses(world: PolicyWorld): string[] {
	return Object.entries(world.studios).flatMap(([slug, { policy }]) =>
		Object.entries(policy.data).flatMap(([name, { retention, purposes }]) => {
			const wrong = wrongRetention(retention);
			return [
				...(wrong === null
					? []
					: [
							`The retention of ${name} in ${slug} ${wrong}. Give it a number in studios/policy: "reasonable" is none.`,
						]),
				...(purposes.length === 0
					? [`${name} in ${slug} is kept for no purpose. Say what it is for, or keep it no longer.`]
					: []),
			];
		}),
	);
}

function isDay(text: string): boolean {
	const at = Date.parse(`${text}T00:00:00.000Z`);
	return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

/** A version that is told of too late, has no full date, or is not the text that was read. */
function lintVersions(slug: string, policy: ProductPolicy, hash: string): string[] {
	const { versions, changes } = policy;
	const newest = versions.at(-1);
	const wrong: string[] =
		newest === undefined ? [`The policy of ${slug} has no version. Give it one in studios/policy.`] : [];
	for (const [index, { version, announced, effective, isMaterial, changes: said }] of versions.entries()) {
		const before = versions[index - 1];
		if (![version, announced, effective].every(isDay)) {
			wrong.push(`Version ${version} of ${slug} has a date that is none. Write days like 2026-11-21.`);
			continue;
		}
		if (before === undefined) continue;
		if (version <= before.version) {
			wrong.push(`Version ${version} of ${slug} stands after ${before.version}. Give it a later name.`);
		}
		if (said.length === 0) {
			wrong.push(`Version ${version} of ${slug} does not say what changes. Add a sentence for each change.`);
		}
		const notice = isMaterial ? changes.noticeDays : 0;
		if (Date.parse(effective) - Date.parse(announced) < notice * DAY_MS) {
			wrong.push(
				`Version ${version} of ${slug} holds from ${effective}, which is less than ${notice} days after ${announced}. Move its day.`,
			);
		}
	}
	if (newest?.review.state === 'reviewed' && newest.review.textHash !== hash) {
		wrong.push(
			`The text of ${slug} is not the one that ${newest.review.by} read (${newest.review.textHash}). Restore it, have it read again (${hash}), or give the change a version of its own.`,
		);
	}
	return wrong;
}

function lintController(slug: string, { controller }: ProductPolicy): string[] {
	const isAddress =
		/^[^\s@]+@[^\s@]+\.[a-z]{2,}$/i.test(controller.email) && !/@(?:.+\.)?example\./.test(controller.email);
	return [
		...(isAddress ? [] : [`${slug} has the contact address "${controller.email}". Write one that somebody reads.`]),
		...Object.entries(controller)
			.filter(([, text]) => text.trim() === '')
			.map(([field]) => `${slug} does not say its controller's ${field}. Write it, or the reason why there is none.`),
	];
}

/** What the policy says by itself: its words, its numbers, its versions. */
export function lintTexts(world: PolicyWorld): string[] {
	return [
		...lintSentences(world),
		...lintClasses(world),
		...Object.entries(world.studios).flatMap(([slug, { policy, hash }]) => [
			...lintVersions(slug, policy, hash),
			...lintController(slug, policy),
		]),
	];
}
