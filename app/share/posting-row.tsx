import { Form, Link } from '@remix-run/react';

import { POSTING_LIMITS } from '../../studios/publish-rules';
import { Button } from '../components/button';
import { Chip } from '../components/chip';
import { ConsentMark } from '../components/consent-mark';
import { Field } from '../components/field';
import { Notice } from '../components/notice';
import { Time } from '../components/time';
import { useMay } from '../may';
import type { Posting } from './answers';
import { postingPlaceWords, postingState } from './share-words';
import { useSharingForm } from './use-sharing-answer';

interface PostingRowProps {
	readonly posting: Posting;
	/** In a list of several patients' copies: whose it is, with the way there. */
	readonly withSmile?: boolean;
}

/** One copy elsewhere: where, whether it may stay, until when it has to be gone, and the way to tick it. */
export function PostingRow({ posting, withSmile = false }: PostingRowProps) {
	const { chip, word } = postingState(posting);
	const reference = posting.subjectReference ?? 'Patient deleted';
	return (
		<li>
			<b>
				{withSmile && (
					<>
						<Link to={`/smiles/${posting.renderId}`}>{reference}</Link>
						{' · '}
					</>
				)}
				{postingPlaceWords(posting)}
			</b>
			<Chip state={chip}>{word}</Chip>
			{posting.removedAt === null && posting.subjectReference !== null && <ConsentMark consent={posting.consent} />}
			<p className="lines">{posting.address}</p>
			<p>
				Posted <Time at={posting.postedAt} as="on-day" />.{' '}
				{posting.dueAt !== null && (
					<>
						{posting.state === 'overdue' ? 'It had to be gone by ' : 'Gone by '}
						<Time at={posting.dueAt} />.{' '}
					</>
				)}
				{posting.removedAt !== null && (
					<>
						Seen to be gone <Time at={posting.removedAt} />.
					</>
				)}
			</p>
			{posting.rule !== null && (
				<p>
					{posting.rule} <span className="source">{posting.source}</span>
				</p>
			)}
			{posting.proof !== null && <p className="lines">How: {posting.proof}</p>}
			{posting.removedAt === null && <TickForm posting={posting} />}
		</li>
	);
}

function TickForm({ posting }: Pick<PostingRowProps, 'posting'>) {
	const mayTick = useMay('assets:share');
	const { isPending, errorOf, typedIn } = useSharingForm('tick-posting', posting.id);
	if (!mayTick) return null;
	const error = errorOf('proof') ?? errorOf('form');
	return (
		<details className="copy-details" open={posting.dueAt !== null || error !== undefined || undefined}>
			<summary>It is gone</summary>
			<Form method="post" className="copy-form" preventScrollReset>
				<input type="hidden" name="intent" value="tick-posting" />
				<input type="hidden" name="postingId" value={posting.id} />
				{errorOf('form') !== undefined && <Notice kind="stop" title={errorOf('form') ?? ''} isAlert />}
				<Field
					label="How you saw it"
					name="proof"
					required
					maxLength={POSTING_LIMITS.proofMax}
					defaultValue={typedIn('proof')}
					placeholder="Opened the page: not found"
					error={errorOf('proof')}
				/>
				<div className="row">
					<Button isPending={isPending} pendingLabel="Noting…">
						Note that it is gone<span className="vh"> from {posting.address}</span>
					</Button>
				</div>
			</Form>
		</details>
	);
}
