import { isRouteErrorResponse, useRouteError } from '@remix-run/react';
import { useEffect, useState } from 'react';

import { ButtonLink } from './button';
import { Page } from './page';

interface Face {
	readonly title: string;
	readonly sentence: string;
}

/** The page in place of one that cannot be shown: what happened, why, what to do. */
export function Failure() {
	const error = useRouteError();
	const isOffline = useIsOffline();
	const { title, sentence } = isOffline ? OFFLINE : faceOf(error);
	return (
		<Page>
			<div className="failure">
				<div className="hole" aria-hidden="true" />
				<h1>{title}</h1>
				<p className="lead">{sentence}</p>
				<div className="row">
					<ButtonLink to="/" look="main" reloadDocument>
						Go to the first page
					</ButtonLink>
				</div>
			</div>
		</Page>
	);
}

const OFFLINE: Face = {
	title: 'No connection',
	sentence:
		'This device is offline, so the page could not be fetched. Nothing was changed. Connect, then load it again.',
};

const MISSING = 'It does not exist, or it belongs to someone else. Check the address.';

function faceOf(error: unknown): Face {
	if (!isRouteErrorResponse(error)) {
		return {
			title: 'This page broke',
			sentence: 'The fault is ours, and it is written down. Nothing was changed or charged. Load the page again.',
		};
	}
	const said = typeof error.data === 'string' && error.data !== '' ? error.data : null;
	// The router's own 404 speaks of routes; the api's sentence speaks of the thing.
	if (error.status === 404) {
		return { title: 'Nothing is here', sentence: said === null || said.startsWith('Error:') ? MISSING : said };
	}
	if (error.status === 410) return { title: 'This is gone', sentence: said ?? 'It was deleted, as promised.' };
	if (error.status === 503) {
		return { title: 'Out of reach', sentence: said ?? 'The service does not answer. Try again in a minute.' };
	}
	return { title: 'This cannot be shown', sentence: said ?? 'The request was refused. Nothing was changed.' };
}

function useIsOffline(): boolean {
	const [isOffline, setIsOffline] = useState(false);
	useEffect(() => {
		const read = () => setIsOffline(!navigator.onLine);
		read();
		addEventListener('online', read);
		addEventListener('offline', read);
		return () => {
			removeEventListener('online', read);
			removeEventListener('offline', read);
		};
	}, []);
	return isOffline;
}
