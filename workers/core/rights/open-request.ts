import { rightsRequests } from '../../../schema/rights';
import type { RightKind } from '../../../studios/rights';
import { withD1Retry } from '../d1-retry';
import type { AccessDeps } from '../deps';
import { hashOfToken, newInvitationToken } from '../invitations/invitation-token';
import { requireWithinLimits } from '../limits/require-within-limits';
import { mailStatements, tellMail } from '../mail/queue-mail';
import { dueTimeOf } from './due-time';
import { PROVE_DAYS } from './request-state';
import { requestUrl, sealRequest } from './sealed-request';

export interface RequestForm {
	right: RightKind;
	name: string;
	/** Who they are to us: "a patient of Practice Ada". */
	who: string;
	words: string;
}

type OpenDeps = Pick<
	AccessDeps,
	'db' | 'now' | 'newId' | 'queue' | 'studio' | 'vault' | 'mailKey' | 'lookupKey' | 'appOrigin'
>;

/**
 * Takes a request of somebody without an account (DD-40, DD-42, DS-33) and mails the address a link that shows it is theirs. Nobody
 * looks at it before; the month runs all the same. The answer is the same for every address. Refused beyond the studio's rate.
 */
export async function openRequest(
	deps: OpenDeps,
	{ email, network, ...form }: RequestForm & { email: string; network: string | null },
): Promise<{ days: number }> {
	await requireWithinLimits(deps, [
		{ what: 'rights', by: 'address', value: email },
		{ what: 'rights', by: 'network', value: network },
	]);
	const { row, url } = await toRow(deps, { form, email, userId: null });
	const mail = { kind: 'rights_link', to: email, right: form.right, url, days: PROVE_DAYS } as const;
	await store(deps, row, mail);
	return { days: PROVE_DAYS };
}

/**
 * The same of somebody who is signed in, whose address is known to be theirs: it is open at once. Counted by the person: anybody can type
 * their address into the form.
 */
export async function openOwnRequest(
	deps: OpenDeps,
	{ userId, email, network, ...form }: RequestForm & { userId: string; email: string; network: string | null },
): Promise<{ id: string }> {
	await requireWithinLimits(deps, [
		{ what: 'rights', by: 'person', value: userId },
		{ what: 'rights', by: 'network', value: network },
	]);
	const { row, url } = await toRow(deps, { form, email, userId });
	const news = { what: 'opened', dueAtMs: row.dueAtMs } as const;
	await store(deps, row, { kind: 'rights_news', to: email, right: form.right, url, news });
	return { id: row.id };
}

async function toRow(
	deps: OpenDeps,
	{ form, email, userId }: { form: RequestForm; email: string; userId: string | null },
) {
	const { right, name, who, words } = form;
	const id = deps.newId('rightsRequest');
	const token = newInvitationToken();
	const nowMs = deps.now().getTime();
	const row = {
		id,
		userId,
		right,
		state: userId === null ? ('unproved' as const) : ('open' as const),
		sealed: await sealRequest(deps, id, { address: email, name, who, words, token }),
		tokenHash: await hashOfToken(token),
		receivedAtMs: nowMs,
		provedAtMs: userId === null ? null : nowMs,
		// From the day it came, and not from the day it was confirmed (Art. 12(3)).
		dueAtMs: dueTimeOf(nowMs, deps.studio.policy.rights.responseDays),
	};
	return { row, url: requestUrl(deps.appOrigin, id, token) };
}

/** The row and its mail, both or neither. */
async function store(
	deps: OpenDeps,
	row: typeof rightsRequests.$inferInsert,
	mail: Parameters<typeof mailStatements>[1],
): Promise<void> {
	const { mailId, statements } = await mailStatements(deps, mail);
	await withD1Retry(() =>
		deps.db.batch([deps.db.insert(rightsRequests).values(row).onConflictDoNothing(), ...statements]),
	);
	await tellMail(deps, mailId);
}
