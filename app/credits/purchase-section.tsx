import { Link } from '@remix-run/react';

import { Chip } from '../components/chip';
import { Table, type Column } from '../components/table';
import { Time } from '../components/time';
import type { Purchase } from './answers';
import { invoicePath } from './entry-table';
import { moneyWords } from './money-words';
import { countWords } from '../count-words';

interface PurchaseSectionProps {
	readonly purchases: readonly Purchase[];
	readonly nextCursor: string | null;
	readonly isFirstPage: boolean;
}

/** What was paid for, newest first, each with its invoice at Stripe. */
export function PurchaseSection({ purchases, nextCursor, isFirstPage }: PurchaseSectionProps) {
	return (
		<section className="part">
			<h2>{isFirstPage ? 'Purchases' : 'Older purchases'}</h2>
			<Table
				caption="Purchases, newest first"
				rows={purchases}
				keyOf={({ id }) => id}
				empty={
					isFirstPage
						? 'Nothing was bought yet. Each payment stands here, with its invoice.'
						: 'There are no older ones.'
				}
				columns={COLUMNS}
			/>
			<div className="row">
				{!isFirstPage && (
					<Link className="tap" to="/credits/billing">
						Newest purchases
					</Link>
				)}
				{nextCursor !== null && (
					<Link className="tap" to={`/credits/billing?cursor=${encodeURIComponent(nextCursor)}`}>
						Older purchases
					</Link>
				)}
			</div>
		</section>
	);
}

const COLUMNS: readonly Column<Purchase>[] = [
	{ key: 'when', head: 'When', isSpare: true, cell: ({ paidAt }) => <Time at={paidAt} as="day" /> },
	{ key: 'what', head: 'What', cell: (purchase) => <What purchase={purchase} /> },
	{ key: 'credits', head: 'Credits', isNumber: true, isSpare: true, cell: ({ credits }) => countWords(credits) },
	{ key: 'amount', head: 'Paid', isNumber: true, cell: (purchase) => <Paid purchase={purchase} /> },
];

function What({ purchase }: { purchase: Purchase }) {
	return (
		<>
			<b>{purchase.title}</b>
			<p className="small muted only-s">
				<Time at={purchase.paidAt} as="day" />, {countWords(purchase.credits)} credits
			</p>
			{purchase.hasInvoice && (
				<p className="small">
					<a className="tap" href={invoicePath(purchase.id)} target="_blank" rel="noreferrer">
						Invoice
						<span className="vh">
							{' '}
							of {purchase.title}, <Time at={purchase.paidAt} as="day" />, opens at Stripe in a new tab
						</span>
					</a>
				</p>
			)}
			<DisputeChip state={purchase.disputeState} />
		</>
	);
}

function DisputeChip({ state }: { state: Purchase['disputeState'] }) {
	if (state === null) return null;
	const { chip, words } = DISPUTES[state];
	return <Chip state={chip}>{words}</Chip>;
}

const DISPUTES = {
	open: { chip: 'soon', words: 'The bank looks into it' },
	won: { chip: 'kept', words: 'The bank let it stand' },
	lost: { chip: 'stop', words: 'The bank took it back' },
} as const;

function Paid({ purchase: { cents, currency, refundedCents } }: { purchase: Purchase }) {
	return (
		<>
			<span className="amt-cell">{moneyWords(cents, currency)}</span>
			{refundedCents > 0 && (
				<p className="small muted">
					{refundedCents >= cents ? 'all given back' : `${moneyWords(refundedCents, currency)} given back`}
				</p>
			)}
		</>
	);
}
