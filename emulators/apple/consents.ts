import { createHash } from 'node:crypto';
import type { Person } from '../sign-in/people';

/** What somebody agreed to give a client, the first time; Apple keeps to it until it is revoked. */
export interface Consent {
	readonly clientId: string;
	readonly sub: string;
	/** Their own address, or the one that Apple relays. */
	readonly email: string;
	readonly isVerified: boolean;
	readonly isPrivate: boolean;
}

export interface Consents {
	/** The consent of this person to this client, and whether it was given just now. */
	give(clientId: string, person: Person): { consent: Consent; isFirst: boolean };
	/** Forgets the consent, so the next one is the first again. */
	revoke(consent: Consent): void;
	all(): Consent[];
	reset(): void;
}

export function createConsents(): Consents {
	const consents = new Map<string, Consent>();
	return {
		give(clientId, person) {
			const digest = createHash('sha256').update(`apple:${person.email.toLowerCase()}`).digest('hex');
			const sub = `00${digest.slice(0, 4)}.${digest.slice(4, 36)}.${digest.slice(36, 40)}`;
			const known = consents.get(`${clientId} ${sub}`);
			if (known) return { consent: known, isFirst: false };
			const consent = {
				clientId,
				sub,
				email: person.hide_email ? `${digest.slice(40, 50)}@privaterelay.appleid.com` : person.email,
				isVerified: person.email_verified,
				isPrivate: person.hide_email,
			};
			consents.set(`${clientId} ${sub}`, consent);
			return { consent, isFirst: true };
		},
		revoke: ({ clientId, sub }) => consents.delete(`${clientId} ${sub}`),
		all: () => [...consents.values()],
		reset: () => consents.clear(),
	};
}
