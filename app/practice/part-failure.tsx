import { isRouteErrorResponse, useRouteError } from '@remix-run/react';

import { Notice } from '../components/notice';

/** In place of one part of the account's pages; the way to the other parts stays above it. */
export function PartFailure() {
	const { title, sentence, isRefused } = wordsOf(useRouteError());
	return (
		<section className="part">
			<Notice kind={isRefused ? 'plain' : 'failed'} title={title}>
				{sentence}
			</Notice>
		</section>
	);
}

function wordsOf(error: unknown): { title: string; sentence: string; isRefused: boolean } {
	if (!isRouteErrorResponse(error)) {
		return {
			title: 'This part broke',
			sentence: 'The fault is ours, and it is written down. Nothing was changed. Load the page again.',
			isRefused: false,
		};
	}
	const said = typeof error.data === 'string' && error.data !== '' ? error.data : null;
	if (error.status === 403) {
		return { title: 'Not part of your role', sentence: said ?? 'Ask the owner.', isRefused: true };
	}
	if (error.status === 404) {
		return { title: 'Nothing is here', sentence: said ?? 'It does not exist, or it is over.', isRefused: true };
	}
	return {
		title: 'This part cannot be shown now',
		sentence: said ?? 'The service does not answer. Nothing was changed. Try again in a minute.',
		isRefused: false,
	};
}
