import { ButtonLink } from '../components/button';
import { Chip } from '../components/chip';
import { ConfirmForm } from '../components/confirm-form';
import type { Me } from './read-me';

const FEW_CODES = 3;

export function SecondFactorSection({ secondFactor }: { secondFactor: Me['secondFactor'] }) {
	const { isOn, recoveryCodesLeft } = secondFactor;
	return (
		<section className="part">
			<h2>Second factor</h2>
			{isOn ? (
				<>
					<p className="fact">
						<Chip state="kept">On</Chip>
						<span className="soft">
							{recoveryCodesLeft === 1 ? '1 recovery code is left.' : `${recoveryCodesLeft} recovery codes are left.`}
							{recoveryCodesLeft <= FEW_CODES && ' Make new ones before they run out.'}
						</span>
					</p>
					<div className="row">
						<ConfirmForm
							fields={{ intent: 'codes' }}
							action="/settings/second-factor"
							label="Make new recovery codes"
							pendingLabel="Making…"
							look="line"
							question="Make ten new recovery codes?"
							consequence="The ones you have stop working at once. The new ones are shown once."
							keepLabel="Keep the old ones"
						/>
						<ConfirmForm
							fields={{ intent: 'off' }}
							action="/settings/second-factor"
							label="Switch off second factor"
							pendingLabel="Switching off…"
							question="Switch off the second factor?"
							consequence="After that, whoever has your password or your mail can sign in. The app’s entry and all recovery codes stop working."
							keepLabel="Keep it on"
						/>
					</div>
				</>
			) : (
				<>
					<p className="soft">
						Six digits from an app on your phone, asked for at sign-in. Somebody who knows only the password stays out.
						A passkey needs none.
					</p>
					<div className="row">
						<ButtonLink to="/settings/second-factor" look="line">
							Set up second factor
						</ButtonLink>
					</div>
				</>
			)}
		</section>
	);
}
