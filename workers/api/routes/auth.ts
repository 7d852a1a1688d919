import { Hono } from 'hono';

import { authOf, type ApiEnv } from '../bindings';

/**
 * What of better-auth is public. It brings dozens of paths more (passwords checked and changed, sessions listed, names and
 * pictures set, other ways to sign in, a page of its own); what no page needs answers as if it were not there.
 */
const PATHS = ['/sign-up/email', '/sign-in/email', '/sign-out', '/revoke-sessions'] as const;

export const authRoutes = new Hono<ApiEnv>();
for (const path of PATHS) authRoutes.post(`/api/auth${path}`, (c) => authOf(c.var.deps).handler(c.req.raw));
