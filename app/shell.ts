import { useRouteLoaderData } from '@remix-run/react';
import type { z } from 'zod';

import { STUDIOS } from '../studios/all';
import type { Studio, StudioSlug } from '../studios/studio';
import type { SessionAnswer } from '../workers/api/contract';
import { DEFAULT_DATES, type Dates, type Mode } from './preferences';

export type Session = z.infer<typeof SessionAnswer>;

/** What every page knows: loaded once by the root, so that a page adds its own call and no second session. */
export interface Shell {
	readonly studio: StudioSlug;
	readonly session: Session;
	readonly mode: Mode;
	/** IANA zone of the browser, `null` before its first page has told it. */
	readonly zone: string | null;
	readonly dates: Dates;
	readonly nowMs: number;
}

const SIGNED_OUT: Shell = {
	studio: 'dental',
	session: { signedIn: false },
	mode: 'system',
	zone: null,
	dates: DEFAULT_DATES,
	nowMs: 0,
};

export function useShell(): Shell {
	return useRouteLoaderData<Shell>('root') ?? SIGNED_OUT;
}

export function useStudio(): Studio {
	return STUDIOS[useShell().studio];
}
