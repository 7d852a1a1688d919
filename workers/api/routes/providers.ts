import { Hono, type Context } from 'hono';
import { z } from 'zod';

import { noteName } from '../../core/accounts/provider-visit';
import { AppError, notFound } from '../../core/errors';
import { SIGN_IN_PROVIDERS } from '../../core/gateways/sign-in/sign-in-gateway';
import type { ApiEnv } from '../bindings';
import { AppleUser, ProviderOrder, ProviderReturn } from '../contract/ways';
import { limitedVisit } from '../limit';
import { endVisit, visitProvider } from '../provider-visits';
import { readBody } from '../read-body';
import { refuseOtherOrigins } from '../session';

/** Signing in with a provider: the way there, and the two ways back. */
export const providerRoutes = new Hono<ApiEnv>();

providerRoutes.post('/api/auth/sign-in/social', refuseOtherOrigins, async (c) => {
	const order = await readBody(c, ProviderOrder);
	// Each visit is a row that waits for its end.
	await limitedVisit(c);
	return c.json({ url: await visitProvider(c, { ...order, link: null }) });
});

providerRoutes.get('/api/auth/callback/:provider', async (c) => {
	const provider = z.enum(SIGN_IN_PROVIDERS).safeParse(c.req.param('provider'));
	if (!provider.success) throw notFound('address');
	const returned = ProviderReturn.safeParse(c.req.query());
	return c.redirect(await endVisit(c, provider.data, returned.data ?? { state: '' }), 303);
});

/**
 * Apple posts its answer from its own site, so no cookie of ours comes with it and nothing is decided here. The name, which must
 * not stand in an address, is kept with the visit; the rest goes on to the same place as a navigation of this site. Anybody can
 * post here: what Apple would not have sent is as a visit that nobody began.
 */
providerRoutes.post('/api/auth/callback/apple', async (c) => {
	const form = await formOf(c);
	const { state, ...returned } = ProviderReturn.safeParse(form).data ?? { state: '' };
	const name = nameIn(form['user']);
	if (name !== '' && state !== '' && (await isWithinLimit(c))) await noteName(c.var.deps, { state, name });
	const query = new URLSearchParams({ state });
	for (const [key, value] of Object.entries(returned)) if (value !== undefined) query.set(key, value);
	return c.redirect(`/api/auth/callback/apple?${query.toString()}`, 303);
});

async function formOf(c: Context<ApiEnv>): Promise<Record<string, unknown>> {
	const isForm = c.req.header('content-type')?.startsWith('application/x-www-form-urlencoded') ?? false;
	return isForm ? z.record(z.string(), z.unknown()).parse(await c.req.parseBody()) : {};
}

/** Whether this network may have another name kept. Without it they get in all the same: the way on has a limit of its own. */
async function isWithinLimit(c: Context<ApiEnv>): Promise<boolean> {
	try {
		await limitedVisit(c);
		return true;
	} catch (error) {
		if (error instanceof AppError && error.code === 'too_many_requests') return false;
		throw error;
	}
}

function nameIn(user: unknown): string {
	if (typeof user !== 'string') return '';
	try {
		const { name } = AppleUser.parse(JSON.parse(user));
		return `${name.firstName} ${name.lastName}`.trim();
	} catch {
		// What is no name is no reason to let nobody in.
		return '';
	}
}
