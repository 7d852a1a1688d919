import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { uploads } from '../../../schema/uploads';
import { STUDIOS } from '../../../studios/all';
import { startRender } from '../../../workers/core/renders/start-render';
import { givenAccount } from '../../support/given';
import { deliver, finishStage, givenReadyUpload, renderWorld, rowsOf, smileOrder } from '../../support/render-world';

const HOUR_MS = 3_600_000;

test('a photo whose clock runs from its arrival leaves a day after it came, whatever is made from it', async () => {
	const deps = await renderWorld();
	const { dental, image } = STUDIOS;
	deps.studio = { ...dental, policy: { ...dental.policy, data: image.policy.data } };
	const actor = await givenAccount(deps);
	const upload = await givenReadyUpload(deps, actor);
	const deleteAtMs = deps.now().getTime() + 24 * HOUR_MS;
	const photo = async () => (await deps.db.select().from(uploads).where(eq(uploads.id, upload.id)))[0];

	deps.clock.advance({ hours: 20 });
	const { id } = await startRender(deps, smileOrder(actor, upload.id));
	expect(await photo()).toMatchObject({ deleteAtMs, deleteClock: 'creation' });
	await deliver(deps);
	await finishStage(deps);
	await finishStage(deps);

	expect((await rowsOf(deps, id)).render.state).toBe('succeeded');
	expect(await photo()).toMatchObject({ deleteAtMs, deleteClock: 'creation' });
	// What could not end before the photo does is not begun.
	deps.clock.advance({ hours: 3, minutes: 50 });
	await expect(startRender(deps, smileOrder(actor, upload.id))).rejects.toMatchObject({ code: 'gone' });
});
