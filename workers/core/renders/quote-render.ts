import type { Deps } from '../deps';
import { parseRenderInput } from './render-input';

/** What an order would cost, from the studio's table. Nothing is held or stored. */
export function quoteRender(
	{ studio }: Pick<Deps, 'studio'>,
	order: { tool: string; input: Record<string, unknown> },
): { tool: string; credits: number; breakdown: { item: string; credits: number }[] } {
	const { tool } = parseRenderInput(studio, order);
	return { tool: tool.id, credits: tool.credits, breakdown: tool.breakdown.map((row) => ({ ...row })) };
}
