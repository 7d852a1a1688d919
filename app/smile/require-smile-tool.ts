import type { AppLoadContext } from '@remix-run/cloudflare';

import { STUDIOS } from '../../studios/all';
import { toolOf, type Tool } from '../../studios/studio';

export const SMILE_TOOL = 'smile.video';

/** The tool these pages are for; a studio without it has no such pages. */
export function requireSmileTool(context: AppLoadContext): Tool {
	const tool = toolOf(STUDIOS[context.studio], SMILE_TOOL);
	if (tool === undefined) throw new Response('', { status: 404 });
	return tool;
}
