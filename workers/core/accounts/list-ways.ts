import { and, asc, eq, inArray } from 'drizzle-orm';

import { signInMethods } from '../../../schema/users';
import type { Deps } from '../deps';
import { SIGN_IN_PROVIDERS, type SignInProvider } from '../gateways/sign-in/sign-in-gateway';

export interface ConnectedWay {
	id: string;
	way: SignInProvider;
	linkedAt: Date;
}

/** The providers that somebody connected, the oldest first. */
export async function listWays({ db }: Pick<Deps, 'db'>, { userId }: { userId: string }): Promise<ConnectedWay[]> {
	const rows = await db
		.select({ id: signInMethods.id, provider: signInMethods.providerId, linkedAt: signInMethods.createdAt })
		.from(signInMethods)
		.where(and(eq(signInMethods.userId, userId), inArray(signInMethods.providerId, [...SIGN_IN_PROVIDERS])))
		.orderBy(asc(signInMethods.createdAt), asc(signInMethods.id));
	return rows.flatMap(({ id, provider, linkedAt }) => {
		const way = SIGN_IN_PROVIDERS.find((each) => each === provider);
		return way === undefined ? [] : [{ id, way, linkedAt }];
	});
}
