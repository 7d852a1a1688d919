import type { Random } from './random';

export interface GrantCommand {
	readonly kind: 'grant';
	readonly entryId: string;
	readonly accountId: string;
	readonly amount: number;
	readonly source: 'promo' | 'plan' | 'pack';
	readonly expiresAtMs: number | null;
	readonly purchaseId: string | null;
}

export interface HoldCommand {
	readonly kind: 'hold' | 'capture' | 'release';
	readonly accountId: string;
	readonly renderId: string;
	readonly amount: number;
}

export interface RefundCommand {
	readonly kind: 'reverse';
	readonly refundId: string;
	readonly purchaseId: string;
	readonly targetCredits: number;
}

export interface DisputeCommand {
	readonly kind: 'freeze' | 'thaw' | 'lose';
	readonly disputeId: string;
	readonly purchaseId: string;
	readonly amount: number;
}

/** One command to the ledger, as a caller who may come back would keep it: everything is in it, its ids too. */
export type Command =
	| GrantCommand
	| HoldCommand
	| RefundCommand
	| DisputeCommand
	| { readonly kind: 'return'; readonly renderId: string }
	| { readonly kind: 'reinstate'; readonly causeId: string }
	| { readonly kind: 'expire' | 'collect' | 'seal'; readonly limit: number };

export type CommandKind = Command['kind'];

const WEIGHTS: readonly (readonly [CommandKind | 'repeat' | 'contradict', number])[] = [
	['grant', 12],
	['hold', 28],
	['capture', 16],
	['release', 7],
	['return', 4],
	['reverse', 5],
	['freeze', 4],
	['thaw', 2],
	['lose', 2],
	['reinstate', 2],
	['expire', 1],
	['collect', 1],
	['seal', 1],
	['repeat', 11],
	['contradict', 4],
];

const HOUR_MS = 3_600_000;
/** Accounts that are busy at one time, so that commands meet. */
const BUSY = 8;
const BUSY_COMMANDS = 160;
/** How far back an account's commands are repeated. */
const REMEMBERED = 40;

interface Past {
	holds: HoldCommand[];
	captured: string[];
	purchases: { purchaseId: string; granted: number; refunded: number }[];
	disputes: DisputeCommand[];
	causes: string[];
	commands: Command[];
}

/**
 * Draws commands without end. What it draws follows from the seed alone and not from the ledger's answers, so some do not
 * fit: a capture may come before its hold, or after a release. Of any two that contradict each other one has to be refused.
 */
export class Commands {
	readonly #random: Random;
	readonly #accountIds: readonly string[];
	readonly #past = new Map<string, Past>();
	#busy: string[] = [];
	#drawn = 0;

	constructor(random: Random, accountIds: readonly string[]) {
		this.#random = random;
		this.#accountIds = accountIds;
	}

	next(nowMs: number): Command {
		if (this.#drawn % BUSY_COMMANDS === 0) {
			this.#busy = Array.from({ length: BUSY }, () => this.#random.pick(this.#accountIds));
		}
		this.#drawn += 1;
		const accountId = this.#random.pick(this.#busy);
		const past = this.#pastOf(accountId);
		const command = this.#draw(accountId, past, nowMs) ?? this.#hold(accountId, past);
		past.commands.push(command);
		if (past.commands.length > REMEMBERED) past.commands.shift();
		return command;
	}

	#pastOf(accountId: string): Past {
		let past = this.#past.get(accountId);
		if (past === undefined) {
			past = { holds: [], captured: [], purchases: [], disputes: [], causes: [], commands: [] };
			this.#past.set(accountId, past);
		}
		return past;
	}

	/** Undefined where there is nothing yet that such a command could speak of. */
	#draw(accountId: string, past: Past, nowMs: number): Command | undefined {
		const random = this.#random;
		const kind = random.weighted(WEIGHTS);
		if (kind === 'grant') return this.#grant(accountId, past, nowMs);
		if (kind === 'hold') return this.#hold(accountId, past);
		if (kind === 'capture' || kind === 'release') return this.#end(kind, past);
		if (kind === 'return')
			return past.captured.length === 0 ? undefined : { kind, renderId: random.pick(past.captured) };
		if (kind === 'reverse') return this.#reverse(past);
		if (kind === 'freeze') return this.#freeze(past);
		if (kind === 'thaw' || kind === 'lose') return this.#decide(kind, past);
		if (kind === 'reinstate') return past.causes.length === 0 ? undefined : { kind, causeId: random.pick(past.causes) };
		if (kind === 'repeat') return past.commands.length === 0 ? undefined : random.pick(past.commands);
		if (kind === 'contradict') return this.#contradict(past);
		return { kind, limit: random.between(1, 12) };
	}

	#id(prefix: string): string {
		return `${prefix}_${this.#drawn}`;
	}

	#grant(accountId: string, past: Past, nowMs: number): Command {
		const random = this.#random;
		const source = random.pick(['promo', 'plan', 'plan', 'pack', 'pack', 'pack'] as const);
		const amount = random.between(20, 150);
		const purchaseId = source === 'promo' ? null : this.#id('pi');
		if (purchaseId !== null) past.purchases.push({ purchaseId, granted: amount, refunded: 0 });
		const hours = source === 'pack' ? random.between(24, 24 * 14) : random.between(1, 60);
		const expiresAtMs = random.isOneIn(4) ? null : nowMs + hours * HOUR_MS;
		return { kind: 'grant', entryId: `grant:${this.#id('by')}`, accountId, amount, source, expiresAtMs, purchaseId };
	}

	#hold(accountId: string, past: Past): HoldCommand {
		const hold: HoldCommand = {
			kind: 'hold',
			accountId,
			renderId: this.#id('rnd'),
			amount: this.#random.between(1, 40),
		};
		past.holds.push(hold);
		return hold;
	}

	#end(kind: 'capture' | 'release', past: Past): Command | undefined {
		if (past.holds.length === 0) return undefined;
		const at = this.#random.below(past.holds.length);
		const hold = past.holds[at];
		if (hold === undefined) return undefined;
		// Mostly each hold ends once; one of eight is left to be ended again, in whichever way.
		if (!this.#random.isOneIn(8)) past.holds.splice(at, 1);
		if (kind === 'capture') past.captured.push(hold.renderId);
		return { ...hold, kind };
	}

	#reverse(past: Past): Command | undefined {
		if (past.purchases.length === 0) return undefined;
		const purchase = this.#random.pick(past.purchases);
		const refundId = this.#id('re');
		past.causes.push(refundId);
		// Now and then an older sum comes late.
		const isLate = this.#random.isOneIn(5);
		const more = Math.ceil((purchase.granted * this.#random.between(1, 4)) / 4);
		if (!isLate) purchase.refunded = Math.min(purchase.granted, purchase.refunded + more);
		const targetCredits = isLate ? Math.min(purchase.refunded, more) : purchase.refunded;
		return { kind: 'reverse', refundId, purchaseId: purchase.purchaseId, targetCredits };
	}

	#freeze(past: Past): DisputeCommand | undefined {
		if (past.purchases.length === 0) return undefined;
		const { purchaseId, granted } = this.#random.pick(past.purchases);
		const freeze: DisputeCommand = {
			kind: 'freeze',
			disputeId: this.#id('dp'),
			purchaseId,
			amount: this.#random.between(1, granted),
		};
		past.disputes.push(freeze);
		return freeze;
	}

	/** One of three never saw its dispute begin: the decision came first. */
	#decide(kind: 'thaw' | 'lose', past: Past): Command | undefined {
		if (past.disputes.length === 0 || this.#random.isOneIn(3)) {
			const freeze = this.#freeze(past);
			if (freeze === undefined) return undefined;
			past.causes.push(freeze.disputeId);
			return { ...freeze, kind };
		}
		const freeze = this.#random.pick(past.disputes);
		past.causes.push(freeze.disputeId);
		return { ...freeze, kind };
	}

	/** The same id with another amount. */
	#contradict(past: Past): Command | undefined {
		if (past.commands.length === 0) return undefined;
		const command = this.#random.pick(past.commands);
		return 'amount' in command ? { ...command, amount: command.amount + 1 } : command;
	}
}
