import { Figure } from '../components/figure';
import { Notice } from '../components/notice';
import { Time } from '../components/time';
import { useShell, useStudio } from '../shell';
import { agePartsOf, ageWords } from './age-words';
import { promiseOf, whatOf } from './class-words';
import { classOf, countWords, isUnmeasured, isUnswept, lateOf, type Evidence } from './evidence-view';
import { photoOf } from './oldest-photo';

/** What is not as promised, first on the page; nothing when all is. */
export function Alarms({ evidence }: { evidence: Evidence }) {
	const studio = useStudio();
	const { nowMs } = useShell();
	const late = lateOf(evidence);
	return (
		<>
			{late.length > 0 && (
				<Notice kind="stop" title="A promise is broken right now">
					{late
						.map(
							({ dataClass, late: count, promiseMs }) =>
								`${whatOf(studio, dataClass)}: ${countWords(count)} late (${promiseOf(studio, dataClass, promiseMs)}).`,
						)
						.join(' ')}{' '}
					Photos past their time are shown to nobody, also while their deletion is late.
				</Notice>
			)}
			{evidence.measuredAt !== null && isUnmeasured(evidence, nowMs) && (
				<Notice kind="stop" title="Not measured lately">
					What stands below was true at <Time at={evidence.measuredAt} />. It is measured each hour, and was not since.
				</Notice>
			)}
			{evidence.log.state === 'forged' && (
				<Notice kind="stop" title="The log was cut or rewritten">
					The log in the database does not continue the last head that was signed for{' '}
					{(evidence.log.keptSize ?? 0).toLocaleString('en')} receipts. No head is signed until somebody has looked.
				</Notice>
			)}
			{evidence.log.state === 'forged' && (
				<Notice kind="stop" title="The newest head of the log is not signed by us">
					Where the last signed head is kept lies one that none of our{' '}
					<a href="/.well-known/afterglow-keys.json">keys</a> signed. No head is signed until somebody has looked.
				</Notice>
			)}
			{evidence.log.state === 'unknown' && (
				<Notice kind="plain" title="The log could not be looked at">
					Whether it continues the last head that was signed is not known right now. It is looked at each minute.
				</Notice>
			)}
			{evidence.log.left.map(({ treeSize, rootHash, signedAt }) => (
				<Notice key={rootHash} kind="plain" title="The log was once continued from a restored database">
					The head for {treeSize.toLocaleString('en')} receipts of <Time at={signedAt} /> was left behind. It is in the{' '}
					<a href="/evidence.json">numbers for machines</a>, as it was signed.
				</Notice>
			))}
			{evidence.sweptAt !== null && isUnswept(evidence, nowMs) && (
				<Notice kind="stop" title="Nothing is being deleted">
					The last sweep ended at <Time at={evidence.sweptAt} />; one comes each minute. Photos past their time are
					shown to nobody all the same.
				</Notice>
			)}
		</>
	);
}

/** Three numbers: the oldest photo, what is late, and how many receipts there are. */
export function Figures({ evidence }: { evidence: Evidence }) {
	const studio = useStudio();
	const photo = photoOf(studio);
	const source = classOf(evidence, 'source');
	const age = source?.oldestAgeMs ?? null;
	const late = lateOf(evidence).reduce((sum, one) => sum + one.late, 0);
	const lateBefore = Math.max(0, ...evidence.history.map((point) => point.late));
	return (
		<div className="figs">
			{age === null ? (
				<Figure value="0">{`No ${photo} is held right now.`}</Figure>
			) : (
				<Figure value={<Age ms={age} />}>{`Oldest ${photo}. ${leavesIn(age, source?.promiseMs ?? null)}`}</Figure>
			)}
			<Figure value={countWords(late)}>
				{`Late right now, of everything below. ${
					lateBefore === 0 ? 'No photo was in 90 days.' : `In 90 days ${countWords(lateBefore)} photos at once at most.`
				}`}
			</Figure>
			<Figure value={evidence.receipts.toLocaleString('en')}>Receipts in the public log.</Figure>
		</div>
	);
}

function Age({ ms }: { ms: number }) {
	return agePartsOf(ms).map(({ value, unit }, index) => (
		<span key={unit}>
			{index > 0 && ' '}
			{value}
			<small>{unit}</small>
		</span>
	));
}

function leavesIn(ageMs: number, promiseMs: number | null): string {
	if (promiseMs === null) return '';
	const leftMs = promiseMs - ageMs;
	return leftMs > 60_000 ? `It leaves in ${ageWords(leftMs)} at the latest.` : 'It is being deleted.';
}

/** How long erasures took that ended in the last 30 days. */
export function ErasureTimes({ evidence }: { evidence: Evidence }) {
	const done = classOf(evidence, 'erasure_done');
	const mostOf = classOf(evidence, 'erasure_p95');
	return (
		<section>
			<h2>How long an erasure takes</h2>
			{done === undefined || done.held === 0 || done.oldestAgeMs === null ? (
				<p className="soft">None ended in the last 30 days.</p>
			) : (
				<p className="soft">
					{`${countWords(done.held)} ended in the last 30 days. The longest took ${ageWords(done.oldestAgeMs)}`}
					{mostOf?.oldestAgeMs == null ? '' : `, and 95 in 100 took ${ageWords(mostOf.oldestAgeMs)} at most`}
					{done.late === 0 ? '. None was late.' : `. ${countWords(done.late)} took longer than promised.`}
				</p>
			)}
		</section>
	);
}
