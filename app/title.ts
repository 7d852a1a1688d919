import type { MetaFunction } from '@remix-run/cloudflare';

import { isStudioSlug, STUDIOS } from '../studios/all';

/** The `meta` of a page: its title before the studio's name. Pages behind sign-in are not for search engines. */
export function titled(title: string, options: { isPublic?: boolean } = {}): MetaFunction {
	return ({ matches }) => [
		{ title: `${title} · ${studioName(matches.find(({ id }) => id === 'root')?.data)}` },
		...(options.isPublic === true ? [] : [{ name: 'robots', content: 'noindex' }]),
	];
}

function studioName(shell: unknown): string {
	const slug = typeof shell === 'object' && shell !== null && 'studio' in shell ? shell.studio : null;
	return STUDIOS[typeof slug === 'string' && isStudioSlug(slug) ? slug : 'dental'].name;
}
