import { ConfirmForm } from '../components/confirm-form';
import { Time } from '../components/time';
import { deviceWords } from './device-words';
import type { SecurityData } from './read-security';

/** Where somebody is signed in as this person, and how each of it ends. */
export function SessionsSection({ sessions }: { sessions: SecurityData['sessions'] }) {
	const others = sessions.filter(({ isThis }) => !isThis).length;
	return (
		<section className="part">
			<h2>Sessions</h2>
			<ul className="rows">
				{sessions.map(({ id, device, signedInAt, isThis }) => (
					<li key={id}>
						<div>
							<b>{deviceWords(device).title}</b>
							<span className="small muted">
								Signed in <Time at={signedInAt} />
							</span>
						</div>
						{isThis ? (
							<span className="soft">This one</span>
						) : (
							<ConfirmForm
								fields={{ intent: 'end-session', id }}
								label="End session"
								about={`of ${deviceWords(device).within}`}
								pendingLabel="Ending…"
								look="quiet"
								question={`End the session of ${deviceWords(device).within}?`}
								consequence="It ends at once: the next thing it asks for leads to sign-in. Nothing that was made there is lost."
							/>
						)}
					</li>
				))}
			</ul>
			<div className="row">
				{others > 0 && (
					<ConfirmForm
						fields={{ intent: 'end-others' }}
						label={others === 1 ? 'End the other session' : `End the ${others} other sessions`}
						pendingLabel="Ending…"
						question={others === 1 ? 'End the other session?' : `End the ${others} other sessions?`}
						consequence="They end at once. This device stays signed in."
					/>
				)}
				<ConfirmForm
					fields={{ everywhere: 'yes' }}
					action="/sign-out"
					label="Sign out everywhere"
					pendingLabel="Signing out…"
					question="Sign out on every device?"
					consequence="Every session ends at once, this one too. You sign in again afterwards."
				/>
			</div>
		</section>
	);
}
