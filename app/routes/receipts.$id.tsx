import type { LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Link, useLoaderData } from '@remix-run/react';

import { apiFor, turnedAway } from '../api';
import { Chip } from '../components/chip';
import { Page } from '../components/page';
import { Receipt } from '../components/receipt';
import { Time } from '../components/time';
import { IssuedReceiptView } from '../receipts/issued-receipt';
import { readReceipt } from '../receipts/read-receipt';
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
				<IssuedReceiptView id={receipt.id} receipt={receipt.issued} file={`/receipts/${receipt.id}/file`} />
			)}
		</Page>
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
