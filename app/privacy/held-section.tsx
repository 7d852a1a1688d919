import { Link } from '@remix-run/react';

import { DATA_CLASSES, type DataClass } from '../../studios/policy/policy';
import { Time } from '../components/time';
import { useStudio } from '../shell';
import { entryWords, untilWords, whyWords } from './kept-words';
import type { Privacy } from './read-privacy';

type Held = Privacy['held'][number];

/** What there is of each kind, since when, until when and why, in the words of the policy. */
export function HeldSection({ held, hasAccount }: Pick<Privacy, 'held' | 'hasAccount'>) {
	const { policy, tenancy } = useStudio();
	const some = held.filter(({ count }) => count > 0);
	const none = held.filter(({ count }) => count === 0);
	const counted = new Set<DataClass>(held.map(({ dataClass }) => dataClass));
	const nameless = DATA_CLASSES.filter((dataClass) => !counted.has(dataClass));
	return (
		<section className="part">
			<h2>What we hold</h2>
			<p className="soft">
				{hasAccount ? `About you, and in the ${tenancy.word} that you own.` : 'About you.'} The promises are those of{' '}
				<Link to="/policy">the policy</Link>.
			</p>
			<ul className="rows">
				{some.map((each) => (
					<HeldRow key={each.dataClass} {...each} />
				))}
			</ul>
			<p className="soft">
				Nothing of these kinds: {none.map(({ dataClass }) => lower(policy.data[dataClass].title)).join(', ')}.
			</p>
			<details>
				<summary>Held without your name</summary>
				<ul className="rows">
					{nameless.map((dataClass) => {
						const { title, what, retention } = policy.data[dataClass];
						return (
							<li key={dataClass}>
								<div>
									<b>{title}</b>
									<span className="small muted">
										{what} {untilWords(retention)}.
									</span>
								</div>
							</li>
						);
					})}
				</ul>
			</details>
		</section>
	);
}

function lower(title: string): string {
	return title.charAt(0).toLowerCase() + title.slice(1);
}

function HeldRow({ dataClass, count, since }: Held) {
	const { policy } = useStudio();
	const promised = policy.data[dataClass];
	return (
		<li>
			<div>
				<b>{promised.title}</b>
				<span className="small muted">{promised.what}</span>
				<span className="small muted">{whyWords(promised)}.</span>
				<span className="serif">{untilWords(promised.retention)}.</span>
			</div>
			<span className="soft num">
				{entryWords(count)}
				{since !== null && (
					<>
						{', '}
						<span className="nb">
							since <Time at={since} as="day" />
						</span>
					</>
				)}
			</span>
		</li>
	);
}
