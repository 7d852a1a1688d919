import { LifeLine, type LifeMark } from '../components/life-line';
import { Time } from '../components/time';
import { POSTING_LIMITS } from '../../studios/publish-rules';
import type { Signed } from './answers';
import { pathsOf } from './bare-page';
import { counted } from './link-words';

type Deletion = NonNullable<Signed['deletion']>;

/**
 * After a revocation: each step while it is done, and the receipt at its end. `public/patient.js` looks again by itself as long as
 * it is marked to go on; without script there is a link.
 */
export function DeletionSection({ signed, token }: { signed: Signed; token: string }) {
	const { deletion, consent } = signed;
	if (deletion === null) return null;
	const { receipt, kept } = deletion;
	const isOver = receipt !== null && deletion.postedLeft === 0;
	return (
		<section data-after data-live={isOver ? undefined : true} aria-live="polite">
			<h2>{receipt === null ? 'It is being deleted' : 'It is deleted'}</h2>
			<LifeLine marks={marksOf(deletion, consent.revokedAt)} />
			{receipt !== null && (
				<p>
					<a className="btn line fill" href={pathsOf(token).receipt}>
						See and check the receipt
					</a>
				</p>
			)}
			{!isOver && <p className="soft">You can close this page. It goes on without you.</p>}
			{!isOver && (
				<p>
					<a href="?" className="tap">
						Refresh
					</a>
				</p>
			)}
			{kept.length > 0 && (
				<>
					<h3>What is kept</h3>
					<ul className="rows">
						{kept.map(({ what, why }) => (
							<li key={what}>
								<span>
									{sentenceCase(what)}: {why}.
								</span>
							</li>
						))}
					</ul>
				</>
			)}
		</section>
	);
}

function marksOf(deletion: Deletion, revokedAt: string | null): LifeMark[] {
	const { photosLeft, picturesLeft, processorCopiesLeft, linksEnded, postedLeft, receipt } = deletion;
	return [
		{
			key: 'revoked',
			what: 'You took it back',
			when: revokedAt === null ? undefined : <Time at={revokedAt} />,
			state: 'done',
		},
		...(linksEnded === 0
			? []
			: [{ key: 'links', what: `${counted(linksEnded, 'link', 'links')} stopped`, state: 'done' } as const]),
		step('photos', photosLeft, 'Photo deleted', `${counted(photosLeft, 'photo', 'photos')} being deleted`),
		step(
			'pictures',
			picturesLeft,
			'Pictures and videos deleted',
			`${counted(picturesLeft, 'picture or video', 'pictures and videos')} being deleted`,
		),
		step(
			'processors',
			processorCopiesLeft,
			'Nothing is left where they were made',
			`${counted(processorCopiesLeft, 'copy', 'copies')} looked for where they were made`,
		),
		...(postedLeft === 0
			? []
			: [
					{
						key: 'posted',
						what: `${counted(postedLeft, 'posted copy', 'posted copies')} to take down`,
						when: `By the practice, within ${POSTING_LIMITS.removalHours} hours`,
						state: 'now',
					} as const,
				]),
		receipt === null
			? { key: 'receipt', what: 'Signed receipt' }
			: { key: 'receipt', what: 'Receipt signed', when: <Time at={receipt.issuedAt} />, state: 'done' },
	];
}

function step(key: string, left: number, done: string, doing: string): LifeMark {
	return left === 0 ? { key, what: done, state: 'done' } : { key, what: doing, state: 'now' };
}

function sentenceCase(words: string): string {
	return words.charAt(0).toUpperCase() + words.slice(1);
}
