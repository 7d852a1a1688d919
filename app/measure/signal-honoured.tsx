import { ShieldCheck } from 'lucide-react';

import { usePlan } from './plan-context';

/** That a browser's Global Privacy Control was seen and is followed (CCPA regulations, §7025(c)(6)). There is nothing to click. */
export function SignalHonoured() {
	const { isSignalHonoured } = usePlan();
	if (!isSignalHonoured) return null;
	return (
		<div className="wrap">
			<p className="honoured">
				<ShieldCheck size={18} strokeWidth={1.75} aria-hidden="true" />
				<span>
					Your browser asks not to share: honoured. <a href="/choices">Your choices</a>
				</span>
			</p>
		</div>
	);
}
