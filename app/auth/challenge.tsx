import { useEffect, useState } from 'react';

import type { ChallengeTask } from './challenge-task';

/**
 * The place of the widget. Its script comes after hydration, since it fills a place that React would otherwise take for
 * broken; the place has the widget's height from the start.
 */
export function Challenge({ task: { siteKey, scriptUrl } }: { task: ChallengeTask }) {
	const [isLost, setIsLost] = useState(false);
	useEffect(() => {
		const script = document.createElement('script');
		script.src = scriptUrl;
		script.async = true;
		script.addEventListener('error', () => setIsLost(true));
		document.head.appendChild(script);
		return () => {
			script.remove();
		};
	}, [scriptUrl]);
	return (
		<>
			<div className="cf-turnstile challenge" data-sitekey={siteKey} data-action="sign-up" />
			{isLost && (
				<p className="hint" role="alert">
					The check could not be loaded. Something in this browser or network may stop it. Sign up through one of the
					services below, or try again later.
				</p>
			)}
			<noscript>
				<p className="hint">
					This check needs JavaScript, which is off in this browser. Switch it on, or sign up through one of the
					services below.
				</p>
			</noscript>
		</>
	);
}
