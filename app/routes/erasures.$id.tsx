import type { LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Link, useLoaderData, useRevalidator } from '@remix-run/react';
import { useEffect } from 'react';

import { apiFor, turnedAway } from '../api';
import { LifeLine } from '../components/life-line';
import { Notice } from '../components/notice';
import { Page } from '../components/page';
import { Time } from '../components/time';
import { headingOf, stateMark, wordsOfLeg } from '../erasure/erasure-words';
import { IssuedReceiptView } from '../receipts/issued-receipt';
import { readReceipt } from '../receipts/read-receipt';
import { titled } from '../title';

export const meta = titled('Erasure');

/** Between two looks at what goes on without the reader. */
const LOOK_AGAIN_MS = 15_000;

/** For whoever has the number: who asked cannot sign in any more. */
export async function loader({ request, context, params }: LoaderFunctionArgs) {
	const answer = await apiFor(context, request).v1.erasures[':id'].$get({ param: { id: params['id'] ?? '' } });
	if (!answer.ok) throw await turnedAway(answer, request);
	const { receipt, ...erasure } = await answer.json();
	return { ...erasure, receipt: receipt === null ? null : await readReceipt(receipt) };
}

export default function ErasurePage() {
	const erasure = useLoaderData<typeof loader>();
	const { id, state, receiptId, receipt, legs, accounts } = erasure;
	useLooksAgain(receipt === null);
	if (receipt !== null) {
		return (
			<Page width="narrow">
				<IssuedReceiptView id={receiptId} receipt={receipt} file={`/erasures/${id}/receipt`} />
				<Accounts accounts={accounts} />
			</Page>
		);
	}
	return (
		<Page width="narrow">
			<h1>{headingOf(erasure)}</h1>
			<p className="soft say-first">
				Asked for <Time at={erasure.requestedAt} />.{' '}
				{erasure.blockedBy === null ? (
					<>
						All of it is gone by <Time at={erasure.dueAt} /> at the latest.
					</>
				) : (
					<>
						All of it was to be gone by <Time at={erasure.dueAt} />, and what holds it up is named here.
					</>
				)}{' '}
				You can leave this page: it goes on without you. Keep its address, for the receipt comes here and nobody can ask
				you to sign in for it.
			</p>
			{erasure.blockedBy !== null && (
				<Notice kind="soon" title={`Held up by: ${erasure.blockedBy}`}>
					{state === 'blocked' && 'It is tried again each minute, and goes on from there.'}
				</Notice>
			)}
			<section className="below">
				<h2>Place by place</h2>
				<LifeLine
					marks={legs.map((leg) => ({
						key: leg.leg,
						what: leg.words,
						when: wordsOfLeg(leg),
						state: stateMark(leg.state),
					}))}
				/>
			</section>
			<Accounts accounts={accounts} />
			<p className="below">
				<Link to={`/erasures/${id}`} className="tap" reloadDocument>
					Look again
				</Link>
			</p>
		</Page>
	);
}

function Accounts({ accounts }: { accounts: readonly { id: string; state: string }[] }) {
	if (accounts.length === 0) return null;
	return (
		<section className="below no-print">
			<h2>With it goes</h2>
			<ul>
				{accounts.map(({ id, state }, index) => (
					<li key={id}>
						<Link to={`/erasures/${id}`} className="tap">
							{accounts.length === 1 ? 'What you owned' : `What you owned, ${index + 1} of ${accounts.length}`}
						</Link>
						{`: ${state === 'certified' ? 'erased, with a receipt of its own' : 'being erased'}`}
					</li>
				))}
			</ul>
		</section>
	);
}

/** With script the page looks again by itself while somebody sees it. */
function useLooksAgain(isOpen: boolean): void {
	const { revalidate } = useRevalidator();
	useEffect(() => {
		if (!isOpen) return undefined;
		const timer = setInterval(() => {
			if (document.visibilityState === 'visible') revalidate();
		}, LOOK_AGAIN_MS);
		return () => clearInterval(timer);
	}, [isOpen, revalidate]);
}
