import { Hono } from 'hono';
import { z } from 'zod';
import type { FalControl } from './fal/fal';
import { FalFaults } from './fal/faults';
import { type MailControl, MailFailure } from './mail/mail-store';

const Change = z.record(z.string(), z.unknown());

/** The controls over HTTP, for tests that run in another process and for a person with curl. */
export function controlRoutes({ fal, mail }: { fal: FalControl; mail: MailControl }): Hono {
	return new Hono()
		.get('/', (c) => c.json({ fal: fal.faults() }))
		.get('/fal/requests', (c) => c.json({ requests: fal.requests() }))
		.post('/fal', async (c) => {
			const change = Change.safeParse(await c.req.json().catch(() => undefined));
			if (!change.success) return c.json({ error: z.prettifyError(change.error) }, 400);
			// Checked as a whole: a default must not put back a switch that the change does not name.
			const faults = FalFaults.strict().safeParse({ ...fal.faults(), ...change.data });
			if (!faults.success) return c.json({ error: z.prettifyError(faults.error) }, 400);
			return c.json({ fal: fal.set(faults.data) });
		})
		.post('/fal/reset', (c) => {
			fal.reset();
			return c.json({ fal: fal.faults() });
		})
		.post('/mail', async (c) => {
			const failure = MailFailure.safeParse(await c.req.json().catch(() => undefined));
			if (!failure.success) return c.json({ error: z.prettifyError(failure.error) }, 400);
			mail.failNext(failure.data);
			return c.json({ ok: true });
		})
		.post('/mail/reset', (c) => {
			mail.reset();
			return c.json({ ok: true });
		});
}
