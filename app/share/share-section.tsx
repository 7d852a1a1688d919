import { Form } from '@remix-run/react';
import { Link2Off } from 'lucide-react';

import { SHARE_LIMITS } from '../../studios/publish-rules';
import { Button } from '../components/button';
import { Chip } from '../components/chip';
import { ConfirmForm } from '../components/confirm-form';
import { ConsentMark } from '../components/consent-mark';
import { CopyField } from '../components/copy-field';
import { Field, SelectField } from '../components/field';
import { Notice } from '../components/notice';
import { Time } from '../components/time';
import type { Standing } from '../consent/marks';
import { useMay } from '../may';
import type { AssetAnswer } from '../render/answers';
import { useStudio } from '../shell';
import type { Share } from './answers';
import { LIFETIMES, shareState, shareWords, viewWords } from './share-words';
import { useSharingForm } from './use-sharing-answer';

interface ShareSectionProps {
	/** What is still here of the smile. */
	readonly assets: readonly AssetAnswer[];
	readonly shares: readonly Share[];
	readonly consent: Standing | null | undefined;
}

/** Links to a smile: to make, to copy once, to end, each with how often it was opened. */
export function ShareSection({ assets, shares, consent }: ShareSectionProps) {
	const { tenancy } = useStudio();
	const { answer } = useSharingForm('share');
	const link = answer?.link ?? null;
	return (
		<section className="part" id="share">
			<h2>Share</h2>
			<p className="soft">
				Whoever has the link sees the pictures with their label and the name of your {tenancy.word}, and nothing else.
				It ends by itself, with the consent, or when you end it.
			</p>
			<ConsentMark consent={consent} />
			{link !== null && (
				<div className="stack">
					<Notice kind="soon" title="The link is shown this once">
						We keep no copy of it. If it is lost, end it and make another.
					</Notice>
					<CopyField id="share-link" label="Link" value={link} />
				</div>
			)}
			<NewLink assets={assets} />
			{shares.length === 0 ? (
				<p className="small muted">No link was made yet.</p>
			) : (
				<ul className="copies">
					{shares.map((share) => (
						<LinkRow key={share.id} share={share} />
					))}
				</ul>
			)}
		</section>
	);
}

function NewLink({ assets }: Pick<ShareSectionProps, 'assets'>) {
	const mayShare = useMay('assets:share');
	const { answer, isPending, errorOf, typedIn } = useSharingForm('share');
	const [first] = assets;
	const isWholeSmile = assets.filter(({ kind }) => kind === 'video' || kind === 'after').length > 1;
	const verdict = first?.publish.find(({ use }) => use === 'share');
	if (first === undefined || verdict === undefined) return <p className="soft">Everything of this smile is deleted.</p>;
	if (!mayShare) return <p className="soft">Your role does not share. Ask the owner.</p>;
	if (!verdict.isAllowed) {
		return (
			<Notice kind="plain" title="No link can be made">
				{verdict.rule} <span className="source">{verdict.source}</span>
			</Notice>
		);
	}
	return (
		// Empty again once a link was made: its passcode is nobody's to read from the screen.
		<Form method="post" className="copy-form" preventScrollReset key={answer?.link ?? 'new'}>
			<input type="hidden" name="intent" value="share" />
			{errorOf('form') !== undefined && <Notice kind="stop" title={errorOf('form') ?? ''} isAlert />}
			<SelectField label="What it shows" name="what" defaultValue={typedIn('what')} error={errorOf('what')}>
				{isWholeSmile && <option value={`${first.id} smile`}>Before, after and video</option>}
				{assets.map((asset) => (
					<option key={asset.id} value={`${asset.id} asset`}>
						{shareWords({ kind: asset.kind, shows: 'asset' })} only
					</option>
				))}
			</SelectField>
			<SelectField
				label="Ends after"
				name="expiresInHours"
				defaultValue={typedIn('expiresInHours') ?? `${SHARE_LIMITS.hoursDefault}`}
				error={errorOf('expiresInHours')}
			>
				{LIFETIMES.map(({ hours, label }) => (
					<option key={hours} value={hours}>
						{label}
					</option>
				))}
			</SelectField>
			<Field
				label="Passcode"
				name="passcode"
				autoComplete="off"
				maxLength={SHARE_LIMITS.passcodeMax}
				hint={`May stay empty. ${SHARE_LIMITS.passcodeMin} characters or more; tell it another way than the link.`}
				error={errorOf('passcode')}
			/>
			<div className="row">
				<Button isPending={isPending} pendingLabel="Making it…">
					Make a link
				</Button>
			</div>
		</Form>
	);
}

function LinkRow({ share }: { share: Share }) {
	const mayShare = useMay('assets:share');
	const { errorOf } = useSharingForm('end-share', share.id);
	const { chip, word } = shareState(share);
	const isOver = share.state === 'revoked' || share.state === 'ended' || share.state === 'deleted';
	return (
		<li>
			<b>{shareWords(share)}</b>
			<Chip state={chip}>{word}</Chip>
			<p>
				Made <Time at={share.createdAt} />, {viewWords(share.views)}.{' '}
				{!isOver && (
					<>
						Ends <Time at={share.expiresAt} />.{' '}
					</>
				)}
				{share.hasPasscode && 'Asks for a passcode.'}
			</p>
			{share.rule !== null && <p>{share.rule}</p>}
			{errorOf('form') !== undefined && <p className="err">{errorOf('form')}</p>}
			{!isOver && mayShare && (
				<ConfirmForm
					fields={{ intent: 'end-share', shareId: share.id }}
					icon={<Link2Off size={18} strokeWidth={1.75} aria-hidden="true" />}
					look="quiet"
					label="End link"
					pendingLabel="Ending…"
					question="End this link?"
					consequence="Whoever opens it sees nothing any more, from this moment on. It cannot be opened again; you can make another."
				/>
			)}
		</li>
	);
}
