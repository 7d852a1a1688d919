import { Chip } from '../components/chip';
import { Time } from '../components/time';
import { useShell, useStudio } from '../shell';
import type { Bucket, Credits } from './answers';
import { countWords } from '../count-words';

/** Neighbours differ; a second tone comes before a second colour. */
const TONES = ['', 's', 't'] as const;

interface BucketListProps {
	readonly credits: Credits;
	/** Whether what is held is held for work alone; a bank that looks into a payment has some set aside too. */
	readonly isAllForWork: boolean;
}

/** What is left of each purchase, month or gift, in the order in which it is used, and what of it is held. */
export function BucketList({ credits, isAllForWork }: BucketListProps) {
	const { work } = useStudio();
	const { nowMs } = useShell();
	const { buckets, held } = credits;
	// What has ended is in the list only while some of it is held.
	const free = buckets.filter(
		({ remaining, held: kept, expiresAt }) => remaining > kept && (expiresAt === null || Date.parse(expiresAt) > nowMs),
	);
	const total = free.reduce((sum, bucket) => sum + bucket.remaining - bucket.held, held);
	return (
		<section>
			<h2 className="h3">Where they come from</h2>
			<div className="meter multi tall" aria-hidden="true">
				{free.map((bucket, index) => (
					<i
						key={bucket.id}
						className={toneOf(index)}
						style={{ width: share(bucket.remaining - bucket.held, total) }}
					/>
				))}
				{held > 0 && <i className="held" style={{ width: share(held, total) }} />}
			</div>
			<ul className="bk">
				{free.map((bucket, index) => (
					<li key={bucket.id}>
						<i className={toneOf(index)} />
						<b>{bucket.title}</b>
						<b className="num">{countWords(bucket.remaining - bucket.held)}</b>
						<p>
							<EndWords bucket={bucket} isFirst={index === 0 && free.length > 1} />
						</p>
					</li>
				))}
				{held > 0 && (
					<li>
						<i className="h" />
						<b>Held</b>
						<b className="num">{held}</b>
						<p>
							{isAllForWork
								? `spent when the ${work.one} is ready, given back if it is not`
								: 'for what is being made, or while a bank looks into a payment'}
						</p>
					</li>
				)}
				{total === 0 && (
					<li className="none">
						<p>Nothing is left. What comes next stands here, with the day it ends.</p>
					</li>
				)}
			</ul>
		</section>
	);
}

function toneOf(index: number): (typeof TONES)[number] {
	return TONES[index % TONES.length] ?? '';
}

function share(part: number, total: number): string {
	return `${(part / total) * 100}%`;
}

function EndWords({ bucket, isFirst }: { bucket: Bucket; isFirst: boolean }) {
	const used = isFirst ? 'used first, ' : '';
	if (bucket.expiresAt === null) return <>{used}they do not end</>;
	return (
		<>
			{bucket.endsSoon && <Chip state="soon">Ends soon</Chip>} {used}
			{bucket.source === 'pack' ? 'good until' : 'ends'} <Time at={bucket.expiresAt} as="day" />
		</>
	);
}
