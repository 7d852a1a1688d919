import type { AccessDeps, Deps } from '../deps';
import { ERASED, openOrEarlier } from '../vault/earlier';
import { sealText } from '../vault/seal-text';

/** What of a consent is somebody's words or name. */
export const SEALED_ELEMENTS = {
	description: 'consents.description',
	discloser: 'consents.discloser',
	recipient: 'consents.recipient',
	signerName: 'consents.signer_name',
	representativeAuthority: 'consents.representative_authority',
} as const;

type Elements = { [Element in keyof typeof SEALED_ELEMENTS]: string | null };

/** Each as its column keeps it. What was left empty is null, so that it is still seen to be missing. */
export function sealElements(
	deps: Pick<AccessDeps, 'vault'>,
	{ subjectId, elements }: { subjectId: string; elements: Elements },
): Promise<Elements> {
	return eachElement(elements, async (place, text) =>
		text.trim() === '' ? null : sealText(deps, { owner: subjectId, place, text }),
	);
}

/** Each as it was written, or "erased". */
export function openElements(
	deps: Pick<Deps, 'vault'>,
	{ subjectId, elements }: { subjectId: string; elements: Elements },
): Promise<Elements> {
	return eachElement(
		elements,
		async (place, stored) => (await openOrEarlier(deps, { owner: subjectId, place, stored })) ?? ERASED,
	);
}

const SIGNATURE_PLACE = 'consents.signature';

/** Strokes as the column keeps them; null stays null. */
export async function sealSignature(
	deps: Pick<AccessDeps, 'vault'>,
	{ subjectId, signature }: { subjectId: string; signature: string | null },
): Promise<string | null> {
	return signature === null ? null : sealText(deps, { owner: subjectId, place: SIGNATURE_PLACE, text: signature });
}

/** The strokes as they were drawn; null: none were, or they are erased. */
export async function openSignature(
	deps: Pick<Deps, 'vault'>,
	{ subjectId, signature }: { subjectId: string; signature: string | null },
): Promise<string | null> {
	return signature === null
		? null
		: openOrEarlier(deps, { owner: subjectId, place: SIGNATURE_PLACE, stored: signature });
}

async function eachElement(
	elements: Elements,
	act: (place: string, value: string) => Promise<string | null>,
): Promise<Elements> {
	const one = (element: keyof Elements) => {
		const value = elements[element];
		return value === null ? null : act(SEALED_ELEMENTS[element], value);
	};
	const [description, discloser, recipient, signerName, representativeAuthority] = await Promise.all([
		one('description'),
		one('discloser'),
		one('recipient'),
		one('signerName'),
		one('representativeAuthority'),
	]);
	return { description, discloser, recipient, signerName, representativeAuthority };
}
