import type { erasures } from '../../../schema/erasures';

export type ErasureRow = typeof erasures.$inferSelect;
export type ErasureKind = ErasureRow['kind'];

/** The places that an erasure empties, in the order they are tried. */
export const LEGS = [
	'access',
	'work',
	'processors',
	'photos',
	'outputs',
	'strays',
	'payments',
	'exports',
	'keys',
	'records',
	'mail_service',
] as const;
export type Leg = (typeof LEGS)[number];

/** Not a place, but what stands in the way of all of them. */
export const LEGAL_HOLD = 'legal_hold';

const LEGS_OF: Readonly<Record<ErasureKind, readonly Leg[]>> = {
	subject: ['work', 'processors', 'photos', 'outputs', 'keys', 'records'],
	account: ['access', 'work', 'processors', 'photos', 'outputs', 'strays', 'payments', 'keys', 'records'],
	person: ['access', 'exports', 'keys', 'records', 'mail_service'],
};

/** What has to be closed before: rows say where bytes and copies lie, so they go last. */
const NEEDS: Partial<Record<Leg, readonly Leg[]>> = {
	processors: ['work'],
	photos: ['work', 'processors'],
	outputs: ['work', 'processors'],
	strays: ['photos', 'outputs'],
	records: ['access', 'work', 'processors', 'photos', 'outputs', 'strays', 'payments', 'exports', 'keys'],
};

/** Before the number of the account's own erasure. */
export const CHILD = 'account:';

/** An account that goes with its person is a leg of theirs: closed when its own erasure is certified. */
export function childLeg(erasureId: string): string {
	return `${CHILD}${erasureId}`;
}

export function childOf(leg: string): string | null {
	return leg.startsWith(CHILD) ? leg.slice(CHILD.length) : null;
}

export function legsOf(kind: ErasureKind): readonly Leg[] {
	return LEGS_OF[kind];
}

/** Whether what a leg needs is closed. The rows of a person wait for their accounts, which they are members of. */
export function isReady(leg: Leg, open: ReadonlySet<string>): boolean {
	if (leg === 'records' && [...open].some((each) => childOf(each) !== null)) return false;
	return (NEEDS[leg] ?? []).every((needed) => !open.has(needed));
}

/** In words of ours, for whoever watches. */
export const LEG_WORDS: Readonly<Record<Leg, string>> = {
	access: 'Ways in: sessions, keys and memberships',
	work: 'Orders under way',
	processors: 'Copies at processors',
	photos: 'Photos',
	outputs: 'Pictures and videos',
	strays: 'The store, listed once more',
	payments: 'The customer at Stripe',
	exports: 'Copies made for you',
	keys: 'The keys of what was sealed',
	records: 'Rows in the database',
	mail_service: 'Mail that was sent',
};
