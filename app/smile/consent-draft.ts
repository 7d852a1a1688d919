import type { z } from 'zod';

import type { Channel } from '../../studios/publish-rules';
import type { Studio } from '../../studios/studio';
import type { CONSENT_PURPOSES, ConsentOrder } from '../../workers/api/contract';

export type Purpose = (typeof CONSENT_PURPOSES)[number];

export interface PurposeWords {
	readonly value: Purpose;
	/** Beside its box. */
	readonly label: string;
	/** The uses that it means, as the api reads it; the words that the patient reads say each of them. */
	readonly channels: readonly Channel[];
}

export const PURPOSES: readonly PurposeWords[] = [
	{
		value: 'show_in_room',
		label: 'Show it in the room',
		channels: ['room'],
	},
	{ value: 'patient_copy', label: 'Give the patient a copy', channels: ['download', 'share'] },
	{ value: 'website', label: 'Show it on the practice’s website', channels: ['publish'] },
	{ value: 'social_media', label: 'Post it on social media', channels: ['publish'] },
];

/** What stands in the form, as it was typed: kept whole when the api finds something missing. */
export interface ConsentDraft {
	readonly description: string;
	readonly discloser: string;
	readonly recipient: string;
	readonly purposes: readonly Purpose[];
	/** `YYYY-MM-DD`, as a date field gives it; the consent holds to the end of that day, UTC. */
	readonly expiresOn: string;
	readonly signerName: string;
	readonly signerRole: 'patient' | 'representative';
	readonly representativeAuthority: string;
	/** `YYYY-MM-DD`: of a minor, until when somebody else signs for them; empty for grown-ups. It is compared and not kept. */
	readonly comesOfAgeOn: string;
	readonly toldOfRevocation: boolean;
	readonly toldTreatmentNotConditioned: boolean;
	readonly toldOfRedisclosure: boolean;
}

/** What a practice usually signs; the three statements and the signature are for the people in the room. */
export function freshDraft(basis: {
	practice: string;
	studio: Studio;
	nowMs: number;
	zone: string | null;
}): ConsentDraft {
	const { practice, studio, nowMs, zone } = basis;
	const today = new Intl.DateTimeFormat('en-GB', {
		timeZone: zone ?? 'UTC',
		day: 'numeric',
		month: 'long',
		year: 'numeric',
	}).format(new Date(nowMs));
	// Who is shown the photo or works on it; whoever takes money or carries mail learns nothing of a patient.
	const processors = studio.policy.processors.filter(({ gets }) => gets.includes('source')).map(({ name }) => name);
	return {
		description: `One photo of the face and teeth taken on ${today}, and the picture and video made from it`,
		discloser: practice,
		recipient: `${studio.name}, who makes the video, and those who work for it: ${processors.join(' and ')}`,
		purposes: ['show_in_room', 'patient_copy'],
		expiresOn: yearAfter(nowMs, zone),
		signerName: '',
		signerRole: 'patient',
		representativeAuthority: '',
		comesOfAgeOn: '',
		toldOfRevocation: false,
		toldTreatmentNotConditioned: false,
		toldOfRedisclosure: false,
	};
}

export function draftOf(form: FormData): ConsentDraft {
	const text = (name: string) => {
		const value = form.get(name);
		return typeof value === 'string' ? value.trim() : '';
	};
	const chosen = form.getAll('purposes');
	return {
		description: text('description'),
		discloser: text('discloser'),
		recipient: text('recipient'),
		purposes: PURPOSES.map(({ value }) => value).filter((purpose) => chosen.includes(purpose)),
		expiresOn: text('expiresOn'),
		signerName: text('signerName'),
		signerRole: text('signerRole') === 'representative' ? 'representative' : 'patient',
		representativeAuthority: text('representativeAuthority'),
		comesOfAgeOn: text('comesOfAgeOn'),
		toldOfRevocation: form.has('toldOfRevocation'),
		toldTreatmentNotConditioned: form.has('toldTreatmentNotConditioned'),
		toldOfRedisclosure: form.has('toldOfRedisclosure'),
	};
}

/** The draft as the api takes it; an empty field is left out, so that the api names it as missing. */
export function orderOf(
	draft: ConsentDraft,
	basis: { subjectId: string; nowMs: number },
): z.input<typeof ConsentOrder> {
	const { expiresOn, signerRole, representativeAuthority, comesOfAgeOn, ...rest } = draft;
	const texts = Object.entries({
		description: rest.description,
		discloser: rest.discloser,
		recipient: rest.recipient,
		signerName: rest.signerName,
		...(signerRole === 'representative' ? { representativeAuthority } : {}),
	}).filter(([, value]) => value !== '');
	const endsAt = endOfDay(expiresOn);
	const comesOfAgeAt = signerRole === 'representative' ? endOfDay(comesOfAgeOn) : null;
	return {
		subjectId: basis.subjectId,
		...Object.fromEntries(texts),
		...(endsAt === null ? {} : { expiresAt: endsAt }),
		...(comesOfAgeAt === null ? {} : { comesOfAgeAt }),
		purposes: [...rest.purposes],
		signerRole,
		toldOfRevocation: rest.toldOfRevocation,
		toldTreatmentNotConditioned: rest.toldTreatmentNotConditioned,
		toldOfRedisclosure: rest.toldOfRedisclosure,
		...(rest.signerName === '' ? {} : { signedAt: new Date(basis.nowMs).toISOString() }),
	};
}

/** Sentence by element, as the api named what it misses. */
export type Missing = Readonly<Record<string, string>>;

/** What the api missed and the form still lacks: a mark goes as soon as its field is filled. The api decides again. */
export function stillMissing(missing: Missing, draft: ConsentDraft): Missing {
	const isFilled: Readonly<Record<string, boolean>> = {
		description: draft.description !== '',
		discloser: draft.discloser !== '',
		recipient: draft.recipient !== '',
		purposes: draft.purposes.length > 0,
		expiresAt: dayOf(draft.expiresOn) !== null,
		signerName: draft.signerName !== '',
		signedAt: draft.signerName !== '',
		representativeAuthority: draft.signerRole === 'patient' || draft.representativeAuthority !== '',
		toldOfRevocation: draft.toldOfRevocation,
		toldTreatmentNotConditioned: draft.toldTreatmentNotConditioned,
		toldOfRedisclosure: draft.toldOfRedisclosure,
	};
	return Object.fromEntries(Object.entries(missing).filter(([element]) => isFilled[element] !== true));
}

/** "21 November 2027"; `null` while the field holds no day. */
export function dayOf(expiresOn: string): string | null {
	const endsAt = endOfDay(expiresOn);
	if (endsAt === null) return null;
	return new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'long', year: 'numeric' }).format(
		new Date(endsAt),
	);
}

/** The last second of that day, UTC, in milliseconds; `null` while the field holds no day. */
export function endMsOf(expiresOn: string): number | null {
	const endsAt = endOfDay(expiresOn);
	return endsAt === null ? null : Date.parse(endsAt);
}

function endOfDay(day: string): string | null {
	if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return null;
	const date = new Date(`${day}T23:59:59Z`);
	return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/** A year on from today, as the calendar on the practice's wall has it. */
function yearAfter(nowMs: number, zone: string | null): string {
	const today = new Intl.DateTimeFormat('en-CA', { timeZone: zone ?? 'UTC' }).format(new Date(nowMs));
	const date = new Date(`${today}T00:00:00Z`);
	date.setUTCFullYear(date.getUTCFullYear() + 1);
	return date.toISOString().slice(0, 10);
}
