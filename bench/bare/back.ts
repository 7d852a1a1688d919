/** The least a Worker can do with D1: what the product's own figures are held against. */
import type { D1Database, Request as WorkerRequest } from '@cloudflare/workers-types';

export default {
	async fetch(request: WorkerRequest, { DB }: { DB: D1Database }): Promise<Response> {
		if (request.method === 'GET') {
			return Response.json(await DB.prepare('SELECT * FROM bare_accounts WHERE id = ?').bind('one').first());
		}
		const id = crypto.randomUUID();
		await DB.batch([
			DB.prepare('INSERT INTO bare_orders (id, account_id) VALUES (?, ?)').bind(id, 'one'),
			DB.prepare('UPDATE bare_accounts SET held = held + 1 WHERE id = ?').bind('one'),
		]);
		return Response.json({ id }, { status: 202 });
	},
};
