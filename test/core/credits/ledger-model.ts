/*
 * What the ledger has to do, in memory and one command after another: written from its rules, without looking at how the
 * statements do it. It knows no faults and no races: whoever compares lets it follow the entries in the order they were stored.
 */

/** What a run chooses from; what others rest on comes up more often. */
export const KINDS =
	'grant grant grant hold hold hold capture capture release reverse freeze thaw lose reinstate return expire collect seal'.split(
		' ',
	);

/** A command; which of the fields it heeds follows from its kind. Ids are few, so that commands meet. */
export interface Command {
	kind: string;
	/** Whose credits; and which refund or dispute of its purchase. */
	account: number;
	/** Which grant (and purchase), or which hold (and render). */
	slot: number;
	credits: number;
	source: 'promo' | 'plan' | 'pack';
	/** After how many days of the run the granted credits end. */
	ends: number | null;
}

export interface Part {
	bucketId: string;
	posted: number;
	held: number;
}

export interface Entry {
	id: string;
	accountId: string;
	seq: number;
	kind: string;
	amount: number;
	posted: number;
	held: number;
	owed: number;
	balance: number;
	renderId: string | null;
	purchaseId: string | null;
	causeId: string | null;
	resolvesId: string | null;
	createdAtMs: number;
	parts: Part[];
}

export interface Bucket {
	id: string;
	accountId: string;
	source: string;
	granted: number;
	remaining: number;
	held: number;
	expiresAtMs: number | null;
	purchaseId: string | null;
	createdAtMs: number;
}

export interface Account {
	id: string;
	posted: number;
	held: number;
	owed: number;
	seq: number;
}

/** What a command does as things stand: entries it writes (of a run over many, any of them), nothing, or a refusal's code. */
export type Prediction = { entries: Entry[] } | 'nothing' | 'not_found' | 'conflict' | 'insufficient_credits';

/** The ids that commands of a run speak of. */
export class Names {
	constructor(
		readonly run: string,
		readonly accountIds: readonly string[],
		readonly startMs: number,
	) {}

	accountId = ({ account }: Command) => this.accountIds[account % this.accountIds.length]!;
	entryId = ({ slot }: Command) => `grant:${this.run}:${slot}`;
	renderId = ({ slot }: Command) => `${this.run}:${slot}`;
	holdId = (command: Command) => `hold:${this.renderId(command)}`;
	purchaseId = ({ slot }: Command) => `pi_${this.run}_${slot}`;
	refundId = ({ slot, account }: Command) => `re_${this.run}_${slot}_${account}`;
	disputeId = ({ slot, account }: Command) => `dp_${this.run}_${slot}_${account % 2}`;
	causeId = (command: Command) => (command.ends === null ? this.refundId(command) : this.disputeId(command));
	expiresAtMs = ({ ends }: Command) => (ends === null ? null : this.startMs + ends * 86_400_000);
	/** A refund's own part of what has to be gone. */
	creditsMax = ({ ends, credits }: Command) => (ends === null ? credits : 15);
	/** What is granted under a slot is a purchase unless it was given. */
	purchaseOf = (command: Command) => (command.source === 'promo' ? null : this.purchaseId(command));
}

type Draft = Pick<Entry, 'id' | 'accountId' | 'kind' | 'amount'> & {
	owed?: number;
	parts: Part[];
	about?: Partial<Pick<Entry, 'renderId' | 'purchaseId' | 'causeId' | 'resolvesId'>>;
};

export class LedgerModel {
	readonly accounts: Map<string, Account>;
	readonly buckets = new Map<string, Bucket>();
	readonly entries = new Map<string, Entry>();
	/** By the entry that was ended. */
	readonly #ends = new Map<string, Entry>();
	readonly #names: Names;

	constructor(names: Names) {
		this.#names = names;
		this.accounts = new Map(names.accountIds.map((id) => [id, { id, posted: 0, held: 0, owed: 0, seq: 0 }]));
	}

	predict(command: Command, nowMs: number): Prediction {
		switch (command.kind) {
			case 'grant':
				return this.#grant(command, nowMs);
			case 'hold':
				return this.#hold(command, nowMs);
			case 'capture':
			case 'release':
				return this.#resolve(command, nowMs);
			case 'return':
				return this.#return(command, nowMs);
			case 'reverse':
				return this.#reverse(command, nowMs);
			case 'freeze':
			case 'thaw':
			case 'lose':
				return this.#dispute(command, nowMs);
			case 'reinstate':
				return this.#reinstate(command, nowMs);
			case 'expire':
				return { entries: this.#expiries(nowMs) };
			case 'collect':
				return { entries: this.#repayments(nowMs) };
			default:
				return 'nothing';
		}
	}

	/** Follows an entry that was predicted; a grant brings its bucket. */
	apply(entry: Entry, bucket: Omit<Bucket, 'remaining' | 'held'> | null): void {
		if (bucket !== null) this.buckets.set(bucket.id, { ...bucket, remaining: 0, held: 0 });
		this.entries.set(entry.id, entry);
		if (entry.resolvesId !== null) this.#ends.set(entry.resolvesId, entry);
		for (const { bucketId, posted, held } of entry.parts) {
			const changed = this.buckets.get(bucketId)!;
			changed.remaining += posted;
			changed.held += held;
		}
		const account = this.accounts.get(entry.accountId)!;
		account.posted += entry.posted;
		account.held += entry.held;
		account.owed += entry.owed;
		account.seq = entry.seq;
	}

	/** The bucket that a grant makes; null for what is no grant. */
	bucketFor(command: Command, nowMs: number): Omit<Bucket, 'remaining' | 'held'> | null {
		if (command.kind !== 'grant') return null;
		const names = this.#names;
		return {
			id: names.entryId(command),
			accountId: names.accountId(command),
			source: command.source,
			granted: command.credits,
			expiresAtMs: names.expiresAtMs(command),
			purchaseId: names.purchaseOf(command),
			createdAtMs: nowMs,
		};
	}

	#grant(command: Command, nowMs: number): Prediction {
		const bucket = this.bucketFor(command, nowMs)!;
		const { id, accountId, granted, purchaseId } = bucket;
		const known = this.buckets.get(id);
		if (known !== undefined) {
			const isSame =
				known.accountId === accountId &&
				known.source === bucket.source &&
				known.granted === granted &&
				known.expiresAtMs === bucket.expiresAtMs &&
				known.purchaseId === purchaseId;
			return isSame ? 'nothing' : 'conflict';
		}
		const parts = [{ bucketId: id, posted: granted, held: 0 }];
		return this.#one({ id, accountId, kind: 'grant', amount: granted, parts, about: { purchaseId } }, nowMs);
	}

	#hold(command: Command, nowMs: number): Prediction {
		const id = this.#names.holdId(command);
		const accountId = this.#names.accountId(command);
		const known = this.entries.get(id);
		if (known !== undefined) {
			return known.accountId === accountId && known.amount === command.credits ? 'nothing' : 'conflict';
		}
		const takes = this.#takes(accountId, command.credits, nowMs);
		const isCovered = total(takes) === command.credits && this.accounts.get(accountId)!.owed === 0;
		if (!isCovered) return 'insufficient_credits';
		const parts = takes.map(({ bucketId, take }) => ({ bucketId, posted: 0, held: take }));
		const about = { renderId: this.#names.renderId(command) };
		return this.#one({ id, accountId, kind: 'hold', amount: command.credits, parts, about }, nowMs);
	}

	#resolve(command: Command, nowMs: number): Prediction {
		const accountId = this.#names.accountId(command);
		const hold = this.entries.get(this.#names.holdId(command));
		if (hold?.accountId !== accountId) return 'not_found';
		if (hold.amount !== command.credits) return 'conflict';
		const end = this.#ends.get(hold.id);
		if (end !== undefined) return end.kind === command.kind ? 'nothing' : 'conflict';
		const isCharge = command.kind === 'capture';
		const parts = hold.parts.map(({ bucketId, held }) => ({ bucketId, posted: isCharge ? -held : 0, held: -held }));
		const { renderId } = hold;
		const id = `${command.kind}:${renderId}`;
		const about = { renderId, resolvesId: hold.id };
		return this.#one({ id, accountId, kind: command.kind, amount: hold.amount, parts, about }, nowMs);
	}

	#return(command: Command, nowMs: number): Prediction {
		const renderId = this.#names.renderId(command);
		const charge = this.entries.get(`capture:${renderId}`);
		if (charge === undefined) return 'not_found';
		if (this.#ends.has(charge.id)) return 'nothing';
		const parts = charge.parts.map(({ bucketId, posted }) => ({ bucketId, posted: -posted, held: 0 }));
		const { accountId, amount } = charge;
		const about = { renderId, resolvesId: charge.id };
		return this.#one({ id: `return:${renderId}`, accountId, kind: 'return', amount, parts, about }, nowMs);
	}

	#reverse(command: Command, nowMs: number): Prediction {
		const purchaseId = this.#names.purchaseId(command);
		const own = this.#bucketOf(purchaseId);
		if (own === undefined) return 'not_found';
		const causeId = this.#names.refundId(command);
		const id = `reversal:${causeId}`;
		if (this.entries.has(id)) return 'nothing';
		const missing = Math.min(command.credits, own.granted) - this.#gone(purchaseId);
		const amount = Math.min(missing, this.#names.creditsMax(command));
		if (amount <= 0) return 'nothing';
		const parts = this.#takes(own.accountId, amount, nowMs, own).map(toTaken);
		const draft = { id, accountId: own.accountId, kind: 'reversal', amount, owed: amount - totalTaken(parts), parts };
		return this.#one({ ...draft, about: { purchaseId, causeId } }, nowMs);
	}

	#dispute(command: Command, nowMs: number): Prediction {
		const purchaseId = this.#names.purchaseId(command);
		const own = this.#bucketOf(purchaseId);
		if (own === undefined) return 'not_found';
		const causeId = this.#names.disputeId(command);
		const { accountId } = own;
		const frozen = this.entries.get(`freeze:${causeId}`);
		if (this.entries.has(`thaw:${causeId}`) || this.entries.has(`loss:${causeId}`)) return 'nothing';
		if (command.kind === 'freeze') {
			if (frozen !== undefined) return 'nothing';
			const held = Math.min(own.remaining - own.held, command.credits);
			const parts = [{ bucketId: own.id, posted: 0, held }];
			const about = { purchaseId, causeId };
			const id = `freeze:${causeId}`;
			return this.#one({ id, accountId, kind: 'freeze', amount: command.credits, parts, about }, nowMs);
		}
		const about = { purchaseId, causeId, resolvesId: frozen?.id ?? null };
		const lost = Math.min(command.credits, own.granted - this.#gone(purchaseId));
		const released = (frozen?.parts ?? []).map(({ bucketId, held }) => ({ bucketId, posted: 0, held: -held }));
		if (command.kind === 'thaw' || lost <= 0) {
			const amount = frozen?.amount ?? command.credits;
			return this.#one({ id: `thaw:${causeId}`, accountId, kind: 'thaw', amount, parts: released, about }, nowMs);
		}
		const setAside = frozen?.held ?? 0;
		const fromFrozen = released.map((part) => ({ ...part, posted: -Math.min(-part.held, lost) }));
		const others = this.#takes(accountId, lost - setAside, nowMs, own).map(toTaken);
		const parts = merged([...fromFrozen, ...others]);
		const draft = { id: `loss:${causeId}`, accountId, kind: 'loss', amount: lost, parts, about };
		return this.#one({ ...draft, owed: lost - totalTaken(parts) }, nowMs);
	}

	#reinstate(command: Command, nowMs: number): Prediction {
		const causeId = this.#names.causeId(command);
		const taken = this.entries.get(`reversal:${causeId}`) ?? this.entries.get(`loss:${causeId}`);
		if (taken === undefined || this.#ends.has(taken.id)) return 'nothing';
		const { accountId, amount, purchaseId } = taken;
		const stillOwed = Math.min(taken.owed, this.accounts.get(accountId)!.owed);
		const parts = merged([
			...taken.parts.map(({ bucketId, posted }) => ({ bucketId, posted: -posted, held: 0 })),
			{ bucketId: this.#bucketOf(purchaseId!)!.id, posted: taken.owed - stillOwed, held: 0 },
		]);
		const about = { purchaseId, causeId, resolvesId: taken.id };
		const draft = { id: `reinstatement:${causeId}`, accountId, kind: 'reinstatement', amount, parts, about };
		return this.#one({ ...draft, owed: -stillOwed }, nowMs);
	}

	#expiries(nowMs: number): Entry[] {
		return [...this.buckets.values()]
			.filter(({ expiresAtMs, remaining, held }) => expiresAtMs !== null && expiresAtMs <= nowMs && remaining > held)
			.map(({ id: bucketId, accountId, remaining, held, purchaseId }) => {
				const amount = remaining - held;
				const id = `expiry:${bucketId}:${this.accounts.get(accountId)!.seq + 1}`;
				const parts = [{ bucketId, posted: -amount, held: 0 }];
				return this.#entry({ id, accountId, kind: 'expiry', amount, parts, about: { purchaseId } }, nowMs);
			});
	}

	#repayments(nowMs: number): Entry[] {
		return [...this.accounts.values()].flatMap(({ id: accountId, owed, seq }) => {
			const parts = this.#takes(accountId, owed, nowMs).map(toTaken);
			const amount = totalTaken(parts);
			if (amount === 0) return [];
			const id = `repayment:${accountId}:${seq + 1}`;
			return [this.#entry({ id, accountId, kind: 'repayment', amount, owed: -amount, parts }, nowMs)];
		});
	}

	/** Soonest-ending first, packs last, what has ended not at all; `first` before all, ended or not. */
	#takes(accountId: string, amount: number, nowMs: number, first?: Bucket): { bucketId: string; take: number }[] {
		const order = [...this.buckets.values()]
			.filter((bucket) => bucket.accountId === accountId)
			.filter((bucket) => bucket === first || bucket.expiresAtMs === null || bucket.expiresAtMs > nowMs)
			.toSorted(
				(a, b) =>
					Number(b === first) - Number(a === first) ||
					Number(a.source === 'pack') - Number(b.source === 'pack') ||
					compare(a.expiresAtMs ?? Infinity, b.expiresAtMs ?? Infinity) ||
					compare(a.createdAtMs, b.createdAtMs) ||
					compare(a.id, b.id),
			);
		let left = amount;
		const takes: { bucketId: string; take: number }[] = [];
		for (const { id, remaining, held } of order) {
			const take = Math.min(remaining - held, left);
			if (take <= 0) continue;
			takes.push({ bucketId: id, take });
			left -= take;
		}
		return takes;
	}

	#bucketOf(purchaseId: string): Bucket | undefined {
		return [...this.buckets.values()].find((bucket) => bucket.purchaseId === purchaseId);
	}

	/** Taken back for good, or ended. */
	#gone(purchaseId: string): number {
		let gone = 0;
		for (const entry of this.entries.values()) {
			if (entry.purchaseId !== purchaseId) continue;
			if (['reversal', 'loss', 'expiry'].includes(entry.kind)) gone += entry.amount;
			if (entry.kind === 'reinstatement') gone -= entry.amount;
		}
		return gone;
	}

	#one(draft: Draft, nowMs: number): Prediction {
		return { entries: [this.#entry(draft, nowMs)] };
	}

	#entry({ about = {}, owed = 0, ...draft }: Draft, nowMs: number): Entry {
		const account = this.accounts.get(draft.accountId)!;
		const parts = merged(draft.parts);
		const posted = parts.reduce((sum, part) => sum + part.posted, 0);
		const held = parts.reduce((sum, part) => sum + part.held, 0);
		const nobody = { renderId: null, purchaseId: null, causeId: null, resolvesId: null };
		const balance = account.posted - account.held + posted - held;
		const sums = { seq: account.seq + 1, posted, held, owed, balance, createdAtMs: nowMs };
		return { ...draft, ...nobody, ...about, ...sums, parts };
	}
}

function compare<T extends number | string>(a: T, b: T): number {
	return a < b ? -1 : a > b ? 1 : 0;
}

function total(takes: readonly { take: number }[]): number {
	return takes.reduce((sum, { take }) => sum + take, 0);
}

function toTaken({ bucketId, take }: { bucketId: string; take: number }): Part {
	return { bucketId, posted: -take, held: 0 };
}

function totalTaken(parts: readonly Part[]): number {
	return parts.reduce((sum, { posted }) => sum - posted, 0);
}

/** One part a bucket, by bucket, none that changes nothing. */
function merged(parts: readonly Part[]): Part[] {
	const byBucket = new Map<string, Part>();
	for (const { bucketId, posted, held } of parts) {
		const known = byBucket.get(bucketId) ?? { bucketId, posted: 0, held: 0 };
		byBucket.set(bucketId, { bucketId, posted: known.posted + posted, held: known.held + held });
	}
	return [...byBucket.values()]
		.filter(({ posted, held }) => posted !== 0 || held !== 0)
		.toSorted((a, b) => compare(a.bucketId, b.bucketId));
}
