/** Throws in a loader, so that the root's own loader still runs and the page for 404 knows the studio and the person. */
export function loader(): never {
	throw new Response(null, { status: 404 });
}

/** Never shown; a route without a component would answer bare, without the page around it. */
export default function Missing() {
	return null;
}
