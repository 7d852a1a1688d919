import { interceptD1 } from './intercepted-d1';

/** Counts what reaches D1: `statements` in all, alone or in batches, and the round trips among them that were `batches`. */
export function countD1(db: D1Database): { db: D1Database; count: { statements: number; batches: number } } {
	const count = { statements: 0, batches: 0 };
	const counting = interceptD1(db, (call, run) => {
		count.statements += call.sql.length;
		if (call.kind === 'batch') count.batches += 1;
		return run();
	});
	return { db: counting, count };
}
