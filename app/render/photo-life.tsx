import { Link } from '@remix-run/react';
import type { ReactNode } from 'react';

import { retentionHours } from '../../studios/policy/policy';
import { LifeLine, type LifeMark } from '../components/life-line';
import { Time } from '../components/time';
import { useStudio } from '../shell';
import { isUnderWay, type RenderAnswer } from './answers';

/** Where the photo is, at the processor and here, and until when: each mark from what the api knows, none from a hope. */
export function PhotoLife({ render }: { render: RenderAnswer }) {
	const studio = useStudio();
	const { source } = render;
	if (source === null) return null;
	const drawing = studio.policy.processors.find(({ id }) => id === 'fal')?.name ?? 'the processor';
	const sentAt = render.stages.find(({ startedAt }) => startedAt !== null)?.startedAt ?? null;
	const isOpen = isUnderWay(render.state);
	const isHere = source.deletedAt === null;
	const marks: LifeMark[] = [
		{
			key: 'came',
			what: 'Came without its metadata',
			when: 'place, camera and file name were removed on your device',
			state: 'done',
		},
		{
			key: 'sent',
			what: `With ${drawing} for this video`,
			when: sentAt === null ? 'not yet' : <At says="since" time={sentAt} />,
			state: sentAt === null ? undefined : isOpen ? 'now' : 'done',
		},
		{
			key: 'forgot',
			what: `Deleted at ${drawing}`,
			when:
				render.processorsForgotAt === null ? (
					'as soon as the video is here'
				) : (
					<At says="found gone at" time={render.processorsForgotAt} />
				),
			state: render.processorsForgotAt === null ? undefined : 'done',
		},
		{
			key: 'deleted',
			what: 'Deleted from our store',
			when: <StoreWords render={render} isOpen={isOpen} hours={retentionHours(studio.policy, 'source')} />,
			state: isHere ? (source.state === 'deleting' ? 'now' : undefined) : 'done',
		},
		{
			key: 'read',
			what: 'Both places read again',
			when: isHere ? 'then a receipt is signed' : <Link to={`/receipts/${source.receiptId}`}>the signed receipt</Link>,
			state: isHere ? undefined : 'done',
		},
	];
	return (
		<section>
			<h2 className="h3">What happens to the photo</h2>
			<LifeLine marks={marks} />
		</section>
	);
}

function StoreWords({ render, isOpen, hours }: { render: RenderAnswer; isOpen: boolean; hours: number }): ReactNode {
	const { source } = render;
	if (source === null) return null;
	if (source.deletedAt !== null) return <At says="at" time={source.deletedAt} />;
	if (source.state === 'deleting') return 'now';
	if (isOpen) return `${hours} hours after the video is ready`;
	return <At says="at" time={source.deleteAt} />;
}

function At({ says, time }: { says: string; time: string }) {
	return (
		<>
			{says} <Time at={time} />
		</>
	);
}
