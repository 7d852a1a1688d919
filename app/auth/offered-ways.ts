import { z } from 'zod';

import { SIGN_IN_WAYS, type SignInWay } from '../../studios/studio';
import { apiFor, turnedAway } from '../api';
import type { LoadContext } from '../load-context';

const Offer = z.object({ signIn: z.array(z.enum(SIGN_IN_WAYS)) });

/** The ways in that this studio offers and has configured, in its order. */
export async function offeredWays(context: LoadContext, request: Request): Promise<readonly SignInWay[]> {
	const answer = await apiFor(context, request).v1.studio.$get();
	if (!answer.ok) throw await turnedAway(answer, request);
	return Offer.parse(await answer.json()).signIn;
}
