import type {
	D1Database as Database,
	D1PreparedStatement as Statement,
	D1Result as Result,
} from '@cloudflare/workers-types';

/** What D1 says it read, by the text of the statement. */
export type RowsRead = Map<string, { calls: number; rows: number }>;

/** A D1 that notes in `read` how many rows each statement read. */
export function noteRowsRead(db: Database, read: RowsRead): Database {
	const plain = new WeakMap<object, { statement: Statement; sql: string }>();
	const note = (sql: string, { meta }: Result) => {
		const entry = read.get(sql) ?? { calls: 0, rows: 0 };
		read.set(sql, { calls: entry.calls + 1, rows: entry.rows + meta.rows_read });
	};

	function wrap(statement: Statement, sql: string): Statement {
		const noted = async () => {
			const result = await statement.all();
			note(sql, result);
			return result;
		};
		const proxy = new Proxy(statement, {
			get(target, property) {
				if (property === 'bind') return (...values: unknown[]) => wrap(target.bind(...values), sql);
				if (property === 'run' || property === 'all') return noted;
				// `raw` tells no figures, and named columns of a join may share a name: a question is asked twice and counted
				// once, an answer of a write has names of its own.
				if (property === 'raw') {
					return async () => {
						const { results } = await noted();
						if (/^\s*(select|with)\b/i.test(sql)) return target.raw();
						return results.map((row) => Object.values(Object(row)));
					};
				}
				const member: unknown = Reflect.get(target, property, target);
				return typeof member === 'function' ? member.bind(target) : member;
			},
		});
		plain.set(proxy, { statement, sql });
		return proxy;
	}

	return new Proxy(db, {
		get(target, property) {
			if (property === 'prepare') return (sql: string) => wrap(target.prepare(sql), sql);
			if (property === 'batch') {
				return async (statements: Statement[]) => {
					const originals = statements.map((proxy) => plain.get(proxy) ?? { statement: proxy, sql: '' });
					const results = await target.batch(originals.map(({ statement }) => statement));
					for (const [index, result] of results.entries()) note(originals[index]?.sql ?? '', result);
					return results;
				};
			}
			const member: unknown = Reflect.get(target, property, target);
			return typeof member === 'function' ? member.bind(target) : member;
		},
	});
}
