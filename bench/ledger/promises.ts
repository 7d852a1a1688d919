import type { Command, DisputeCommand, RefundCommand } from './commands';
import type { Answer } from './perform';

export interface StoredEntry {
	readonly id: string;
	readonly kind: string;
	readonly amount: number;
	readonly purchaseId: string | null;
	readonly causeId: string | null;
}

interface Claim {
	/** Answered `done`: it has to be there. */
	isMust: boolean;
	/** It may be there: a caller gave up on it, or the ledger may have found nothing to do. */
	isMay: boolean;
	/** How many credits the answer spoke of; null where it spoke of none. */
	amount: number | null;
}

interface Refunds {
	/** The most that a refund of the purchase asked for. */
	target: number;
	/** False when disputes or failed refunds moved the purchase's credits as well. */
	isPlain: boolean;
}

const VIOLATIONS_KEPT_MAX = 50;

/**
 * What callers were told, held against what is stored in the end: every command that was answered `done` is there once and with
 * the credits that were answered, nothing that was refused is there, and nothing that nobody asked for. The audit, which knows
 * the rows alone, cannot see a posting that got lost whole.
 */
export class Promises {
	readonly violations: string[] = [];
	readonly #say: (line: string) => void;
	readonly #claims = new Map<string, Claim>();
	/** What was answered `held`, while nobody tried to end it: whoever does so first has to succeed. */
	readonly #open = new Map<string, number>();
	/** How many tried to end a hold. */
	readonly #ends = new Map<string, number>();
	/** Disputes of which an end was answered, and of which one is stored. */
	readonly #decided = new Set<string>();
	readonly #ended = new Set<string>();
	readonly #refunds = new Map<string, Refunds>();
	readonly #gone = new Map<string, number>();

	/** `say` is told of each violation as it is found: a long run need not end first. */
	constructor(say: (line: string) => void) {
		this.#say = say;
	}

	/** Before a command is sent: whether it may not be refused, by what was answered already, if nobody comes meanwhile. */
	mustSucceed(command: Command): boolean {
		if (command.kind !== 'capture' && command.kind !== 'release') return false;
		const isSure = this.#open.get(command.renderId) === command.amount;
		this.#ends.set(command.renderId, (this.#ends.get(command.renderId) ?? 0) + 1);
		this.#open.delete(command.renderId);
		return isSure;
	}

	answered(command: Command, answer: Answer, isSure: boolean): void {
		// Whoever came meanwhile may have been first.
		if (isSure && answer.is === 'refused' && 'renderId' in command && this.#ends.get(command.renderId) === 1) {
			this.#violation(`${JSON.stringify(command)} was refused: ${answer.code}`);
		}
		if (command.kind === 'hold' && answer.is === 'done' && !this.#ends.has(command.renderId)) {
			this.#open.set(command.renderId, command.amount);
		}
		if ('purchaseId' in command && command.kind !== 'grant') this.#noteMoneyBack(command, answer);
		for (const { id, amount, isSure: isMust } of entriesOf(command, answer)) this.#claim(id, amount, answer, isMust);
	}

	/** Is told of every entry of the ledger, once. */
	stored({ id, kind, amount, purchaseId, causeId }: StoredEntry): void {
		this.#noteStored(kind, amount, purchaseId, causeId);
		if (kind === 'expiry' || kind === 'repayment' || id.startsWith('grant:welcome:')) return;
		const claim = this.#claims.get(id);
		if (claim === undefined) return this.#violation(`${id} is there, and nobody asked for it`);
		if (!claim.isMust && !claim.isMay) this.#violation(`${id} is there, and it was refused`);
		if (claim.isMust && claim.amount !== null && claim.amount !== amount) {
			this.#violation(`${id} is there with ${amount}, and ${claim.amount} was answered`);
		}
		this.#claims.delete(id);
	}

	/** After the last entry; `granted` is what each purchase granted. */
	end(granted: ReadonlyMap<string, number>): void {
		for (const [id, { isMust }] of this.#claims) if (isMust) this.#violation(`${id} was answered, and is not there`);
		for (const disputeId of this.#decided) {
			if (!this.#ended.has(disputeId)) this.#violation(`the end of ${disputeId} was answered, and is not there`);
		}
		for (const [purchaseId, { target, isPlain }] of this.#refunds) {
			const due = Math.min(target, granted.get(purchaseId) ?? 0);
			const gone = this.#gone.get(purchaseId) ?? 0;
			if (isPlain && gone < due) this.#violation(`${purchaseId}: of ${due} refunded credits ${gone} were taken back`);
		}
	}

	#claim(id: string, amount: number | null, answer: Answer, isMust: boolean): void {
		const claim = this.#claims.get(id) ?? { isMust: false, isMay: false, amount: null };
		this.#claims.set(id, claim);
		if (answer.is === 'unknown' || (answer.is === 'done' && !isMust)) claim.isMay = true;
		if (answer.is !== 'done' || !isMust) return;
		if (claim.isMust && claim.amount !== amount) {
			this.#violation(`${id}: both ${claim.amount} and ${amount} were answered`);
		}
		claim.isMust = true;
		claim.amount = amount;
	}

	#noteMoneyBack(command: RefundCommand | DisputeCommand, answer: Answer): void {
		const refunds = this.#refunds.get(command.purchaseId) ?? { target: 0, isPlain: true };
		this.#refunds.set(command.purchaseId, refunds);
		if (command.kind !== 'reverse') refunds.isPlain = false;
		if (answer.is !== 'done') return;
		if (command.kind === 'reverse') refunds.target = Math.max(refunds.target, command.targetCredits);
		if (command.kind === 'thaw' || command.kind === 'lose') this.#decided.add(command.disputeId);
	}

	#noteStored(kind: string, amount: number, purchaseId: string | null, causeId: string | null): void {
		if (causeId !== null && (kind === 'thaw' || kind === 'loss')) {
			if (this.#ended.has(causeId)) this.#violation(`${causeId} ended twice`);
			this.#ended.add(causeId);
		}
		if (purchaseId === null) return;
		if (kind === 'reversal' || kind === 'expiry') {
			this.#gone.set(purchaseId, (this.#gone.get(purchaseId) ?? 0) + amount);
		}
		const refunds = this.#refunds.get(purchaseId);
		if (kind === 'reinstatement' && refunds !== undefined) refunds.isPlain = false;
	}

	#violation(sentence: string): void {
		if (this.violations.length >= VIOLATIONS_KEPT_MAX) return;
		this.violations.push(sentence);
		this.#say(`violation: ${sentence}`);
	}
}

interface Asked {
	id: string;
	amount: number | null;
	/** Whether `done` says that it is there; otherwise the ledger may have found nothing to do. */
	isSure: boolean;
}

function entriesOf(command: Command, answer: Answer): Asked[] {
	const credits = answer.is === 'done' ? answer.credits : null;
	switch (command.kind) {
		case 'grant':
			return [{ id: command.entryId, amount: command.amount, isSure: true }];
		case 'hold':
		case 'capture':
		case 'release':
			return [{ id: `${command.kind}:${command.renderId}`, amount: command.amount, isSure: true }];
		case 'return':
			return [{ id: `return:${command.renderId}`, amount: credits, isSure: true }];
		case 'reverse':
			return [{ id: `reversal:${command.refundId}`, amount: credits, isSure: credits !== 0 }];
		case 'freeze':
		case 'thaw':
			return [maybe(`${command.kind}:${command.disputeId}`)];
		case 'lose':
			return [maybe(`loss:${command.disputeId}`), maybe(`thaw:${command.disputeId}`)];
		case 'reinstate':
			return [maybe(`reinstatement:${command.causeId}`)];
		case 'expire':
		case 'collect':
		case 'seal':
			return [];
	}
}

function maybe(id: string): Asked {
	return { id, amount: null, isSure: false };
}
