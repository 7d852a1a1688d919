import { and, eq } from 'drizzle-orm';

import { mailSuppressions } from '../../../schema/mail';
import type { AccessDeps } from '../deps';
import { AppError } from '../errors';
import { CODE_MINUTES, newCode, tryCode } from '../people/mailed-code';
import { addressHashOf } from './address-hash';
import { mailStatements, tellMail } from './queue-mail';

type Reader = { userId: string; email: string };

/** Mails a code to an address that mail bounced off, the one mail that goes there. Refused where mail arrives. */
export async function mailAddressCode(deps: AccessDeps, { userId, email }: Reader): Promise<void> {
	const [suppressed] = await deps.db
		.select({ reason: mailSuppressions.reason })
		.from(mailSuppressions)
		.where(await isBounced(deps, email));
	if (suppressed === undefined) {
		throw new AppError('conflict', 'Mail to this address arrives, as far as we know. There is nothing to confirm.');
	}
	const { code, statements } = newCode(deps, { purpose: 'address', of: `${userId} ${email}` });
	const mail = await mailStatements(deps, { kind: 'address_code', to: email, code, minutes: CODE_MINUTES }, { userId });
	await deps.db.batch([...statements, ...mail.statements]);
	await tellMail(deps, mail.mailId);
}

/** Sends mail to an address again, once somebody brought the code that went there. The code and what it lifts go in one batch. */
export async function proveArrival(
	deps: AccessDeps,
	{ userId, email, code }: Reader & { code: string },
): Promise<void> {
	const right = await tryCode(deps, { purpose: 'address', of: `${userId} ${email}`, code });
	await deps.db.batch([
		deps.db.delete(mailSuppressions).where(and(await isBounced(deps, email), right.isOpen)),
		right.takeStatement,
	]);
}

async function isBounced({ mailKey }: AccessDeps, email: string) {
	return and(
		eq(mailSuppressions.addressHash, await addressHashOf(mailKey, email)),
		eq(mailSuppressions.reason, 'bounced'),
	);
}
