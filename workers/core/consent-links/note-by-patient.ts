import { createHash } from 'node:crypto';

import { auditEntries } from '../../../schema/audit';
import { type AuditFacts, toAuditRow } from '../audit/audit-statement';
import { PATIENT } from '../audit/patient-entry';
import type { Deps } from '../deps';
import type { FoundLink } from './find-link';

const ID_LENGTH = 26;
const NOWHERE = { network: null, country: null, browser: null };

/**
 * What a patient did by their link, for the account's record: that it was them, and nothing of who or where they are. The entry's id
 * follows from what was done and when, so that a step which is repeated after a lost answer leaves one entry.
 */
export function patientStatement(
	deps: Pick<Deps, 'db' | 'now' | 'newId'>,
	{ link }: Pick<FoundLink, 'link'>,
	done: { action: AuditFacts['action']; at: string; facts?: AuditFacts['facts'] },
) {
	const { action, at, facts = {} } = done;
	const entry = { action, targetId: link.consentId, facts: { ...facts, linkId: link.id } };
	const row = toAuditRow(deps, { actor: { userId: PATIENT.id, accountId: link.accountId }, whence: NOWHERE }, entry);
	const name = `${action} ${link.consentId} ${at}`;
	const id = `aud_${createHash('sha256').update(name).digest('hex').slice(0, ID_LENGTH)}`;
	return deps.db
		.insert(auditEntries)
		.values({ ...row, id })
		.onConflictDoNothing();
}
