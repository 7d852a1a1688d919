import type { LoaderFunctionArgs } from '@remix-run/cloudflare';
import { useLoaderData } from '@remix-run/react';

import { apiFor, turnedAway } from '../api';
import { Notice } from '../components/notice';
import { Time } from '../components/time';
import { ClassTable } from '../evidence/class-table';
import { classOf, type Evidence as EvidenceFacts } from '../evidence/evidence-view';
import { OldestPhoto } from '../evidence/oldest-photo';
import { Alarms, ErasureTimes, Figures } from '../evidence/standing';
import { evidenceStyles } from '../evidence/styles';
import { useStudio } from '../shell';
import { MEASURED } from '../still';
import { titled } from '../title';

export const handle = MEASURED;

export const meta = titled('Evidence', { isPublic: true });
export const links = evidenceStyles;

export async function loader({ request, context }: LoaderFunctionArgs) {
	const answer = await apiFor(context, request).v1.evidence.$get();
	if (!answer.ok) throw await turnedAway(answer, request);
	return answer.json();
}

export default function Evidence() {
	const evidence = useLoaderData<typeof loader>();
	return (
		<div className="wrap page ev">
			<h1>The evidence</h1>
			<p className="lead">
				What we hold right now, against what we promised. Counted each hour by a process that looks and changes nothing.
				Nobody’s data is on this page.
			</p>
			{evidence.measuredAt === null ? (
				<Notice kind="plain" title="Nothing has been measured yet">
					The first measurement comes within a minute of the start.
				</Notice>
			) : (
				<Measured evidence={evidence} measuredAt={evidence.measuredAt} />
			)}
			<More receipts={evidence.receipts} />
		</div>
	);
}

function Measured({ evidence, measuredAt }: { evidence: EvidenceFacts; measuredAt: string }) {
	const promiseMs = classOf(evidence, 'source')?.promiseMs ?? null;
	return (
		<>
			<Alarms evidence={evidence} />
			<Figures evidence={evidence} />
			{promiseMs !== null && <OldestPhoto evidence={evidence} promiseMs={promiseMs} />}
			<section>
				<h2>Everything that is held</h2>
				<p className="soft">
					Counted at <Time at={measuredAt} />
					{evidence.sweptAt !== null && (
						<>
							; the last sweep ended at <Time at={evidence.sweptAt} />
						</>
					)}
					. What is due is deleted by the minute or the hour, and is late a quarter of an hour after.
				</p>
				<ClassTable evidence={evidence} />
			</section>
			<ErasureTimes evidence={evidence} />
		</>
	);
}

function More({ receipts }: { receipts: number }) {
	const studio = useStudio();
	return (
		<section className="more">
			<div>
				<h3>Check it yourself</h3>
				<p className="soft">
					The same numbers <a href="/evidence.json">for machines</a>, and a <a href="/evidence/badge.svg">badge</a> for
					your own site.
				</p>
			</div>
			<div>
				<h3>The log</h3>
				<p className="soft">
					{receipts === 0
						? 'Each deletion is signed into a log that can only grow. It has no entry yet.'
						: `${receipts.toLocaleString('en')} ${receipts === 1 ? 'receipt' : 'receipts'} in a log that can only grow. `}
					{receipts > 0 && <a href="/.well-known/afterglow-log.json">Its newest head</a>}
				</p>
			</div>
			<div>
				<h3>What this cannot show</h3>
				<p className="soft">{studio.policy.history}</p>
			</div>
		</section>
	);
}
