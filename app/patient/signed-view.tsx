import { FileDown } from 'lucide-react';

import { CHANNELS } from '../../studios/publish-rules';
import { Button } from '../components/button';
import { Chip } from '../components/chip';
import { Field } from '../components/field';
import { Notice } from '../components/notice';
import { Time } from '../components/time';
import type { Signed } from './answers';
import { pathsOf } from './bare-page';
import { DeletionSection } from './deletion-section';
import { DrawnSignature } from './drawn-signature';
import { CHANNEL_NAMES, counted, placeWords } from './link-words';
import { MediaSection } from './media-section';
import { WordsDocument } from './words-document';

export interface CopyAnswer {
	readonly mailedTo: string | null;
	readonly email: string;
	readonly error: string | undefined;
}

interface SignedViewProps {
	readonly signed: Signed;
	readonly token: string;
	/** What was just done here: `signed`, `narrowed`. */
	readonly done: string | null;
	readonly copy: CopyAnswer | undefined;
}

/** The same address after the signature: what was allowed, what there is of it, where it is used, and how it ends. */
export function SignedView({ signed, token, done, copy }: SignedViewProps) {
	const { practice, consent, linkExpiresAt } = signed;
	const isRevoked = consent.state === 'revoked';
	return (
		<div className="wrap patient-page">
			<header>
				<h1>{isRevoked ? 'You took it back' : `What you allowed ${practice}`}</h1>
			</header>
			{done === 'signed' && (
				<Notice kind="kept" title="Signed">
					Keep this page, as a bookmark or by mail. It shows what is done with your photo, and ends it when you say so.
				</Notice>
			)}
			{done === 'narrowed' && (
				<Notice kind="kept" title="Done">
					Less is allowed from this moment on.
				</Notice>
			)}
			{signed.deletion !== null && <DeletionSection signed={signed} token={token} />}
			{!isRevoked && <Allowed signed={signed} token={token} />}
			{!isRevoked && <MediaSection signed={signed} />}
			{!isRevoked && <Places signed={signed} />}
			<WhatWasSigned signed={signed} token={token} copy={copy} />
			<p className="soft small">
				This page works until <Time at={linkExpiresAt} as="day" />. Whoever has its address can do all that you can do
				here.
			</p>
		</div>
	);
}

function Allowed({ signed: { consent }, token }: { signed: Signed; token: string }) {
	const paths = pathsOf(token);
	const isActive = consent.state === 'active';
	return (
		<section>
			<div className="row spread">
				<h2>Allowed now</h2>
				{isActive ? <Chip state="kept">In force</Chip> : <Chip state="gone">Ended</Chip>}
			</div>
			{consent.expiresAt !== null && (
				<p className="soft">
					{isActive ? 'It ends on ' : 'It ended on '}
					<Time at={consent.expiresAt} as="day" />.{!isActive && ' Nothing new is made, shown or sent.'}
				</p>
			)}
			<ul className="rows">
				{CHANNELS.filter((channel) => consent.channelsSigned.includes(channel)).map((channel) => (
					<li key={channel}>
						<span>{CHANNEL_NAMES[channel]}</span>
						{consent.channels.includes(channel) ? (
							<Chip state="kept">Allowed</Chip>
						) : (
							<Chip state="gone">Not any more</Chip>
						)}
					</li>
				))}
			</ul>
			<div className="row">
				{isActive && consent.channels.length > 1 && (
					<a className="btn line fill" href={paths.less}>
						Allow less
					</a>
				)}
				<a className="btn end-it fill" href={paths.revoke}>
					Revoke everything
				</a>
			</div>
		</section>
	);
}

function Places({ signed: { shares, posted } }: { signed: Signed }) {
	return (
		<section>
			<h2>Where it is used</h2>
			<ul className="rows">
				<li>
					<span>
						{shares.open === 0 ? (
							'No link shows it to others.'
						) : (
							<>
								{counted(shares.open, 'link shows', 'links show')} it to whoever has it
								{shares.until !== null && (
									<>
										, until <Time at={shares.until} />
									</>
								)}
								.
							</>
						)}
					</span>
				</li>
				{posted.length === 0 && (
					<li>
						<span>No copy was posted anywhere that the practice has noted.</span>
					</li>
				)}
				{posted.map((copy) => (
					<li key={`${copy.place} ${copy.postedAt}`}>
						<span>
							{placeWords(copy.place)}, posted <Time at={copy.postedAt} as="day" />
						</span>
						<PostedChip copy={copy} />
					</li>
				))}
			</ul>
		</section>
	);
}

function PostedChip({ copy: { state, dueAt } }: { copy: Signed['posted'][number] }) {
	if (state === 'removed') return <Chip state="gone">Taken down</Chip>;
	if (state === 'kept' || dueAt === null) return <Chip state="kept">Allowed</Chip>;
	return (
		<Chip state={state === 'overdue' ? 'stop' : 'soon'}>
			To go by <Time at={dueAt} />
		</Chip>
	);
}

function WhatWasSigned({ signed, token, copy }: Pick<SignedViewProps, 'signed' | 'token' | 'copy'>) {
	const { consent, text, signature } = signed;
	return (
		<section>
			<h2>What you signed</h2>
			<p className="soft">
				{consent.signerName ?? 'Signed'}
				{consent.signerRole === 'representative' && ', for the patient'}
				{consent.signedAt !== null && (
					<>
						, <Time at={consent.signedAt} as="document" />
					</>
				)}
				.
			</p>
			<DrawnSignature signature={signature} />
			{text === null ? (
				<p className="soft">The practice has it in writing, and gives you a copy when you ask.</p>
			) : (
				<>
					<details className="fold">
						<summary>Read it</summary>
						<WordsDocument sections={text} label="What you signed" />
					</details>
					<a className="btn line fill" href={pathsOf(token).copy} download>
						<FileDown size={18} strokeWidth={1.75} aria-hidden="true" />
						Download your copy
					</a>
					{copy?.mailedTo == null ? (
						<MailCopy copy={copy} />
					) : (
						<Notice kind="kept" title="Your copy is on its way">
							To {copy.mailedTo}. The address is kept for the mail alone.
						</Notice>
					)}
				</>
			)}
		</section>
	);
}

function MailCopy({ copy }: { copy: CopyAnswer | undefined }) {
	return (
		<form method="post" noValidate>
			<Field
				label="Or have it mailed to"
				name="email"
				type="email"
				autoComplete="email"
				maxLength={254}
				defaultValue={copy?.email ?? ''}
				error={copy?.error}
			/>
			<Button look="line" fill name="intent" value="copy">
				Mail your copy
			</Button>
		</form>
	);
}
