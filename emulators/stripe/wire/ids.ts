import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The prefix of each kind of id, `in_` for invoices and so on. Sessions say that they are of the test mode. */
export type IdPrefix =
	| 'bpc'
	| 'bps'
	| 'ch'
	| 'cs_test'
	| 'cus'
	| 'dp'
	| 'evt'
	| 'ii'
	| 'il'
	| 'in'
	| 'inpay'
	| 'li'
	| 'pi'
	| 'pm'
	| 'price'
	| 'prod'
	| 'py'
	| 'pyr'
	| 're'
	| 'req'
	| 'si'
	| 'sub'
	| 'txn'
	| 'we';

export interface Ids {
	next(prefix: IdPrefix): string;
	/** The next object with this id's prefix gets this id. Refuses an id whose prefix no object has. */
	nameNext(id: string): void;
	reset(): void;
}

const LENGTH_BY_PREFIX: Partial<Record<IdPrefix, number>> = { cs_test: 58, cus: 14, prod: 14, req: 14 };
const ID_LENGTH = 24;

const PREFIX = /^(cs_test|[a-z]+)_./;

/** Random ids of Stripe's look. */
export function createIds(): Ids {
	let named: string[] = [];
	return {
		next(prefix) {
			const index = named.findIndex((id) => PREFIX.exec(id)?.[1] === prefix);
			const [id] = index < 0 ? [] : named.splice(index, 1);
			return id ?? `${prefix}_${randomLetters(LENGTH_BY_PREFIX[prefix] ?? ID_LENGTH)}`;
		},
		nameNext(id) {
			if (!PREFIX.test(id)) throw new RangeError(`${id} is no id: it has no prefix such as price_.`);
			named.push(id);
		},
		reset() {
			named = [];
		},
	};
}

/** So many letters and digits that nobody can guess. */
export function randomLetters(count: number): string {
	return Array.from(randomBytes(count), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
}
