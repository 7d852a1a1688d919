import type { EntryContext } from '@remix-run/cloudflare';

const ROUTES: readonly string[] = ['routes/smiles.$id_.reel', 'routes/pairs.new'];

/**
 * Whether this document is one of those on which reels are made, which compile WebAssembly. The policy is the document's, so links to
 * those pages load a document too.
 */
export function compilesWasm({ staticHandlerContext }: Pick<EntryContext, 'staticHandlerContext'>): boolean {
	return staticHandlerContext.matches.some(({ route }) => ROUTES.includes(route.id));
}
