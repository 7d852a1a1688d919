import type { z } from 'zod';

import type { Studio } from '../../studios/studio';
import type { ConsentSigning } from '../../workers/api/contract/consent-links';
import type { Refusal } from '../api';
import { errorsOfRefusal, isTicked, textOf, type Errors } from '../form';
import type { Offer } from './answers';
import { chosenWords, textHashOf, type Choices } from './choices';
import { strokesOf } from './strokes';

/** The three statements of 45 CFR 164.508(c)(2), each with a box of its own. */
export const TOLD = [
	{
		name: 'toldOfRevocation',
		label: 'I can end this at any time, here or in writing. What was done before stays done.',
		missing: 'Read this and tick it: you can end it at any time.',
	},
	{
		name: 'toldTreatmentNotConditioned',
		label: 'My treatment does not depend on signing.',
		missing: 'Read this and tick it: you are treated the same if you say no.',
	},
	{
		name: 'toldOfRedisclosure',
		label: 'Whoever gets the picture or the video might pass it on.',
		missing: 'Read this and tick it: a picture that is sent can be passed on.',
	},
] as const;
type Told = (typeof TOLD)[number]['name'];

/** What stands in the form, as it was typed. */
export interface Signing {
	readonly signerName: string;
	readonly told: readonly Told[];
	/** JSON strokes, or ''. */
	readonly drawing: string;
}

export type SigningErrors = Errors<'signerName' | Told>;

export const UNSIGNED: Signing = { signerName: '', told: [], drawing: '' };

export function signingOf(form: FormData): Signing {
	const drawing = textOf(form, 'drawing');
	return {
		signerName: textOf(form, 'signerName').trim(),
		told: TOLD.map(({ name }) => name).filter((name) => isTicked(form, name)),
		drawing: strokesOf(drawing) === null ? '' : drawing,
	};
}

/** What is still to be done, beside each; empty when it can be signed. */
export function errorsOfSigning({ signerName, told }: Signing): SigningErrors {
	return {
		signerName: signerName === '' ? 'Type your full name.' : undefined,
		...Object.fromEntries(TOLD.map(({ name, missing }) => [name, told.includes(name) ? undefined : missing])),
	};
}

export function hasErrors(errors: Readonly<Record<string, string | undefined>>): boolean {
	return Object.values(errors).some((error) => error !== undefined);
}

/** The signature as the api takes it, bound to the words that stood above it. */
export async function signingOrder(basis: {
	token: string;
	offer: Offer;
	choices: Choices;
	signing: Signing;
	studio: Studio;
	nowMs: number;
}): Promise<z.input<typeof ConsentSigning>> {
	const { token, offer, choices, signing, studio, nowMs } = basis;
	const words = chosenWords(offer, choices);
	const strokes = strokesOf(signing.drawing);
	return {
		token,
		signerName: signing.signerName,
		...(words.representativeAuthority === null ? {} : { representativeAuthority: words.representativeAuthority }),
		toldOfRevocation: signing.told.includes('toldOfRevocation'),
		toldTreatmentNotConditioned: signing.told.includes('toldTreatmentNotConditioned'),
		toldOfRedisclosure: signing.told.includes('toldOfRedisclosure'),
		channels: words.channels,
		expiresAt: words.expiresAt,
		signature: strokes === null ? null : strokes.map((stroke) => stroke.map(([x, y]) => [x, y])),
		textHash: await textHashOf(words, studio, nowMs),
	};
}

/** The api's sentence beside the field that it is about; about a choice it stands above, for that is a page back. */
export function errorsOfSignRefusal(refusal: Refusal): SigningErrors {
	return errorsOfRefusal(refusal, ['signerName', ...TOLD.map(({ name }) => name)]);
}
