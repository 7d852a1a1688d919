import { LifeLine, type LifeMark } from '../components/life-line';
import { useStudio } from '../shell';

interface LeavingFactsProps {
	/** Who goes; null: the reader. */
	readonly who: string | null;
	/** API keys that stop with them; null when the reader may not see them. */
	readonly keys: number | null;
	/** Whether who goes is told by mail. */
	readonly hasMail: boolean;
}

/** What ends when somebody goes, and what stays: solid is still here, hollow is gone. */
export function LeavingFacts({ who, keys, hasMail }: LeavingFactsProps) {
	const { tenancy, work } = useStudio();
	const name = who ?? 'You';
	const keyMarks = tenancy.hasApiKeys ? [{ key: 'keys', ...keyWords(who, keys) }] : [];
	return (
		<>
			<h2>What goes, what stays</h2>
			<LifeLine
				marks={[
					{
						key: 'made',
						state: 'done',
						what: `What ${who ?? 'you'} made stays`,
						when: `${work.many}, receipts and the record of who did what belong to the ${tenancy.word}`,
					},
					// What stays comes first, so that the line is solid as far as it goes.
					...(keys === 0 ? keyMarks : []),
					{
						key: 'access',
						what: 'Access ends at once',
						when: `${name} ${who === null ? 'see' : 'sees'} nothing of the ${tenancy.word} from the next click on`,
					},
					...(keys === 0 ? [] : keyMarks),
					{
						key: 'back',
						what: 'Coming back needs an invitation',
						when: hasMail ? 'we mail them that they were removed' : 'from the owner',
					},
				]}
			/>
		</>
	);
}

function keyWords(who: string | null, keys: number | null): Pick<LifeMark, 'what' | 'when' | 'state'> {
	const whose = who === null ? 'you made' : `${who} made`;
	const when = 'programs that use one are refused at once';
	if (keys === null) return { what: `API keys ${whose} stop`, when };
	if (keys === 0)
		return { state: 'done', what: 'No API key stops', when: `none that works was made by ${who ?? 'you'}` };
	return { what: `${keys} API ${keys === 1 ? 'key' : 'keys'} ${whose} ${keys === 1 ? 'stops' : 'stop'}`, when };
}
