import type { EntryContext } from '@remix-run/cloudflare';

const ROUTE = 'routes/smiles.$id_.reel';

/**
 * Whether this document is the reel page, the one that compiles WebAssembly. The policy is the document's, so links to
 * that page load a document too.
 */
export function compilesWasm({ staticHandlerContext }: Pick<EntryContext, 'staticHandlerContext'>): boolean {
	return staticHandlerContext.matches.some(({ route }) => route.id === ROUTE);
}
