import { Circle, CircleCheck, CircleX, Loader, type LucideIcon } from 'lucide-react';

import { Time } from '../components/time';
import type { LiveRender } from './live-render';
import { secondsWords } from './stage-seconds';

type Stage = LiveRender['stages'][number];

const ICONS: Readonly<Record<Stage['state'], LucideIcon>> = {
	done: CircleCheck,
	doing: Loader,
	to_do: Circle,
	failed: CircleX,
};

const CLASSES: Readonly<Record<Stage['state'], string>> = {
	done: 'done',
	doing: 'now',
	to_do: 'next',
	failed: 'failed',
};

interface StageRowsProps {
	readonly stages: readonly Stage[];
	/** When the order, and with it the photo, was taken. */
	readonly receivedAt: string;
	/** When the stages were last told, to count the seconds of the one in hand; `null` while nobody has. */
	readonly toldAtMs?: number | null;
	/** How the render ended: what was not reached will not be. */
	readonly ended?: 'failed' | 'cancelled' | 'expired';
}

/** What is done, in hand and still to do, each with its time. */
export function StageRows({ stages, receivedAt, toldAtMs = null, ended }: StageRowsProps) {
	return (
		<ol className="stages">
			<li className="done">
				<CircleCheck size={20} strokeWidth={1.75} aria-hidden="true" />
				<span>Photo received</span>
				<span className="t num">
					<Time at={receivedAt} />
				</span>
			</li>
			{stages.map((stage) => (
				<StageRow key={stage.id} stage={stage} toldAtMs={toldAtMs} ended={ended} />
			))}
		</ol>
	);
}

interface StageRowProps {
	readonly stage: Stage;
	readonly toldAtMs: number | null;
	readonly ended: StageRowsProps['ended'];
}

function StageRow({ stage, toldAtMs, ended }: StageRowProps) {
	const state = stateAtEnd(stage.state, ended);
	const Icon = ICONS[state];
	const isDoing = state === 'doing';
	return (
		<li className={CLASSES[state]} aria-current={isDoing ? 'step' : undefined}>
			<Icon size={20} strokeWidth={1.75} aria-hidden="true" />
			<span>
				{isDoing ? stage.doing : stage.title}
				{isDoing && stage.tries > 1 && <span className="again">, try {stage.tries}</span>}
			</span>
			<span className="t num">
				{state === 'done' && stage.finishedAt !== null && <Time at={stage.finishedAt} />}
				{state !== 'done' && (ended !== undefined ? 'not made' : secondsWords(stage, toldAtMs))}
			</span>
		</li>
	);
}

/** A stage that was in hand at the end failed, unless it was called off: then nothing went wrong. */
function stateAtEnd(state: Stage['state'], ended: StageRowsProps['ended']): Stage['state'] {
	if (ended === undefined || state === 'to_do' || state === 'done') return state;
	return ended === 'cancelled' ? 'to_do' : 'failed';
}
