import { CircleAlert } from 'lucide-react';

import { CHANNELS } from '../../studios/publish-rules';
import { Button } from '../components/button';
import { Choice } from '../components/choice';
import type { Signed } from './answers';
import { pathsOf } from './bare-page';
import { CHANNEL_NAMES, whatStops } from './link-words';

/** Each use that is still allowed, and what stops without it. */
export function LessView({ signed, token, error }: { signed: Signed; token: string; error: string | undefined }) {
	const paths = pathsOf(token);
	const allowed = CHANNELS.filter((channel) => signed.consent.channels.includes(channel));
	return (
		<div className="wrap patient-page">
			<header>
				<h1>Allow less</h1>
			</header>
			<p className="soft">Take a tick away, and that use ends at once. To allow more again, you sign a new page.</p>
			<form method="post" noValidate>
				<fieldset aria-describedby={error === undefined ? undefined : 'less-error'}>
					<legend>What stays allowed</legend>
					{allowed.map((channel) => (
						<Choice key={channel} type="checkbox" name="channels" value={channel} defaultChecked>
							<b>{CHANNEL_NAMES[channel]}</b>
							<span className="stops">Without the tick: {whatStops(channel, signed)}</span>
						</Choice>
					))}
					{error !== undefined && (
						<p className="err" id="less-error" role="alert">
							<CircleAlert size={16} strokeWidth={1.75} aria-hidden="true" />
							<span>{error}</span>
						</p>
					)}
				</fieldset>
				<div className="stack">
					<Button look="main" wide big>
						Allow only what is ticked
					</Button>
					<a className="btn line wide" href={paths.page}>
						Change nothing
					</a>
				</div>
			</form>
		</div>
	);
}
