import type { Hold } from '../../../workers/core/credits/statements';

/** One command against one of the run's accounts; `slot` picks one of its few holds or grants, so that commands meet. */
export interface Command {
	kind: 'grant' | 'hold' | 'capture' | 'release';
	account: number;
	slot: number;
	credits: number;
}

/** `unknown`: every try ended in a fault, so it happened wholly or not at all. */
export type Outcome = 'done' | 'unknown' | 'insufficient_credits' | 'conflict' | 'not_found';

export interface Answered {
	command: Command;
	outcome: Outcome;
}

export interface Stored {
	posted: number[];
	held: number[];
	/** Amounts by `account/slot`. */
	grants: Map<string, number>;
	/** By slot. */
	holds: Map<number, { account: number; amount: number }>;
	resolutions: Map<number, 'captured' | 'released'>;
}

/** The hold a command speaks of: ids are the slot's, whoever asks, so that accounts meet as well. */
export function holdOf(run: string, accountIds: readonly string[], command: Command): Omit<Hold, 'amount'> {
	return {
		holdId: `hold:${run}:${command.slot}`,
		renderId: `${run}:${command.slot}`,
		accountId: accountIds[command.account]!,
	};
}

/**
 * The ledger as sums over sets. A wave is a set of racing commands: the model learns from their answers what has to be
 * stored, and for `unknown` ones takes what is stored if it is what they asked for.
 */
export class LedgerModel {
	readonly grants = new Map<string, number>();
	readonly holds = new Map<number, { account: number; amount: number }>();
	readonly resolutions = new Map<number, 'captured' | 'released'>();
	readonly #welcome: readonly number[];

	constructor(welcome: readonly number[]) {
		this.#welcome = welcome;
	}

	posted(account: number): number {
		let sum = this.#welcome[account]!;
		for (const [key, amount] of this.grants) if (key.startsWith(`${account}/`)) sum += amount;
		for (const [slot, hold] of this.holds) {
			if (hold.account === account && this.resolutions.get(slot) === 'captured') sum -= hold.amount;
		}
		return sum;
	}

	held(account: number): number {
		let sum = 0;
		for (const [slot, hold] of this.holds) {
			if (hold.account === account && !this.resolutions.has(slot)) sum += hold.amount;
		}
		return sum;
	}

	/** Takes a wave's answers in and returns what is wrong with them. */
	learn(wave: readonly Answered[], stored: Stored): string[] {
		const before = this.#welcome.map((_, account) => this.posted(account) - this.held(account));
		const heldBefore = new Set(this.holds.keys());
		for (const { command, outcome } of wave) {
			if (outcome === 'done' || (outcome === 'unknown' && happened(command, stored))) this.#insert(command);
		}
		return wave.flatMap(({ command, outcome }) => {
			const problem = this.#problemOf(command, outcome, before, heldBefore);
			return problem === null ? [] : [`${JSON.stringify(command)} → ${outcome}: ${problem}`];
		});
	}

	#insert({ kind, account, slot, credits }: Command): void {
		if (kind === 'grant') insertOnce(this.grants, `${account}/${slot}`, credits);
		if (kind === 'hold') insertOnce(this.holds, slot, { account, amount: credits });
		if (kind === 'capture') insertOnce(this.resolutions, slot, 'captured');
		if (kind === 'release') insertOnce(this.resolutions, slot, 'released');
	}

	#problemOf(
		command: Command,
		outcome: Outcome,
		before: readonly number[],
		heldBefore: ReadonlySet<number>,
	): string | null {
		if (outcome === 'unknown') return null;
		const { account, slot, credits } = command;
		const hold = this.holds.get(slot);
		if (outcome === 'done') return this.#agrees(command) ? null : 'done, and something else is true';
		if (outcome === 'conflict') return this.#agrees(command) ? 'nothing speaks against it' : null;
		if (outcome === 'not_found') {
			return heldBefore.has(slot) && hold?.account === account ? 'the hold was there' : null;
		}
		// The least that can have been left at any moment of the wave.
		let least = before[account]!;
		for (const [other, { account: owner, amount }] of this.holds) {
			if (owner === account && !heldBefore.has(other)) least -= amount;
		}
		return least >= credits ? `${least} credits were left at least` : null;
	}

	/** Whether the model holds exactly what the command asked for. */
	#agrees({ kind, account, slot, credits }: Command): boolean {
		if (kind === 'grant') return this.grants.get(`${account}/${slot}`) === credits;
		const hold = this.holds.get(slot);
		const isSame = hold?.account === account && hold.amount === credits;
		if (kind === 'hold') return isSame;
		return isSame && this.resolutions.get(slot) === (kind === 'capture' ? 'captured' : 'released');
	}
}

function insertOnce<K, V>(map: Map<K, V>, key: K, value: V): void {
	if (!map.has(key)) map.set(key, value);
}

function happened({ kind, account, slot, credits }: Command, stored: Stored): boolean {
	if (kind === 'grant') return stored.grants.get(`${account}/${slot}`) === credits;
	const hold = stored.holds.get(slot);
	const isSame = hold?.account === account && hold.amount === credits;
	if (kind === 'hold') return isSame;
	return isSame && stored.resolutions.get(slot) === (kind === 'capture' ? 'captured' : 'released');
}
