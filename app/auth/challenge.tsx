import { useEffect } from 'react';

import type { ChallengeTask } from './challenge-task';

/**
 * The place of the widget. Its script comes after hydration, since it fills a place that React would otherwise take for
 * broken; the place has the widget's height from the start.
 */
export function Challenge({ task: { siteKey, scriptUrl } }: { task: ChallengeTask }) {
	useEffect(() => {
		const script = document.createElement('script');
		script.src = scriptUrl;
		script.async = true;
		document.head.appendChild(script);
		return () => {
			script.remove();
		};
	}, [scriptUrl]);
	return (
		<>
			<div className="cf-turnstile challenge" data-sitekey={siteKey} data-action="sign-up" />
			<noscript>
				<p className="hint">
					This check needs JavaScript, which is off in this browser. Switch it on, or sign up through one of the
					services below.
				</p>
			</noscript>
		</>
	);
}
