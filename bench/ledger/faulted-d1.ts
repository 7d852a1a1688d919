/** `before`: it never arrived. `after`: it was committed, and the answer was lost. */
export interface Fault {
	readonly at: 'before' | 'after';
	/** One that the ledger tries again by itself; after the others the caller has to come again. */
	readonly isTransient: boolean;
}

const TRANSIENT = 'D1_ERROR: Network connection lost.';
const LASTING = 'D1_ERROR: D1 DB storage operation exceeded timeout which caused object to be reset.';

/** Whether an error is one of ours, wherever in the chain of causes. */
export function isInjected(error: unknown): boolean {
	for (let at: unknown = error; at instanceof Error; at = at.cause) {
		if (at.message === TRANSIENT || at.message === LASTING) return true;
	}
	return false;
}

export interface FaultedD1 {
	readonly d1: D1Database;
	/** What the next writes meet, the first write the first; reads pass. */
	plan(faults: readonly Fault[]): void;
	/** How many faults happened since they were planned. */
	met(): number;
}

/** A D1 that fails as planned. Every write of the ledger is a batch, and so are some reads. `happened` is told of each fault. */
export function faultedD1(real: D1Database, happened: (fault: Fault) => void): FaultedD1 {
	const plain = new WeakMap<object, { statement: D1PreparedStatement; isWrite: boolean }>();
	let planned: readonly Fault[] = [];
	let met = 0;

	function wrap(statement: D1PreparedStatement, isWrite: boolean): D1PreparedStatement {
		const proxy = new Proxy(statement, {
			get: (target, property) =>
				property === 'bind'
					? (...values: unknown[]) => wrap(target.bind(...values), isWrite)
					: boundMember(target, property),
		});
		plain.set(proxy, { statement, isWrite });
		return proxy;
	}

	async function batch(proxies: D1PreparedStatement[]) {
		const statements = proxies.map((proxy) => plain.get(proxy) ?? { statement: proxy, isWrite: true });
		const run = () => real.batch(statements.map(({ statement }) => statement));
		const fault = statements.some(({ isWrite }) => isWrite) ? planned[met] : undefined;
		if (fault === undefined) return run();
		met += 1;
		happened(fault);
		if (fault.at === 'after') await run();
		throw new Error(fault.isTransient ? TRANSIENT : LASTING);
	}

	const d1 = new Proxy(real, {
		get(target, property) {
			if (property === 'prepare') return (sql: string) => wrap(target.prepare(sql), !/^\s*select\b/i.test(sql));
			return property === 'batch' ? batch : boundMember(target, property);
		},
	});
	return {
		d1,
		plan(faults) {
			planned = faults;
			met = 0;
		},
		met: () => met,
	};
}

function boundMember(target: object, property: string | symbol): unknown {
	const member: unknown = Reflect.get(target, property, target);
	return typeof member === 'function' ? member.bind(target) : member;
}
