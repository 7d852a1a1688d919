import { env } from 'cloudflare:workers';

import { logHeads, logNodes } from '../../schema/log';
import { receipts } from '../../schema/receipts';
import type { TestDeps } from './deps';

/** No receipt, no node of the log and no head, in the vault neither: chain and log are one for the whole database. */
export async function givenEmptyLog({ db }: Pick<TestDeps, 'db'>): Promise<void> {
	await env.VAULT.delete('heads/newest');
	await db.batch([db.delete(receipts), db.delete(logNodes), db.delete(logHeads)]);
}
