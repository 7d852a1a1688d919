import { retentionMs } from '../../studios/policy/policy';
import type { Studio } from '../../studios/studio';

const YEAR_MS = 365.25 * 86_400_000;

/** "2 years": how long a closed conversation is kept, as the studio's policy has it. */
export function keptFor({ policy }: Studio): string {
	const years = Math.round(retentionMs(policy, 'support') / YEAR_MS);
	return years === 1 ? '1 year' : `${years} years`;
}
