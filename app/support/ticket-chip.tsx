import { Chip, type ChipState } from '../components/chip';

export type TicketState = 'waiting' | 'answered' | 'closed';

const WORDS: Readonly<Record<TicketState, readonly [state: ChipState, words: string]>> = {
	waiting: ['hand', 'Waits for us'],
	answered: ['kept', 'Answered'],
	closed: ['gone', 'Closed'],
};

export function TicketChip({ state }: { state: TicketState }) {
	const [chip, words] = WORDS[state];
	return <Chip state={chip}>{words}</Chip>;
}
