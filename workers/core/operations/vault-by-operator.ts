import type { Whence } from '../actor';
import { operatorStatement } from '../audit/operator-entry';
import { withD1Retry } from '../d1-retry';
import type { AccessDeps } from '../deps';
import { replayTombstones, type Replayed } from '../vault/replay-tombstones';
import { rotateKeys, type Rotated } from '../vault/rotate-keys';
import { sealEarlier } from '../vault/seal-earlier';

type VaultDeps = Pick<AccessDeps, 'db' | 'now' | 'newId' | 'vault'>;
type Action = 'vault.rotated' | 'vault.sealed' | 'erasures.replayed';

/** Wraps a page of keys anew (`rotateKeys`), and records how many. */
export async function rotateByOperator(
	deps: VaultDeps,
	{ whence, cursor }: { whence: Whence; cursor: string | null },
): Promise<Rotated> {
	const rotated = await rotateKeys(deps, { cursor });
	await record(deps, whence, 'vault.rotated', rotated.rewrapped);
	return rotated;
}

/** Seals some rows of earlier versions (`sealEarlier`), and records how many. */
export async function sealByOperator(
	deps: VaultDeps & Pick<AccessDeps, 'lookupKey'>,
	{ whence }: { whence: Whence },
): Promise<{ sealed: number; left: number }> {
	const answer = await sealEarlier(deps);
	await record(deps, whence, 'vault.sealed', answer.sealed);
	return answer;
}

/** Begins again what a restore undid (`replayTombstones`), and records how many. */
export async function replayByOperator(
	deps: VaultDeps & Pick<AccessDeps, 'queue' | 'studio'>,
	{ whence, cursor }: { whence: Whence; cursor: string | null },
): Promise<Replayed> {
	const replayed = await replayTombstones(deps, { cursor });
	await record(deps, whence, 'erasures.replayed', replayed.begun);
	return replayed;
}

/** One call of many: one that found nothing to do leaves no entry. */
async function record(deps: VaultDeps, whence: Whence, action: Action, count: number): Promise<void> {
	if (count === 0) return;
	const entry = await operatorStatement(deps, { whence, accountId: null, action, facts: { count: String(count) } });
	await withD1Retry(() => entry.statement.run());
}
