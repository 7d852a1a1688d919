import { Form, useNavigation } from '@remix-run/react';
import type { z } from 'zod';

import type { ConsentLinkList } from '../../workers/api/contract/consent-links';
import { Button } from '../components/button';
import { Chip, type ChipState } from '../components/chip';
import { ConfirmForm } from '../components/confirm-form';
import { CopyField } from '../components/copy-field';
import { Notice } from '../components/notice';
import { Time } from '../components/time';
import { useMay } from '../may';

export type PatientLink = z.infer<typeof ConsentLinkList>['items'][number];

const FACES: Readonly<Record<PatientLink['state'], { chip: ChipState; word: string }>> = {
	waiting: { chip: 'hand', word: 'Not opened yet' },
	opened: { chip: 'hand', word: 'Opened, not signed' },
	signed: { chip: 'kept', word: 'The patient’s own' },
	ended: { chip: 'gone', word: 'Ended by you' },
	over: { chip: 'gone', word: 'Its time is over' },
};

interface PatientLinksProps {
	readonly links: readonly PatientLink[];
	/** As it was just made; it is answered this once. */
	readonly made: string | null;
	/** A consent that is revoked has nothing left to open. */
	readonly canMake: boolean;
}

/** The patient's own ways to this consent: to read it, to allow less, to end it. */
export function PatientLinks({ links, made, canMake }: PatientLinksProps) {
	const mayWrite = useMay('consents:write');
	const isPending = useNavigation().formData?.get('intent') === 'link';
	return (
		<section className="part">
			<h2>The patient’s own link</h2>
			<p className="soft">
				Whoever has it reads the consent, sees what exists, allows less or ends it. No account is needed.
			</p>
			{made !== null && (
				<div className="stack">
					<Notice kind="soon" title="The link is shown this once">
						We keep no copy of it. If it is lost, end it and make another.
					</Notice>
					<CopyField id="patient-link" label="Link" value={made} />
				</div>
			)}
			{links.length === 0 ? (
				<p className="small muted">None was made.</p>
			) : (
				<ul className="copies">
					{links.map((link) => (
						<LinkRow key={link.id} link={link} mayEnd={mayWrite} />
					))}
				</ul>
			)}
			{mayWrite && canMake && (
				<Form method="post" className="row" preventScrollReset>
					<input type="hidden" name="intent" value="link" />
					<Button look="line" isPending={isPending} pendingLabel="Making it…">
						New link
					</Button>
				</Form>
			)}
		</section>
	);
}

function LinkRow({ link, mayEnd }: { link: PatientLink; mayEnd: boolean }) {
	const { chip, word } = FACES[link.state];
	const isOpen = link.state === 'waiting' || link.state === 'opened' || link.state === 'signed';
	return (
		<li>
			<b>
				Made <Time at={link.createdAt} />
			</b>
			<Chip state={chip}>{word}</Chip>
			<p>
				{link.openedAt !== null && (
					<>
						First opened <Time at={link.openedAt} />.{' '}
					</>
				)}
				{link.endedAt === null ? (
					<>
						Good until <Time at={link.expiresAt} />.
					</>
				) : (
					<>
						Ended <Time at={link.endedAt} />.
					</>
				)}
			</p>
			{mayEnd && isOpen && (
				<ConfirmForm
					fields={{ intent: 'end-link', linkId: link.id }}
					look="quiet"
					label="End this link"
					pendingLabel="Ending…"
					question="End this link?"
					consequence="Whoever has it sees nothing any more. The consent stays as it is, and you can make another link."
				/>
			)}
		</li>
	);
}
