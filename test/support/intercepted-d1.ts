/** One round trip to D1: a statement by itself, or a batch of them. */
export interface D1Call {
	kind: 'statement' | 'batch';
	sql: string[];
}

const EXECUTING = new Set<string | symbol>(['run', 'all', 'first', 'raw']);

/** A D1 that hands each round trip to `around` before it is made. */
export function interceptD1(
	db: D1Database,
	around: <T>(call: D1Call, run: () => Promise<T>) => Promise<T>,
): D1Database {
	const plain = new WeakMap<object, { statement: D1PreparedStatement; sql: string }>();

	function wrap(statement: D1PreparedStatement, sql: string): D1PreparedStatement {
		const proxy = new Proxy(statement, {
			get(target, property) {
				if (property === 'bind') return (...values: unknown[]) => wrap(target.bind(...values), sql);
				const member: unknown = Reflect.get(target, property, target);
				if (typeof member !== 'function') return member;
				if (!EXECUTING.has(property)) return member.bind(target);
				return (...args: unknown[]) =>
					around({ kind: 'statement', sql: [sql] }, () => Reflect.apply(member, target, args));
			},
		});
		plain.set(proxy, { statement, sql });
		return proxy;
	}

	return new Proxy(db, {
		get(target, property) {
			if (property === 'prepare') return (sql: string) => wrap(target.prepare(sql), sql);
			if (property === 'batch') {
				return (statements: D1PreparedStatement[]) => {
					const originals = statements.map((proxy) => plain.get(proxy) ?? { statement: proxy, sql: '' });
					return around({ kind: 'batch', sql: originals.map(({ sql }) => sql) }, () =>
						target.batch(originals.map(({ statement }) => statement)),
					);
				};
			}
			const member: unknown = Reflect.get(target, property, target);
			return typeof member === 'function' ? member.bind(target) : member;
		},
	});
}

export function isWrite({ sql }: D1Call): boolean {
	return sql.some((text) => !/^\s*select\b/i.test(text));
}
