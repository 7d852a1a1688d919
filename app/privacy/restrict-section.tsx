import { ConfirmForm } from '../components/confirm-form';
import { Time } from '../components/time';
import { useStudio } from '../shell';
import type { Privacy } from './read-privacy';

/** Art. 18: everything stays where it is, and nothing else is done with it. */
export function RestrictSection({ privacy }: { privacy: Privacy }) {
	const { hasAccount, restrictedAt, restrictedSubjects } = privacy;
	const { tenancy, subjectWord } = useStudio();
	return (
		<section className="part" id="restriction">
			<h2>Keep it, and do nothing else</h2>
			{restrictedAt === null ? (
				<>
					<p className="soft">
						While this is on, everything in the {tenancy.word} is stored and nothing else is done with it: no orders,
						nothing sent to a processor, no payments, nothing shown to others. Deleting and copying go on.
					</p>
					{hasAccount ? (
						<ConfirmForm
							fields={{ intent: 'restrict' }}
							action="/privacy"
							label="Restrict processing"
							pendingLabel="Restricting…"
							look="line"
							question={`Restrict processing in the whole ${tenancy.word}?`}
							consequence="Orders under way end at once, and their credits come back. Everybody who works here is stopped with you. You lift it on this page."
							keepLabel="Leave it as it is"
						/>
					) : (
						<p className="soft">
							The owner of the {tenancy.word} can switch it on. For what is about you alone, ask us below.
						</p>
					)}
				</>
			) : (
				<>
					<p className="soft">
						On since <Time at={restrictedAt} />. Nothing in the {tenancy.word} is worked on, shown or paid for.
					</p>
					<ConfirmForm
						fields={{ intent: 'lift' }}
						action="/privacy"
						label="Lift the restriction"
						pendingLabel="Lifting…"
						look="line"
						question="Work with it again?"
						consequence="Orders, payments and showing are possible again at once. Nothing starts by itself."
						keepLabel="Leave it on"
					/>
				</>
			)}
			{restrictedSubjects.length > 0 && (
				<>
					<h3>
						Alone: {restrictedSubjects.length === 1 ? `1 ${subjectWord}` : `${restrictedSubjects.length} of them`}
					</h3>
					<ul className="rows">
						{restrictedSubjects.map((subject) => (
							<li key={subject.id}>
								<div>
									<b>{subject.reference}</b>
									<span className="small muted">
										Restricted since <Time at={subject.restrictedAt} />
									</span>
								</div>
								<ConfirmForm
									fields={{ intent: 'lift-subject', id: subject.id }}
									action="/privacy"
									label="Lift"
									about={`the restriction of ${subject.reference}`}
									pendingLabel="Lifting…"
									look="quiet"
									question={`Work with ${subject.reference} again?`}
									consequence="Orders and showing are possible again at once."
									keepLabel="Leave it on"
								/>
							</li>
						))}
					</ul>
				</>
			)}
		</section>
	);
}
