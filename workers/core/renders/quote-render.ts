import type { Deps } from '../deps';
import { requireWithinPrice } from './price-limit';
import { parseRenderInput } from './render-input';

/** What an order would cost, from the studio's table; refused above the order's `creditsMax`. Nothing is held or stored. */
export function quoteRender(
	{ studio }: Pick<Deps, 'studio'>,
	order: { tool: string; input: Record<string, unknown>; creditsMax?: number | undefined },
): { tool: string; credits: number; breakdown: { item: string; credits: number }[] } {
	const { tool } = parseRenderInput(studio, order);
	requireWithinPrice(tool.credits, order.creditsMax);
	return { tool: tool.id, credits: tool.credits, breakdown: tool.breakdown.map((row) => ({ ...row })) };
}
