import type { Deps } from '../deps';
import { CHAIN_START, entryHash, type SealedEntry } from './entry-hash';
import { readChain } from './read-chain';

/** D1 answers a thousand statements an invocation: at four a page that is a million entries. */
const ENTRIES_AT_ONCE = 4_000;

export interface VerifiedChains {
	/** Entries whose seal was computed anew and found as stored. */
	sealed: number;
	/** The first entry of each account that does not fit its seal, or that is not there. */
	broken: { accountId: string; seq: number }[];
}

/** Computes every seal anew, of all accounts or of one. What is not sealed yet is left for the next time (L5). */
export async function verifyChains(
	deps: Pick<Deps, 'db'>,
	{ accountId: only }: { accountId?: string } = {},
): Promise<VerifiedChains> {
	const verified: VerifiedChains = { sealed: 0, broken: [] };
	let chain = newChain(only ?? '');
	for (;;) {
		const page = await readChain(deps, { after: chain, isAlone: only !== undefined, limit: ENTRIES_AT_ONCE });
		for (const { entry, seal } of page) {
			if (entry.accountId !== chain.accountId) chain = newChain(entry.accountId);
			const brokenAt = chain.isBroken ? null : await follow(chain, entry, seal);
			if (brokenAt !== null) verified.broken.push({ accountId: entry.accountId, seq: brokenAt });
			else if (seal !== null && !chain.isBroken) verified.sealed += 1;
			chain.isBroken ||= brokenAt !== null;
			chain.seq = entry.seq;
		}
		if (page.length < ENTRIES_AT_ONCE) return verified;
	}
}

interface Chain {
	accountId: string;
	/** The last entry that was looked at. */
	seq: number;
	hash: string;
	/** The first entry without a seal; one that is sealed may not follow. */
	unsealed: number | null;
	isBroken: boolean;
}

function newChain(accountId: string): Chain {
	return { accountId, seq: 0, hash: CHAIN_START, unsealed: null, isBroken: false };
}

/** Adds an entry to its chain; answers where the chain is broken, or null. */
async function follow(chain: Chain, entry: SealedEntry, seal: string | null): Promise<number | null> {
	if (entry.seq !== chain.seq + 1) return chain.seq + 1;
	if (seal === null) {
		chain.unsealed ??= entry.seq;
		return null;
	}
	if (chain.unsealed !== null) return chain.unsealed;
	chain.hash = await entryHash(chain.hash, entry);
	return chain.hash === seal ? null : entry.seq;
}
