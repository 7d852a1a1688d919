import { RIGHTS_WORDS } from '../../studios/rights';
import { ButtonLink } from '../components/button';
import { Chip } from '../components/chip';
import { Time } from '../components/time';
import type { Privacy } from './read-privacy';
import { STATE_CHIPS } from './request-words';

/** What was asked in words, and how far it is. */
export function RequestsSection({ requests }: Pick<Privacy, 'requests'>) {
	return (
		<section className="part">
			<h2>Ask us</h2>
			<p className="soft">For whatever this page cannot do by itself. A person answers within a month.</p>
			{requests.length > 0 && (
				<ul className="rows">
					{requests.map(({ id, right, state, receivedAt, dueAt }) => (
						<li key={id}>
							<div>
								<b>{RIGHTS_WORDS[right].ask}</b>
								<span className="small muted">
									Asked <Time at={receivedAt} />
									{state === 'open' && (
										<>
											, answered by <Time at={dueAt} as="day" />
										</>
									)}
								</span>
							</div>
							<Chip state={STATE_CHIPS[state].chip}>{STATE_CHIPS[state].word}</Chip>
						</li>
					))}
				</ul>
			)}
			<div className="row">
				<ButtonLink to="/privacy/request" look="line">
					Send a request
				</ButtonLink>
			</div>
		</section>
	);
}
