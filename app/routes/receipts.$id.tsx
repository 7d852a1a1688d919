import type { LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Link, useLoaderData } from '@remix-run/react';
import { FileDown, Printer } from 'lucide-react';

import { apiFor, turnedAway } from '../api';
import { Button } from '../components/button';
import { Chip } from '../components/chip';
import { Notice } from '../components/notice';
import { Page } from '../components/page';
import { Receipt } from '../components/receipt';
import { Time } from '../components/time';
import { readReceipt, type IssuedReceipt } from '../receipts/read-receipt';
import { deletedWords, PLACE_STATES, REASONS, verbOf } from '../receipts/receipt-words';
import { useStudio } from '../shell';
import { titled } from '../title';

export const meta = titled('Deletion receipt');

export async function loader({ request, context, params }: LoaderFunctionArgs) {
	const answer = await apiFor(context, request).v1.receipts[':id'].$get({ param: { id: params['id'] ?? '' } });
	if (!answer.ok) throw await turnedAway(answer, request);
	const receipt = await answer.json();
	if (receipt.state === 'pending') return receipt;
	return { state: receipt.state, id: receipt.id, issued: await readReceipt(receipt) };
}

export default function ReceiptPage() {
	const receipt = useLoaderData<typeof loader>();
	return (
		<Page width="narrow">
			{receipt.state === 'pending' ? (
				<Pending receipt={receipt} />
			) : (
				<Issued id={receipt.id} receipt={receipt.issued} />
			)}
		</Page>
	);
}

function Issued({ id, receipt }: { id: string; receipt: IssuedReceipt }) {
	const studio = useStudio();
	const { seq, body, isSigned, signature, keyId, sealBytes } = receipt;
	const file = `/receipts/${id}/file`;
	return (
		<>
			<div className="row spread beside no-print">
				{isSigned ? (
					<Chip state="kept">Signature checked just now</Chip>
				) : (
					<Chip state="stop">The signature does not fit</Chip>
				)}
				<div className="row">
					<Button look="line" type="button" onClick={() => print()}>
						<Printer size={18} strokeWidth={1.75} aria-hidden="true" />
						Print
					</Button>
					<a className="btn line" href={file} download>
						<FileDown size={18} strokeWidth={1.75} aria-hidden="true" />
						Signed file
					</a>
				</div>
			</div>
			{!isSigned && (
				<Notice kind="stop" title="Do not rely on this receipt">
					Its text and its signature do not belong together. Load the page again; if it stays, keep the file and tell
					us.
				</Notice>
			)}
			<Receipt
				issuer={studio.name}
				cap={`${studio.name} · No. ${seq.toLocaleString('en')}`}
				title="Deletion receipt"
				sentence={
					<>
						{deletedWords(body.deleted)} {verbOf(body.deleted)} deleted on <Time at={body.deletedAt} as="document" />.
						We then looked in every place it had been, and found nothing.
					</>
				}
				facts={factsOf(receipt)}
				{...(body.kept.length > 0 ? { kept: <Kept kept={body.kept} /> } : {})}
				signature={{
					line: `Ed25519 · key ${keyId} · place ${seq.toLocaleString('en')} in the log`,
					text: signature,
					sealBytes,
				}}
			/>
			<CannotProve id={id} />
		</>
	);
}

function factsOf({ body }: IssuedReceipt) {
	return [
		{ key: 'what', term: 'What', value: `${deletedWords(body.deleted)}, ${body.objectId}` },
		...(body.dueAt === null ? [] : [{ key: 'due', term: 'Due', value: <Time at={body.dueAt} as="document" /> }]),
		{ key: 'deleted', term: 'Deleted', value: <Time at={body.deletedAt} as="document" /> },
		...body.places.map(({ name, state, checkedAt }) => ({
			key: name,
			term: name,
			value: (
				<>
					{PLACE_STATES[state]}, <Time at={checkedAt} as="document" />
				</>
			),
		})),
		{ key: 'why', term: 'Why', value: REASONS[body.reason] },
	];
}

function Kept({ kept }: { kept: IssuedReceipt['body']['kept'] }) {
	return (
		<ul>
			{kept.map(({ what, why, until }) => (
				<li key={what}>
					{what}: {why}
					{until === null ? (
						''
					) : (
						<>
							, until <Time at={until} as="document" />
						</>
					)}
					.
				</li>
			))}
		</ul>
	);
}

function CannotProve({ id }: { id: string }) {
	return (
		<section className="below no-print">
			<h2>Check it without us</h2>
			<p className="soft">
				Download the signed file and our <a href="/.well-known/afterglow-keys.json">public keys</a>. Then, offline, in a
				copy of the source code:
			</p>
			<code className="command">{`node scripts/verify-receipt.mjs receipt-${id}.json --key afterglow-keys.json`}</code>
			<h2>What this receipt cannot prove</h2>
			<p className="soft">
				It cannot see copies made by people who were shown the photo. It proves what our systems did, signed by our key,
				in a log where each entry holds the one before.
			</p>
		</section>
	);
}

interface PendingReceipt {
	readonly dueAt: string;
	readonly what: string;
	readonly waitingFor: readonly string[];
}

function Pending({ receipt: { dueAt, what, waitingFor } }: { receipt: PendingReceipt }) {
	const studio = useStudio();
	return (
		<>
			<div className="row spread beside no-print">
				<Chip state="hand">Not signed yet</Chip>
			</div>
			<Receipt
				issuer={studio.name}
				cap={studio.name}
				title="Deletion receipt"
				sentence={
					<>
						Not yet. The receipt is signed here once the deletion was checked in every place. Due: <Time at={dueAt} />.
					</>
				}
				facts={[
					{ key: 'what', term: 'What', value: what },
					{ key: 'due', term: 'Due', value: <Time at={dueAt} as="document" /> },
					...(waitingFor.length > 0 ? [{ key: 'waiting', term: 'Waiting for', value: waitingFor.join(', ') }] : []),
				]}
			/>
			<p className="soft below">
				<Link to={studio.work.path} className="tap">{`Back to your ${studio.work.many}`}</Link>
			</p>
		</>
	);
}
