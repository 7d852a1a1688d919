import { Form } from '@remix-run/react';

import { POSTING_LIMITS, POSTING_PLACES } from '../../studios/publish-rules';
import { Button } from '../components/button';
import { Field, SelectField } from '../components/field';
import { Notice } from '../components/notice';
import { useMay } from '../may';
import type { AssetAnswer } from '../render/answers';
import type { Posting } from './answers';
import { PostingRow } from './posting-row';
import { KINDS } from './share-words';
import { useSharingForm } from './use-sharing-answer';

interface PostingSectionProps {
	/** What was posted, of all that the smile ever had: also of what is deleted here since. */
	readonly assets: readonly { readonly id: string; readonly kind: AssetAnswer['kind'] }[];
	readonly postings: readonly Posting[];
}

/** Copies of a smile that were posted elsewhere: noted, so that somebody takes them down when they may not stay. */
export function PostingSection({ assets, postings }: PostingSectionProps) {
	const mayNote = useMay('assets:share');
	return (
		<section className="part" id="posted">
			<h2>Copies posted elsewhere</h2>
			<p className="soft">
				We cannot call them back. Note each one: when the consent ends, it is listed here and under your profile until
				somebody has seen that it is gone.
			</p>
			{postings.length === 0 ? (
				<p className="small muted">None is noted.</p>
			) : (
				<ul className="copies">
					{postings.map((posting) => (
						<PostingRow key={posting.id} posting={posting} />
					))}
				</ul>
			)}
			{mayNote && assets.length > 0 && <NoteForm assets={assets} />}
		</section>
	);
}

function NoteForm({ assets }: Pick<PostingSectionProps, 'assets'>) {
	const { answer, isPending, errorOf, typedIn } = useSharingForm('note-posting');
	const isRefused = answer !== null && answer.errors !== null;
	return (
		<details className="copy-details" open={isRefused || undefined}>
			<summary>Note a copy</summary>
			<Form method="post" className="copy-form" preventScrollReset>
				<input type="hidden" name="intent" value="note-posting" />
				{errorOf('form') !== undefined && <Notice kind="stop" title={errorOf('form') ?? ''} isAlert />}
				<SelectField label="What" name="assetId">
					{assets.map(({ id, kind }) => (
						<option key={id} value={id}>
							{KINDS[kind]}
						</option>
					))}
				</SelectField>
				<SelectField label="Where" name="place" defaultValue={typedIn('place')} error={errorOf('place')}>
					{Object.entries(POSTING_PLACES).map(([place, label]) => (
						<option key={place} value={place}>
							{label}
						</option>
					))}
				</SelectField>
				<Field
					label="Address"
					name="address"
					required
					maxLength={POSTING_LIMITS.addressMax}
					autoCapitalize="none"
					spellCheck={false}
					defaultValue={typedIn('address')}
					hint="Of the page or post, so that somebody finds it again. It is sealed."
					error={errorOf('address')}
				/>
				<Field
					label="Posted on"
					name="postedAt"
					type="date"
					required
					defaultValue={typedIn('postedAt')}
					error={errorOf('postedAt')}
				/>
				<div className="row">
					<Button isPending={isPending} pendingLabel="Noting…">
						Note this copy
					</Button>
				</div>
			</Form>
		</details>
	);
}
