import { lookupHash } from '../accounts/person-hash';
import type { AccessDeps, Deps } from '../deps';
import { ERASED, openOrEarlier } from '../vault/earlier';
import { sealText } from '../vault/seal-text';

const PLACE = 'subjects.reference';

/** A reference as its row keeps it: sealed, and a hash that tells equal ones of one account apart from others. */
export async function sealReference(
	deps: Pick<AccessDeps, 'vault' | 'lookupKey'>,
	{ subjectId, accountId, reference }: { subjectId: string; accountId: string; reference: string },
): Promise<{ reference: string; referenceHash: string }> {
	const [sealed, referenceHash] = await Promise.all([
		sealText(deps, { owner: subjectId, place: PLACE, text: reference }),
		referenceHashOf(deps, { accountId, reference }),
	]);
	return { reference: sealed, referenceHash };
}

export function referenceHashOf(
	{ lookupKey }: Pick<AccessDeps, 'lookupKey'>,
	{ accountId, reference }: { accountId: string; reference: string },
): Promise<string> {
	return lookupHash(lookupKey, 'reference', accountId, reference);
}

/** The reference as it was given, or "erased". */
export async function openReference(
	deps: Pick<Deps, 'vault'>,
	{ subjectId, reference }: { subjectId: string; reference: string },
): Promise<string> {
	return (await openOrEarlier(deps, { owner: subjectId, place: PLACE, stored: reference })) ?? ERASED;
}

/** The same of a left join: null where there is nobody. */
export async function openReferenceOf(
	deps: Pick<Deps, 'vault'>,
	{ subjectId, reference }: { subjectId: string | null; reference: string | null },
): Promise<string | null> {
	if (subjectId === null || reference === null) return null;
	return openReference(deps, { subjectId, reference });
}
