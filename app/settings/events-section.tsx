import { Time } from '../components/time';
import { eventWords } from './event-words';
import type { SecurityData } from './read-security';

/** What was done to the account lately, so that somebody else's hand would show. */
export function EventsSection({ events }: { events: SecurityData['events'] }) {
	return (
		<section className="part">
			<h2>What happened lately</h2>
			{events.length === 0 ? (
				<p className="soft">Nothing yet. A changed password, a linked service or an ended session appears here.</p>
			) : (
				<ul className="rows">
					{events.map((event) => (
						<li key={event.id}>
							<div>
								<b>{eventWords(event)}</b>
								<span className="small muted">{whence(event)}</span>
							</div>
							<span className="soft num">
								<Time at={event.at} />
							</span>
						</li>
					))}
				</ul>
			)}
			{events.length > 0 && <p className="soft">Not you? Set a new password, then sign out everywhere.</p>}
		</section>
	);
}

function whence({ browser, country, network }: SecurityData['events'][number]): string {
	return [browser, country, network].filter((word) => word !== null && word !== '').join(', ') || 'Place not known';
}
