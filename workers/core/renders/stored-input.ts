import { z } from 'zod';

import type { AccessDeps, Deps } from '../deps';
import { openOrEarlier } from '../vault/earlier';
import { sealText } from '../vault/seal-text';

const PLACE = 'renders.input';
const Input = z.record(z.string(), z.unknown());

/** Whose an order is: the person's in the picture, where there is one, else the account's. */
interface Owners {
	accountId: string;
	subjectId: string | null;
}

/** What was ordered, as its row keeps it: JSON, sealed as one value. */
export function sealInput(
	deps: Pick<AccessDeps, 'vault'>,
	{ accountId, subjectId, input }: Owners & { input: Record<string, unknown> },
): Promise<string> {
	return sealText(deps, { owner: subjectId ?? accountId, place: PLACE, text: JSON.stringify(input) });
}

/** What was ordered; null once it was erased. */
export async function openInput(
	deps: Pick<Deps, 'vault'>,
	{ accountId, subjectId, input }: Owners & { input: string },
): Promise<Record<string, unknown> | null> {
	const text = await openOrEarlier(deps, { owner: subjectId ?? accountId, place: PLACE, stored: input });
	return text === null ? null : Input.parse(JSON.parse(text));
}

/** The same for people: what was erased says so. */
export async function openShownInput(
	deps: Pick<Deps, 'vault'>,
	render: Owners & { input: string },
): Promise<Record<string, unknown>> {
	return (await openInput(deps, render)) ?? { erased: true };
}
