import { CircleCheck, CircleDashed, CircleX, Clock, Loader, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

export type ChipState = 'kept' | 'soon' | 'stop' | 'hand' | 'gone';

const ICONS: Readonly<Record<ChipState, LucideIcon>> = {
	kept: CircleCheck,
	soon: Clock,
	stop: CircleX,
	hand: Loader,
	gone: CircleDashed,
};

/** A state in an icon and a word. */
export function Chip({ state, children }: { state: ChipState; children: ReactNode }) {
	const Icon = ICONS[state];
	return (
		<span className={`chip ${state}`}>
			<Icon size={15} strokeWidth={1.75} aria-hidden="true" />
			{children}
		</span>
	);
}
