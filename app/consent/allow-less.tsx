import { Form, useNavigation } from '@remix-run/react';

import { CHANNELS } from '../../studios/publish-rules';
import { Button } from '../components/button';
import { Choice } from '../components/choice';
import { useMay } from '../may';
import { CHANNEL_WORDS, type Consent, STOPS } from './consent-words';

/** The uses that are allowed now, and the way to take some of them away; nothing is ever added. */
export function AllowLess({ consent, error }: { consent: Consent; error: string | undefined }) {
	const mayWrite = useMay('consents:write');
	const isPending = useNavigation().formData?.get('intent') === 'narrow';
	const isInForce = consent.state === 'active';
	const allowed = CHANNELS.filter((channel) => consent.channels.includes(channel));
	if (!isInForce) {
		return (
			<section className="part">
				<h2>What it allows now</h2>
				<p className="soft">Nothing: it is not in force.</p>
			</section>
		);
	}
	const canNarrow = mayWrite && allowed.length > 1;
	return (
		<section className="part">
			<h2>What it allows now</h2>
			<ul>
				{allowed.map((channel) => (
					<li key={channel}>{CHANNEL_WORDS[channel]}</li>
				))}
			</ul>
			{canNarrow && (
				<details className="copy-details" open={error !== undefined || undefined}>
					<summary>Allow less</summary>
					<Form method="post" className="copy-form" preventScrollReset key={allowed.join()}>
						<input type="hidden" name="intent" value="narrow" />
						<fieldset aria-describedby={error === undefined ? undefined : 'narrow-error'}>
							<legend>What stays allowed</legend>
							{allowed.map((channel) => (
								<Choice key={channel} type="checkbox" name="channels" value={channel} defaultChecked>
									<b>{CHANNEL_WORDS[channel]}</b>
									<br />
									<span className="small muted">Without the tick: {STOPS[channel]}</span>
								</Choice>
							))}
							{error !== undefined && (
								<p className="err" id="narrow-error" role="alert">
									{error}
								</p>
							)}
						</fieldset>
						<p className="small muted">It ends at once. To allow more again, the patient signs a new consent.</p>
						<div className="row">
							<Button isPending={isPending} pendingLabel="Taking away…">
								Allow only what is ticked
							</Button>
						</div>
					</Form>
				</details>
			)}
		</section>
	);
}
