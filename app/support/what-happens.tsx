import { LifeLine } from '../components/life-line';
import { useStudio } from '../shell';
import { keptFor } from './kept-for';

/** What becomes of a message, beside the form that sends it. */
export function WhatHappens() {
	const studio = useStudio();
	return (
		<>
			<h2>What happens with it</h2>
			<LifeLine
				marks={[
					{
						key: 'sealed',
						state: 'done',
						what: 'Stored sealed, under a key of its own',
						note: 'Your address, the subject and every message.',
					},
					{
						key: 'read',
						state: 'now',
						what: 'A person reads it and answers',
						when: 'by mail, and on a page of your own',
					},
					{ key: 'close', what: 'You or we close the conversation', when: 'you open it again by writing in it' },
					{
						key: 'gone',
						what: 'Deleted with its key',
						when: `${keptFor(studio)} after it is closed`,
						note: 'It is used to help you and for nothing else.',
					},
				]}
			/>
		</>
	);
}
