import { and, desc, eq } from 'drizzle-orm';

import { consentLinks, consents } from '../../../schema/consents';
import type { Actor } from '../actor';
import type { Deps } from '../deps';
import { notFound } from '../errors';
import { linkStateAt, type LinkState } from './link-state';

export interface ConsentLink {
	id: string;
	state: LinkState;
	createdAt: string;
	expiresAt: string;
	openedAt: string | null;
	endedAt: string | null;
}

const LINKS_LISTED_MAX = 50;

/** A consent's links, newest first, and never what they are. Somebody else's consent is not found. One D1 statement. */
export async function listLinks(
	deps: Pick<Deps, 'db' | 'now'>,
	input: { actor: Actor; consentId: string },
): Promise<ConsentLink[]> {
	const { actor, consentId } = input;
	const rows = await deps.db
		.select({ link: consentLinks, consent: { state: consents.state } })
		.from(consents)
		.leftJoin(consentLinks, eq(consentLinks.consentId, consents.id))
		.where(and(eq(consents.id, consentId), eq(consents.accountId, actor.accountId)))
		.orderBy(desc(consentLinks.createdAtMs), desc(consentLinks.id))
		.limit(LINKS_LISTED_MAX);
	if (rows.length === 0) throw notFound('consent');
	const nowMs = deps.now().getTime();
	return rows.flatMap(({ link, consent }) => (link === null ? [] : [toLink(link, consent, nowMs)]));
}

function toLink(
	link: typeof consentLinks.$inferSelect,
	consent: Pick<typeof consents.$inferSelect, 'state'>,
	nowMs: number,
): ConsentLink {
	return {
		id: link.id,
		state: linkStateAt(link, consent, nowMs),
		createdAt: new Date(link.createdAtMs).toISOString(),
		expiresAt: new Date(link.expiresAtMs).toISOString(),
		openedAt: toIso(link.openedAtMs),
		endedAt: toIso(link.endedAtMs),
	};
}

function toIso(ms: number | null): string | null {
	return ms === null ? null : new Date(ms).toISOString();
}
