import { Link } from '@remix-run/react';
import type { ReactNode } from 'react';

import { Page } from '../components/page';
import { PartFailure } from '../practice/part-failure';

/** A page below Credits: the way back, then its name. */
export function PartPage({ title, children }: { title: string; children: ReactNode }) {
	return (
		<Page>
			<p className="small">
				<Link className="tap" to="/credits">
					Credits
				</Link>
			</p>
			<h1>{title}</h1>
			{children}
		</Page>
	);
}

/** In place of such a page when it cannot be shown, or is not for everybody. */
export function PartPageFailure({ title }: { title: string }) {
	return (
		<PartPage title={title}>
			<PartFailure />
		</PartPage>
	);
}
