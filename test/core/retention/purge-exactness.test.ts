import fc from 'fast-check';
import { expect, test } from 'vitest';

import { sweep } from '../../../workers/core/retention/sweep';
import { givenAccount } from '../../support/given';
import { propertyParameters } from '../../support/property';
import { givenPhoto, hasBytes, photoRow, receiptsOf, retentionWorld } from './retention-world';

const MINUTE_MS = 60_000;

/** R1–R3: over any due times and any pattern of crons, early, missed or doubled, what is gone is exactly what was due. */
test('what a sweep has deleted is exactly what was due', async () => {
	const minutes = fc.integer({ min: 16, max: 300 });
	await fc.assert(
		fc.asyncProperty(
			fc.array(minutes, { minLength: 1, maxLength: 6 }),
			fc.array(fc.record({ after: fc.integer({ min: 0, max: 120 }), isDoubled: fc.boolean() }), { maxLength: 6 }),
			async (dues, crons) => {
				const deps = await retentionWorld();
				const actor = await givenAccount(deps);
				const photos = [];
				for (const due of dues) photos.push(await givenPhoto(deps, actor, { dueInMs: due * MINUTE_MS }));

				for (const cron of crons) {
					deps.clock.advance({ minutes: cron.after });
					const at = { scheduledAtMs: deps.now().getTime() };
					await Promise.all([sweep(deps, at), ...(cron.isDoubled ? [sweep(deps, at)] : [])]);

					const nowMs = deps.now().getTime();
					for (const photo of photos) {
						const isDue = photo.deleteAtMs <= nowMs;
						expect(await hasBytes(photo.objectKey)).toBe(!isDue);
						expect((await photoRow(deps, photo.id))?.state).toBe(isDue ? 'deleted' : 'ready');
					}
					const gone = photos.filter(({ deleteAtMs }) => deleteAtMs <= nowMs);
					expect(await receiptsOf(deps, actor)).toHaveLength(gone.length);
				}
			},
		),
		propertyParameters('purge exactness', 12),
	);
});
