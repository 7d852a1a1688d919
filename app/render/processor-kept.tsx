import { Time } from '../components/time';
import type { RenderAnswer } from './answers';
import { addressWords, type Keeping, ofAll } from './keeping-words';

/** What was asked of each processor about keeping things, and what was found there afterwards (N6): only what was noted. */
export function ProcessorKept({ render }: { render: RenderAnswer }) {
	if (render.processors.length === 0) return null;
	return (
		<section className="kept-there">
			<h2 className="h3">What the processor kept</h2>
			{render.processors.map((kept) => (
				<div key={kept.name}>
					<p className="small">
						<strong>{kept.name}</strong>. <Verdict kept={kept} />
					</p>
					<ul className="small muted">
						{sentencesOf(kept).map((sentence) => (
							<li key={sentence}>{sentence}</li>
						))}
					</ul>
				</div>
			))}
		</section>
	);
}

function Verdict({ kept: { verifiedAt, payloadsDeleted, requests } }: { kept: Keeping }) {
	if (verifiedAt === null) return <>Not looked for yet.</>;
	return (
		<>
			{payloadsDeleted === requests ? 'Nothing is left there' : 'Nothing was found there'}, last looked for{' '}
			<Time at={verifiedAt} />.
		</>
	);
}

function sentencesOf(kept: Keeping): string[] {
	const { inputUrlSecondsMax, storageOff, copied, payloadsDeleted, requests } = kept;
	return [
		...(inputUrlSecondsMax === null
			? []
			: [`The address of what we sent ended after ${minutesWords(inputUrlSecondsMax)}.`]),
		...(storageOff === 0 ? [] : [`Storage was switched off in ${ofAll(storageOff, requests)}.`]),
		...(copied === 0 ? [] : [`${copied === 1 ? 'One result was' : `${copied} results were`} copied to our store.`]),
		...(payloadsDeleted === 0 ? [] : [`It deleted what it held of ${ofAll(payloadsDeleted, requests)}.`]),
		...addressWords(kept).map((words) => `Asked again, ${words}.`),
	];
}

function minutesWords(seconds: number): string {
	const minutes = Math.round(seconds / 60);
	if (seconds < 60) return `${seconds} seconds`;
	return minutes === 1 ? '1 minute' : `${minutes} minutes`;
}
