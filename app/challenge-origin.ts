import type { EntryContext } from '@remix-run/cloudflare';
import { z } from 'zod';

const ROUTE = 'routes/sign-up';

const Asked = z.object({ challenge: z.object({ scriptUrl: z.url({ protocol: /^https?$/ }) }) });

/**
 * From where the challenge comes that this answer shows: its script and its frame. Undefined on every page but a sign-up that
 * was just refused for want of one. The policy is the document's, so such a form has to be sent as a document too.
 */
export function challengeOriginOf({
	staticHandlerContext,
}: Pick<EntryContext, 'staticHandlerContext'>): string | undefined {
	const asked = Asked.safeParse(staticHandlerContext.actionData?.[ROUTE]);
	return asked.success ? new URL(asked.data.challenge.scriptUrl).origin : undefined;
}
