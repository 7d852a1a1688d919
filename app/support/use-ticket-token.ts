import { useLocation, useSubmit } from '@remix-run/react';
import { useEffect } from 'react';

import { ticketTokenIn } from './ticket-cookie';

/**
 * Takes the token out of the address as soon as the page runs and posts it, so that neither the history nor what is copied from
 * the address bar holds it.
 */
export function useTicketToken(): void {
	const submit = useSubmit();
	const { pathname } = useLocation();
	useEffect(() => {
		const take = () => {
			const token = ticketTokenIn(location.hash);
			if (token === null) return;
			history.replaceState(history.state, '', location.pathname);
			submit({ intent: 'open', link: token }, { method: 'post', action: pathname, replace: true });
		};
		take();
		// A second link opened in the same window changes only what stands behind the #, and loads nothing.
		addEventListener('hashchange', take);
		return () => {
			removeEventListener('hashchange', take);
		};
	}, [submit, pathname]);
}
