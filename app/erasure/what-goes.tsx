import { LifeLine, type LifeMark } from '../components/life-line';
import { useStudio } from '../shell';

interface WhatGoesProps {
	readonly accounts: readonly { readonly id: string; readonly name: string; readonly otherMembers: number }[];
	readonly kept: readonly { readonly what: string; readonly why: string; readonly until: string }[];
}

/** What goes, hollow, and what stays, solid, with why and until when; both lists are the policy's and the account's own. */
export function WhatGoes({ accounts, kept }: WhatGoesProps) {
	const { work, tenancy } = useStudio();
	const marks: LifeMark[] = [
		{
			key: 'ways',
			what: 'Name, address and ways to sign in',
			when: 'every session ends at once, on every device',
		},
		...accounts.map(({ id, name, otherMembers }) => ({
			key: id,
			what: `${name}, with everything in it`,
			when:
				otherMembers === 0
					? `photos, ${work.many}, orders, API keys and the plan at Stripe, which ends at once`
					: `only if you say so: ${otherMembers} other ${otherMembers === 1 ? 'member works' : 'members work'} in this ${tenancy.word}`,
		})),
		{
			key: 'rest',
			what: 'Messages, choices, copies of your data',
			when: 'and what our processors hold, where they let us',
		},
	];
	return (
		<>
			<h2>What goes</h2>
			<LifeLine marks={marks} />
			<h2 className="below">What stays</h2>
			<LifeLine
				marks={kept.map(({ what, why, until }) => ({
					key: what,
					state: 'done' as const,
					what,
					when: until,
					note: why,
				}))}
			/>
		</>
	);
}
