import type { ReactNode } from 'react';

/** A sheet for what is promised or signed. */
export function Document({ children, label }: { children: ReactNode; label: string }) {
	return (
		<article className="doc" aria-label={label}>
			{children}
		</article>
	);
}
