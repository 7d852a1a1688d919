import figtree from '@fontsource-variable/figtree/files/figtree-latin-wght-normal.woff2?url';
import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/cloudflare';
import { Links, Meta, Outlet, Scripts, ScrollRestoration, useMatches } from '@remix-run/react';
import type { ReactNode } from 'react';

import { STUDIOS } from '../studios/all';
import { apiFor } from './api';
import { OpenedNotice } from './auth/opened-notice';
import { Failure } from './components/failure';
import { Footer } from './components/footer';
import { Header } from './components/header';
import { SlowNavigation } from './components/slow-navigation';
import { Measuring } from './measure/measuring';
import { usePlan } from './measure/plan-context';
import { SignalHonoured } from './measure/signal-honoured';
import { useNonce } from './nonce';
import { datesOf, modeOf, zoneOf } from './preferences';
import { PolicyNotice } from './policy/policy-notice';
import { RestrictedNotice } from './privacy/restricted-notice';
import { isBarePage, isStillPage } from './still';
import { useShell, type Session, type Shell } from './shell';
import styles from './styles/app.css?url';
import { useBrowserZone } from './zone';

const SIGNED_OUT: Session = { signedIn: false };

export const links: LinksFunction = () => [
	{ rel: 'preload', href: figtree, as: 'font', type: 'font/woff2', crossOrigin: 'anonymous' },
	{ rel: 'stylesheet', href: styles },
	{ rel: 'icon', href: '/mark.svg', type: 'image/svg+xml' },
];

export const meta: MetaFunction<typeof loader> = ({ data, error }) => {
	const { name } = STUDIOS[data?.studio ?? 'dental'];
	return [{ title: error === undefined ? name : `Not shown · ${name}` }];
};

export async function loader({ request, context }: LoaderFunctionArgs): Promise<Shell> {
	return {
		studio: context.studio,
		session: await sessionOf(context, request),
		mode: modeOf(request),
		zone: zoneOf(request),
		dates: datesOf(request),
		nowMs: Date.now(),
	};
}

/** A visitor without a session cookie costs no call; a silent api shows the page as to a stranger, not a broken one. */
async function sessionOf(context: LoaderFunctionArgs['context'], request: Request): Promise<Session> {
	if (!(request.headers.get('cookie') ?? '').includes('afterglow_session=')) return SIGNED_OUT;
	try {
		const answer = await apiFor(context, request).v1.session.$get();
		return answer.ok ? await answer.json() : SIGNED_OUT;
	} catch (error) {
		console.error({ event: 'session_unread', error });
		return SIGNED_OUT;
	}
}

export function Layout({ children }: { children: ReactNode }) {
	const { studio, mode } = useShell();
	const nonce = useNonce();
	const isStill = useMatches().some((match) => isStillPage(match.handle));
	const isBare = useIsBare();
	const { run } = usePlan();
	return (
		<html lang="en" data-studio={studio} data-mode={mode === 'system' ? undefined : mode}>
			<head>
				<meta charSet="utf-8" />
				<meta name="viewport" content="width=device-width, initial-scale=1" />
				<meta name="color-scheme" content="light dark" />
				<Meta />
				<Links />
			</head>
			<body data-clarity-mask={run.clarity === undefined ? undefined : 'true'} data-bare={isBare || undefined}>
				{isBare ? (
					<main id="main">{children}</main>
				) : (
					<>
						<a className="skip" href="#main">
							Skip to the page
						</a>
						<Header />
						<main id="main">{children}</main>
						<SignalHonoured />
						<Footer />
					</>
				)}
				{isStill ? (
					<>
						<script src="/still.js" defer nonce={nonce} />
						{!isBare && <Measuring />}
					</>
				) : (
					<>
						<ScrollRestoration nonce={nonce} />
						<Scripts nonce={nonce} />
					</>
				)}
			</body>
		</html>
	);
}

/** Whether nothing may stand around the page. */
function useIsBare(): boolean {
	return useMatches().some((match) => isBarePage(match.handle));
}

export default function App() {
	useBrowserZone();
	const isBare = useIsBare();
	if (isBare) return <Outlet />;
	return (
		<SlowNavigation>
			<OpenedNotice />
			<RestrictedNotice />
			<PolicyNotice />
			<Outlet />
		</SlowNavigation>
	);
}

export function ErrorBoundary() {
	return <Failure />;
}
