import { policyAcceptances, policyVersions } from '../../../schema/policy';
import type { PolicyVersion } from '../../../studios/policy/policy';
import { STUDIOS } from '../../../studios/all';
import type { Studio } from '../../../studios/studio';
import type { Deps } from '../../../workers/core/deps';

export const FIRST = '2026-11-21';

/** The practice's studio with these versions after its first. */
export function studioWith(...later: readonly Partial<PolicyVersion>[]): Studio {
	const { dental } = STUDIOS;
	const versions = later.map((version, index): PolicyVersion => ({
		version: `2026-12-${String(index + 1).padStart(2, '0')}`,
		announced: '2026-11-22',
		effective: '2026-12-20',
		isMaterial: true,
		changes: ['Photos are kept for 12 hours instead of 24.'],
		review: { state: 'draft' },
		...version,
	}));
	return { ...dental, policy: { ...dental.policy, versions: [...dental.policy.versions, ...versions] } };
}

/** The registry and who accepted what, without who it was. */
export async function registryOf({ db }: Pick<Deps, 'db'>) {
	return db.select().from(policyVersions).orderBy(policyVersions.version);
}

export async function emptyRegistry({ db }: Pick<Deps, 'db'>): Promise<void> {
	await db.batch([db.delete(policyAcceptances), db.delete(policyVersions)]);
}
