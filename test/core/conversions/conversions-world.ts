import { eq } from 'drizzle-orm';

import { conversions } from '../../../schema/choices';
import type { Choice, Regime } from '../../../workers/core/choices/regime';
import { recordChoice } from '../../../workers/core/choices/record-choice';
import { createMetaGateway, type MetaGateway } from '../../../workers/core/gateways/meta';
import { freshDeps, type TestDeps } from '../../support/deps';

const PIXEL_ID = '1029384756';

/** What Graph is answered with next, and what it was sent; the gateway before it is the real one. */
export interface ConversionWorld extends TestDeps {
	meta: MetaGateway;
	graph: {
		answer: () => Response | Promise<Response>;
		asked: { url: string; body: { data: Record<string, unknown>[]; access_token: string } }[];
	};
}

export function conversionWorld(): ConversionWorld {
	const graph: ConversionWorld['graph'] = {
		answer: () => Response.json({ events_received: 1, messages: [], fbtrace_id: 'A' }),
		asked: [],
	};
	const fetcher: typeof fetch = async (input, init) => {
		const request = new Request(input, init);
		graph.asked.push({ url: request.url, body: await request.json() });
		return graph.answer();
	};
	return {
		...freshDeps(),
		graph,
		meta: createMetaGateway(
			{ pixelId: PIXEL_ID, accessToken: 'a token', apiUrl: 'https://graph.test/v25.0' },
			fetcher,
			50,
		),
	};
}

export function says(
	deps: TestDeps,
	userId: string,
	choice: Choice,
	{ regime = 'eea', hasGpc = false }: { regime?: Regime; hasGpc?: boolean } = {},
): Promise<void> {
	return recordChoice(deps, {
		userId,
		visitorId: null,
		regime,
		hasGpc,
		textVersion: '2026-11-21',
		surface: 'preferences',
		purpose: 'advertising',
		choice,
	});
}

export async function conversionsOf({ db }: TestDeps, userId: string) {
	return db.select().from(conversions).where(eq(conversions.userId, userId));
}
