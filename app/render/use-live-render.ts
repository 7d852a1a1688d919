import { useRevalidator } from '@remix-run/react';
import { useEffect, useState } from 'react';

import { isUnderWay } from './answers';
import type { LiveRender } from './live-render';

const POLL_MS = 4_000;

interface Told {
	readonly renderId: string;
	readonly render: LiveRender;
	readonly atMs: number;
}

interface Live<Start> {
	readonly live: LiveRender | Start;
	/** When an event last told it, by this device's clock; `null` before the first. */
	readonly toldAtMs: number | null;
}

/**
 * A render as its events tell it, from `start` on. At the terminal state the page's own data is fetched again. Where
 * events do not come through, the page is fetched every four seconds instead.
 */
export function useLiveRender<Start extends LiveRender | null>(renderId: string, start: Start): Live<Start> {
	const [told, setTold] = useState<Told | null>(null);
	const [hasEvents, setHasEvents] = useState(true);
	const { revalidate } = useRevalidator();
	const isTold = told?.renderId === renderId;
	const live = isTold ? told.render : start;
	const isOver = live !== null && !isUnderWay(live.state);

	useEffect(() => {
		if (isOver) return undefined;
		if (!hasEvents || typeof EventSource === 'undefined') {
			const timer = setInterval(revalidate, POLL_MS);
			return () => {
				clearInterval(timer);
			};
		}
		const events = new EventSource(`/v1/renders/${encodeURIComponent(renderId)}/events`);
		// What reads an event weighs more than the page of a render that is over, which gets none.
		const reader = import('./live-render');
		reader.catch(() => setHasEvents(false));
		const take = async (event: MessageEvent<unknown>) => {
			const { liveRenderOf } = await reader;
			const render = liveRenderOf(event.data);
			if (render === null || events.readyState === EventSource.CLOSED) return;
			setTold({ renderId, render, atMs: Date.now() });
			if (isUnderWay(render.state)) return;
			events.close();
			revalidate();
		};
		events.addEventListener('state', (event: MessageEvent<unknown>) => {
			take(event).catch(() => undefined);
		});
		events.addEventListener('error', () => {
			// A stream that merely broke is opened again by the browser itself.
			if (events.readyState !== EventSource.CLOSED) return;
			setTold(null);
			setHasEvents(false);
		});
		return () => {
			events.close();
		};
	}, [renderId, isOver, hasEvents, revalidate]);

	return { live, toldAtMs: isTold ? told.atMs : null };
}
