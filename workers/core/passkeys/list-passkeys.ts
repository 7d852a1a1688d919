import { asc, eq } from 'drizzle-orm';

import { passkeys } from '../../../schema/users';
import type { Deps } from '../deps';

export interface Passkey {
	id: string;
	name: string;
	createdAt: Date;
	/** Kept by its maker on several devices; else it goes with the device. */
	isBackedUp: boolean;
}

/** Somebody's passkeys, the oldest first. */
export async function listPasskeys({ db }: Pick<Deps, 'db'>, { userId }: { userId: string }): Promise<Passkey[]> {
	const rows = await db
		.select({ id: passkeys.id, name: passkeys.name, createdAt: passkeys.createdAt, isBackedUp: passkeys.backedUp })
		.from(passkeys)
		.where(eq(passkeys.userId, userId))
		.orderBy(asc(passkeys.createdAt), asc(passkeys.id));
	return rows.map(({ name, createdAt, ...row }) => ({
		...row,
		name: name ?? 'Passkey',
		createdAt: createdAt ?? new Date(0),
	}));
}
