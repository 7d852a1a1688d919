import type { LinksFunction, MetaFunction } from '@remix-run/cloudflare';

import styles from './patient.css?url';

/*
 * What every page of a patient's link says of itself. Nothing of the app stands around it, it is never measured, and its address, which
 * opens it, is told to nobody else: the policy of every page, `same-origin`, sees to that and lets its own forms keep their origin.
 */
export const patientStyles: LinksFunction = () => [{ rel: 'stylesheet', href: styles }];

/** The title names nobody: it stands in the history of a phone. */
export const patientMeta: MetaFunction = () => [
	{ title: 'Your permission' },
	{ name: 'robots', content: 'noindex, nofollow, noarchive' },
];

export function patientHeaders() {
	return { 'x-robots-tag': 'noindex, nofollow, noarchive' };
}

export function pathsOf(token: string) {
	const page = `/p/${encodeURIComponent(token)}`;
	return {
		page,
		less: `${page}/less`,
		revoke: `${page}/revoke`,
		copy: `${page}/copy`,
		receipt: `${page}/receipt`,
		file: `${page}/receipt/file`,
	};
}
