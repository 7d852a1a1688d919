import { STUDIOS } from '../../studios/all';
import type { LoadContext } from '../load-context';

/** A studio without API keys has no pages for them. */
export function requireApiKeys(context: LoadContext): void {
	const { tenancy, name } = STUDIOS[context.studio];
	if (tenancy.hasApiKeys) return;
	throw new Response(`${name} has no API keys. Everything it does is on its pages.`, { status: 404 });
}
