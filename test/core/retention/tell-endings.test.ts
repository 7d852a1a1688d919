import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { mails } from '../../../schema/mail';
import { grantCredits } from '../../../workers/core/credits/grant-credits';
import { toCredits } from '../../../workers/core/money';
import { sweep } from '../../../workers/core/retention/sweep';
import { givenAccount } from '../../support/given';
import { renderWorld } from '../../support/render-world';

const DAY_MS = 86_400_000;
const PACKS = 13;

test('a sweep tells of at most ten packs that end, and the next of the others, each once', async () => {
	const deps = await renderWorld();
	deps.mailer = { send: () => Promise.resolve({ kind: 'taken', providerId: null }) };
	const { accountId } = await givenAccount(deps);
	for (let pack = 0; pack < PACKS; pack += 1) {
		const grant = { entryId: `grant:stripe:pi_${pack}`, accountId, amount: toCredits(10), source: 'pack' as const };
		await grantCredits(deps, { ...grant, expiresAtMs: deps.now().getTime() + DAY_MS + pack });
	}
	const told = async () => (await deps.db.select().from(mails).where(eq(mails.kind, 'credits_ending'))).length;
	const run = () => sweep(deps, { scheduledAtMs: deps.now().getTime() });

	expect(await run()).toMatchObject({ failures: 0 });
	expect(await told()).toBe(10);
	await run();
	expect(await told()).toBe(PACKS);
	await run();
	expect(await told()).toBe(PACKS);
});
