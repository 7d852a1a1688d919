import { and, eq } from 'drizzle-orm';

import { accounts } from '../../../schema/accounts';
import { uploads } from '../../../schema/uploads';
import { jurisdictionOf, type Jurisdiction } from '../../../studios/publish-rules';
import type { Actor } from '../actor';
import type { Deps } from '../deps';
import { notFound } from '../errors';
import { signView } from '../uploads/read-upload';
import { isServable } from '../uploads/upload-state';

export interface Account {
	id: string;
	name: string;
	phone: string | null;
	website: string | null;
	address: string | null;
	/** A view of the logo, for minutes. */
	logoUrl: string | null;
	/** Where it advertises, by whose rules the publish gate goes. */
	jurisdiction: Jurisdiction;
	/** False: nobody has said so, and the studio's strictest place is assumed. */
	isJurisdictionChosen: boolean;
	createdAt: string;
}

/** The account's profile, in one D1 statement. Everything but the name may be empty (DD-06). */
export async function readAccount(
	deps: Pick<Deps, 'db' | 'now' | 'studio' | 'mediaOrigin' | 'urlSigningKey'>,
	{ actor }: { actor: Actor },
): Promise<Account> {
	const [row] = await deps.db
		.select({ account: accounts, logo: uploads })
		.from(accounts)
		.leftJoin(uploads, and(eq(uploads.id, accounts.logoUploadId), eq(uploads.accountId, accounts.id)))
		.where(eq(accounts.id, actor.accountId));
	if (row === undefined) throw notFound('account');
	const { logo } = row;
	const { id, name, phone, website, address, createdAtMs } = row.account;
	const nowMs = deps.now().getTime();
	const place = jurisdictionOf(deps.studio.slug, row.account.jurisdiction);
	return {
		id,
		name,
		phone,
		website,
		address,
		logoUrl: logo !== null && isServable(logo, nowMs) ? await signView(deps, logo, nowMs) : null,
		jurisdiction: place.jurisdiction,
		isJurisdictionChosen: place.isChosen,
		createdAt: new Date(createdAtMs).toISOString(),
	};
}
