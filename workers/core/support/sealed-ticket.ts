import { z } from 'zod';

import { openText, sealText } from '../vault/seal-text';
import type { SealingVault, Vault } from '../vault/vault';

const HEAD = 'tickets.sealed';
const WORDS = 'ticket_messages.sealed';

/** What stands sealed in a ticket's row. */
const Head = z.strictObject({ address: z.string(), subject: z.string(), token: z.string() });
export type TicketHead = z.infer<typeof Head>;

export function sealHead(deps: { vault: SealingVault }, ticketId: string, head: TicketHead): Promise<string> {
	return sealText(deps, { owner: ticketId, place: HEAD, text: JSON.stringify(head) });
}

/** Null once its key is gone. */
export async function openHead(deps: { vault: Vault }, ticketId: string, sealed: string): Promise<TicketHead | null> {
	const text = await openText(deps, { owner: ticketId, place: HEAD, sealed });
	return text === null ? null : Head.parse(JSON.parse(text));
}

export function sealWords(deps: { vault: SealingVault }, ticketId: string, words: string): Promise<string> {
	return sealText(deps, { owner: ticketId, place: WORDS, text: words });
}

export function openWords(deps: { vault: Vault }, ticketId: string, sealed: string): Promise<string | null> {
	return openText(deps, { owner: ticketId, place: WORDS, sealed });
}
