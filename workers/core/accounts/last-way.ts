import { sql, type SQL } from 'drizzle-orm';

import { passkeys, signInMethods, users } from '../../../schema/users';
import type { SignInWay } from '../../../studios/studio';
import { SIGN_IN_PROVIDERS } from '../gateways/sign-in/sign-in-gateway';

/**
 * In how many ways that are offered here somebody gets in without this one. A mailed code is one wherever it is offered: a
 * proved address is enough for it. A provider that was connected while it was configured and is not any more counts for
 * nothing.
 */
export function waysWithout(userId: string, offered: readonly SignInWay[], withoutId: string): SQL {
	const providers = SIGN_IN_PROVIDERS.filter((provider) => offered.includes(provider));
	const password = sql`m.provider_id = 'credential' and m.password_hash is not null`;
	const methods = [
		...(offered.includes('password') ? [sql`(${password})`] : []),
		...providers.map((provider) => sql`m.provider_id = ${provider}`),
	];
	const counts = [
		...(offered.includes('code')
			? [sql`(select count(*) from ${users} u where u.id = ${userId} and u.email_verified = 1)`]
			: []),
		...(methods.length > 0
			? [
					sql`(select count(*) from ${signInMethods} m where m.user_id = ${userId} and m.id <> ${withoutId} and (${sql.join(methods, sql` or `)}))`,
				]
			: []),
		...(offered.includes('passkey')
			? [sql`(select count(*) from ${passkeys} k where k.user_id = ${userId} and k.id <> ${withoutId})`]
			: []),
	];
	return counts.length === 0 ? sql`0` : sql`(${sql.join(counts, sql` + `)})`;
}
