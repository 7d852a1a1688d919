import type { ReactNode } from 'react';

interface PageProps {
	readonly children: ReactNode;
	/** `narrow` is 800 px: receipts and settings. */
	readonly width?: 'wide' | 'narrow';
}

/** The margins of a working page. The header, footer and `main` stand in the root. */
export function Page({ children, width = 'wide' }: PageProps) {
	return (
		<div className="wrap page">
			<div className={width === 'narrow' ? 'rw' : undefined}>{children}</div>
		</div>
	);
}
