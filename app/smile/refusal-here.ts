import { refusalOf, turnedAway, type Refusal } from '../api';

/**
 * A refusal to show where the person is looking. Signed out, or pointing at what is not theirs, there is nothing to
 * look at: those become another page.
 */
export async function refusalHere(
	answer: { readonly status: number; json(): Promise<unknown> },
	request: Request,
): Promise<Refusal> {
	if (answer.status === 401 || answer.status === 404) throw await turnedAway(answer, request);
	return refusalOf(answer);
}
