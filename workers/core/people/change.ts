import { and, eq, gt, type SQL } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';

import { sessions } from '../../../schema/users';
import { changeStatements, type Changer } from '../accounts/tell-person';
import { isGateShut, type AuditAction } from '../audit/audit-statement';
import type { AccessDeps } from '../deps';
import { AppError } from '../errors';
import { tellMail } from '../mail/queue-mail';

type Told = Parameters<typeof changeStatements>[2]['told'];

/**
 * One change to how somebody signs in, in one batch: its audit entry as a gate, the change, the mail that tells them. `shut` says
 * why the gate was, unless the session that asked has ended.
 */
export async function changePerson(
	deps: AccessDeps,
	changer: Changer,
	change: {
		action: AuditAction;
		told: Told;
		holds: SQL | undefined;
		statements: readonly BatchItem<'sqlite'>[];
		shut: () => AppError | Promise<AppError>;
	},
): Promise<void> {
	const { action, told, holds, statements, shut } = change;
	const { gate, mail, mailId } = await changeStatements(deps, changer, { entry: { action }, told, holds });
	try {
		await deps.db.batch([gate, ...statements, ...mail]);
	} catch (cause) {
		if (!isGateShut(cause)) throw cause;
		throw (await isSessionOver(deps, changer)) ? signedOut() : await shut();
	}
	await tellMail(deps, mailId);
}

async function isSessionOver({ db }: AccessDeps, { person }: Changer): Promise<boolean> {
	const [session] = await db
		.select({ id: sessions.id })
		.from(sessions)
		.where(and(eq(sessions.id, person.sessionId), gt(sessions.expiresAt, new Date())));
	return session === undefined;
}

function signedOut(): AppError {
	return new AppError('not_signed_in', 'You signed out meanwhile. Nothing was changed. Sign in again.');
}
