import { and, asc, desc, eq, lte } from 'drizzle-orm';

import { conversions } from '../../../schema/choices';
import { sessions, users } from '../../../schema/users';
import { readNewestChoice } from '../choices/read-choices';
import type { Regime } from '../choices/regime';
import type { Deps } from '../deps';
import { AppError } from '../errors';
import type { MetaEvent, MetaGateway } from '../gateways/meta';
import { log } from '../log';
import { isPersonRestricted } from '../restriction/require-unrestricted';
import { tellsMeta } from './conversion-statements';
import { hashUserData } from './hash-user-data';

export interface ConversionDeps extends Pick<Deps, 'db' | 'now' | 'studio' | 'appOrigin'> {
	/** Null: Meta is told nothing here. */
	meta: MetaGateway | null;
}

type Conversion = typeof conversions.$inferSelect;

/** Meta refuses what is older than seven days; an hour of it is left for clocks that differ. */
export const OLDEST_MS = (7 * 24 - 1) * 3_600_000;
const LOST_MESSAGE_MS = 60_000;
const PAUSE_MS = 3_600_000;

/** Why one was not sent; a word for the log. */
type Drop = 'off' | 'too_old' | 'not_allowed' | 'erased' | 'restricted' | 'refused';

/**
 * Tells Meta of one event, after deciding again whether it may: by the person's newest choice as it is now, which may have changed
 * since the event (K1, K3). A no, a signal, an erased or restricted person, more than seven days, or Meta switched off: it is dropped
 * and nothing is sent. Sent twice it counts once, by its id. Throws what is worth another try.
 */
export async function sendConversion(deps: ConversionDeps, { conversionId }: { conversionId: string }): Promise<void> {
	const { db, now, meta } = deps;
	const isOpen = and(eq(conversions.id, conversionId), eq(conversions.state, 'queued'));
	const [conversion] = await db.select().from(conversions).where(isOpen);
	if (conversion === undefined) return;
	const decided = await decideAgain(deps, conversion);
	if (decided.drop !== null || meta === null) return end(deps, conversion, decided.drop ?? 'off');

	// Before the try, so that one which never comes back waits its turn.
	await db.update(conversions).set({ triedAtMs: now().getTime() }).where(isOpen);
	const outcome = await meta.send(await eventOf(deps, conversion, decided));
	if (outcome.kind === 'taken') return end(deps, conversion, null);
	if (outcome.kind === 'later') {
		throw new AppError('upstream_unavailable', 'Meta could not be told just now. It is tried again.');
	}
	const { status, code, subcode } = outcome;
	log('conversion_refused', { conversionId, status, code, subcode });
	return end(deps, conversion, 'refused');
}

interface Allowed {
	drop: null;
	email: string;
	regime: Regime;
	userAgent: string | null;
}

async function decideAgain(deps: ConversionDeps, conversion: Conversion): Promise<Allowed | { drop: Drop }> {
	const { db, now, studio } = deps;
	const { userId, happenedAtMs } = conversion;
	if (!tellsMeta(studio)) return { drop: 'off' };
	if (now().getTime() - happenedAtMs > OLDEST_MS) return { drop: 'too_old' };
	const newest = await readNewestChoice(deps, { userId, purpose: 'advertising' });
	if (newest?.choice !== 'granted' || newest.hasGpc) return { drop: 'not_allowed' };
	const [person] = await db
		.select({ email: users.email, userAgent: sessions.userAgent })
		.from(users)
		.leftJoin(sessions, eq(sessions.userId, users.id))
		.where(eq(users.id, userId))
		.orderBy(desc(sessions.createdAt))
		.limit(1);
	if (person === undefined) return { drop: 'erased' };
	if (await isPersonRestricted(deps, { userId })) return { drop: 'restricted' };
	return { drop: null, regime: newest.regime, ...person };
}

async function eventOf(
	{ appOrigin }: ConversionDeps,
	{ id, userId, name, happenedAtMs, valueCents, currency }: Conversion,
	{ email, regime, userAgent }: Allowed,
): Promise<MetaEvent> {
	return {
		event_name: name,
		event_time: Math.floor(happenedAtMs / 1000),
		event_id: id,
		// The page's own address, and never one with an id in it.
		event_source_url: `${appOrigin}${name === 'Purchase' ? '/credits/buy' : '/sign-up'}`,
		action_source: userAgent === null ? 'system_generated' : 'website',
		...limitedUse(regime),
		user_data: {
			em: [await hashUserData(email)],
			external_id: [await hashUserData(userId)],
			...(userAgent === null ? {} : { client_user_agent: userAgent }),
		},
		...(valueCents === null || currency === null ? {} : { custom_data: { currency, value: valueCents / 100 } }),
	};
}

/** Limited Data Use in the United States, although the person said yes: California by its number, elsewhere as Meta finds. */
function limitedUse(
	regime: Regime,
): Pick<MetaEvent, 'data_processing_options' | 'data_processing_options_country' | 'data_processing_options_state'> {
	if (regime === 'california') {
		return {
			data_processing_options: ['LDU'],
			data_processing_options_country: 1,
			data_processing_options_state: 1000,
		};
	}
	if (regime === 'us') {
		return { data_processing_options: ['LDU'], data_processing_options_country: 0, data_processing_options_state: 0 };
	}
	return { data_processing_options: [] };
}

async function end({ db, now }: ConversionDeps, { id }: Conversion, drop: Drop | null): Promise<void> {
	await db
		.update(conversions)
		.set({ state: drop === null ? 'sent' : 'dropped', endedAtMs: now().getTime() })
		.where(and(eq(conversions.id, id), eq(conversions.state, 'queued')));
}

/** For the sweep: whose message was lost, and what was tried longest ago. */
export async function listDueConversions(
	{ db }: Pick<Deps, 'db'>,
	{ dueMs, limit }: { dueMs: number; limit: number },
): Promise<string[]> {
	const rows = await db
		.select({ id: conversions.id })
		.from(conversions)
		.where(
			and(
				eq(conversions.state, 'queued'),
				lte(conversions.triedAtMs, dueMs - PAUSE_MS),
				lte(conversions.happenedAtMs, dueMs - LOST_MESSAGE_MS),
			),
		)
		.orderBy(asc(conversions.triedAtMs))
		.limit(limit);
	return rows.map(({ id }) => id);
}
