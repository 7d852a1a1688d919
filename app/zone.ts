import { useEffect, useState } from 'react';

import { zoneCookie, type Dates } from './preferences';
import { useShell } from './shell';

const MINUTE_MS = 60_000;

/** Tells the server which zone to write times in from the next page on. */
export function useBrowserZone(): void {
	const known = useShell().zone;
	useEffect(() => {
		const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
		if (timeZone !== known) document.cookie = zoneCookie(timeZone);
	}, [known]);
}

/**
 * The zone and minute to write times by. The first paint repeats the server's words, so that hydration agrees; after
 * it the browser's own zone and clock take over, turning each minute.
 */
export function useClock(): { readonly nowMs: number; readonly zone: string | null; readonly dates: Dates } {
	const shell = useShell();
	const [clock, setClock] = useState({ nowMs: shell.nowMs, zone: shell.zone });
	useEffect(() => {
		const read = () => {
			setClock({ nowMs: Date.now(), zone: Intl.DateTimeFormat().resolvedOptions().timeZone });
		};
		read();
		const timer = setInterval(read, MINUTE_MS);
		return () => {
			clearInterval(timer);
		};
	}, []);
	return { ...clock, dates: shell.dates };
}
