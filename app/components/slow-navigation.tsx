import { useLocation, useNavigation } from '@remix-run/react';
import { useEffect, useState, type ReactNode } from 'react';

import { Page } from './page';
import { Skeleton } from './skeleton';

const PATIENCE_MS = 200;

/**
 * The page that is left stays for 200 ms, then grey shapes stand in for the one to come. It stays mounted, so that what
 * was typed is still there when the way is abandoned.
 */
export function SlowNavigation({ children }: { children: ReactNode }) {
	const navigation = useNavigation();
	const { pathname } = useLocation();
	const isLeaving =
		navigation.state === 'loading' && navigation.formMethod === undefined && navigation.location.pathname !== pathname;
	const [isSlow, setIsSlow] = useState(false);
	useEffect(() => {
		if (!isLeaving) return undefined;
		const timer = setTimeout(() => setIsSlow(true), PATIENCE_MS);
		return () => {
			clearTimeout(timer);
			setIsSlow(false);
		};
	}, [isLeaving]);
	return (
		<>
			<div className="contents" hidden={isSlow}>
				{children}
			</div>
			{isSlow && (
				<Page>
					<Skeleton label="Loading the page" />
				</Page>
			)}
		</>
	);
}
