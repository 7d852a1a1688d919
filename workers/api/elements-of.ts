import type { z } from '@hono/zod-openapi';

import type { ConsentElements } from '../core/consents/consent-elements';
import type { ConsentOrder } from './contract';

/** The elements of an authorization as core takes them: what was left out is null, so that it is named as missing. */
export function elementsOf(order: Omit<z.output<typeof ConsentOrder>, 'subjectId'>): ConsentElements {
	return {
		description: order.description ?? null,
		discloser: order.discloser ?? null,
		recipient: order.recipient ?? null,
		purposes: order.purposes,
		expiresAtMs: order.expiresAt === undefined ? null : Date.parse(order.expiresAt),
		signerName: order.signerName ?? null,
		signerRole: order.signerRole ?? null,
		representativeAuthority: order.representativeAuthority ?? null,
		signedAtMs: order.signedAt === undefined ? null : Date.parse(order.signedAt),
		toldOfRevocation: order.toldOfRevocation,
		toldTreatmentNotConditioned: order.toldTreatmentNotConditioned,
		toldOfRedisclosure: order.toldOfRedisclosure,
	};
}
