import { captureCredits } from '../../workers/core/credits/capture-credits';
import { collectOwed } from '../../workers/core/credits/collect-owed';
import { freezeCredits, loseCredits, thawCredits } from '../../workers/core/credits/dispute-credits';
import { expireCredits } from '../../workers/core/credits/expire-credits';
import { grantCredits } from '../../workers/core/credits/grant-credits';
import { holdCredits } from '../../workers/core/credits/hold-credits';
import { reinstateCredits } from '../../workers/core/credits/reinstate-credits';
import { releaseCredits } from '../../workers/core/credits/release-credits';
import { returnCredits } from '../../workers/core/credits/return-credits';
import { reverseCredits } from '../../workers/core/credits/reverse-credits';
import { sealLedger } from '../../workers/core/credits/seal-ledger';
import type { Database, Deps } from '../../workers/core/deps';
import { AppError, type ErrorCode } from '../../workers/core/errors';
import { toCredits } from '../../workers/core/money';
import type { Command } from './commands';
import { isInjected } from './faulted-d1';

/** `unknown`: the last try ended in a fault and nobody came back, so it happened wholly or not at all. */
export type Answer =
	| { readonly is: 'done'; readonly credits: number | null }
	| { readonly is: 'refused'; readonly code: ErrorCode }
	| { readonly is: 'unknown' };

/** Gives a command to the shipped ledger as often as it takes, `triesMax` times at most, each time after a fault. */
export async function perform(
	db: Database,
	command: Command,
	{ nowMs, triesMax }: { nowMs: number; triesMax: number },
): Promise<Answer> {
	const deps = { db, now: () => new Date(nowMs) };
	for (let attempt = 1; attempt <= triesMax; attempt += 1) {
		try {
			return { is: 'done', credits: await performOnce(deps, command) };
		} catch (error) {
			if (error instanceof AppError) return { is: 'refused', code: error.code };
			if (!isInjected(error)) throw error;
		}
	}
	return { is: 'unknown' };
}

/** How many credits the command answers that it moved, where it answers that. */
async function performOnce(deps: Pick<Deps, 'db' | 'now'>, command: Command): Promise<number | null> {
	switch (command.kind) {
		case 'grant':
			await grantCredits(deps, { ...command, amount: toCredits(command.amount) });
			return null;
		case 'hold':
		case 'capture':
		case 'release': {
			const { kind, accountId, renderId } = command;
			const hold = { holdId: `hold:${renderId}`, accountId, renderId, amount: toCredits(command.amount) };
			await { hold: holdCredits, capture: captureCredits, release: releaseCredits }[kind](deps, hold);
			return null;
		}
		case 'return':
			return (await returnCredits(deps, command)).credits;
		case 'reverse':
			return reverseCredits(deps, command);
		case 'freeze':
		case 'thaw':
		case 'lose':
			await { freeze: freezeCredits, thaw: thawCredits, lose: loseCredits }[command.kind](deps, command);
			return null;
		case 'reinstate':
			await reinstateCredits(deps, command);
			return null;
		case 'expire':
			return expireCredits(deps, { dueMs: deps.now().getTime(), limit: command.limit });
		case 'collect':
			return collectOwed(deps, command);
		case 'seal':
			return sealLedger(deps, command);
	}
}
