import type { Vault } from './vault';
import { isSealed, openText, type SealPlace } from './seal-text';

/** What is shown in place of what was erased: its key is gone. */
export const ERASED = 'erased';

/** What was sealed; null once it was erased. What a version that sealed nothing has written is told as it is. */
export async function openOrEarlier(
	deps: { vault: Vault },
	{ owner, place, stored }: SealPlace & { stored: string },
): Promise<string | null> {
	return isSealed(stored) ? openText(deps, { owner, place, sealed: stored }) : stored;
}
