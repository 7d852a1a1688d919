import type { JobDeps } from '../deps';
import { replayTombstones } from '../vault/replay-tombstones';
import { removeUnnamed } from './remove-unnamed';
import { walk } from './walk';

/** Once an hour each, until the day's walk has ended. */
const ORPHANS_MINUTE = 12;
const TOMBSTONES_MINUTE = 42;
/** A thousand objects each, in four calls. */
const ORPHAN_SLICES = 20;
/** A thousand ids each, in a call for each thousand tombstones. */
const TOMBSTONE_SLICES = 5;
/** Each costs some twenty statements of the thousand that all steps have; `replay-erasures` takes more at once. */
const REPLAYED_MAX = 5;

/** The sweep's steps that go through everything, a part of it an hour. */
export function walkSteps(deps: JobDeps, dueMs: number): readonly [name: string, step: () => Promise<unknown>][] {
	const minute = new Date(dueMs).getUTCMinutes();
	const orphans = () =>
		walk(deps, {
			name: 'orphans',
			dueMs,
			slicesMax: ORPHAN_SLICES,
			take: (cursor) => removeUnnamed(deps, { cursor, dueMs }),
		});
	const tombstones = () =>
		walk(deps, {
			name: 'tombstones',
			dueMs,
			slicesMax: TOMBSTONE_SLICES,
			foundMax: REPLAYED_MAX,
			take: async (cursor) => {
				const { looked, begun, cursor: next } = await replayTombstones(deps, { cursor, begunMax: REPLAYED_MAX });
				return { looked, found: begun, cursor: next };
			},
		});
	if (minute === ORPHANS_MINUTE) return [['orphans', orphans]];
	if (minute === TOMBSTONES_MINUTE) return [['tombstones', tombstones]];
	return [];
}
