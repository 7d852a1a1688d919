import { Link } from '@remix-run/react';

import { Table, type Column } from '../components/table';
import { Time } from '../components/time';
import { useMay } from '../may';
import { useStudio } from '../shell';
import type { Studio } from '../../studios/studio';
import type { Entry } from './answers';
import { countWords } from '../count-words';

/** The ledger as pages show it: each entry with its sentence, a way to what it was for, and what was free after it. */
export function EntryTable({ entries }: { entries: readonly Entry[] }) {
	return (
		<Table
			caption="Entries, newest first"
			rows={entries}
			keyOf={(entry) => entry.id}
			empty={emptyWords(useStudio())}
			columns={COLUMNS}
		/>
	);
}

/** An account without a single entry is one that began without the welcome credits, which are an entry. */
function emptyWords({ tenancy, welcomeCredits }: Studio): string {
	const who = tenancy.kind === 'personal' ? 'you' : 'the owner';
	return `Nothing was added or spent yet. The ${welcomeCredits} credits to start are given once to each person, and ${who} had them before.`;
}

const COLUMNS: readonly Column<Entry>[] = [
	{ key: 'when', head: 'When', isSpare: true, cell: (entry) => <Time at={entry.createdAt} /> },
	{ key: 'what', head: 'What', cell: (entry) => <What entry={entry} /> },
	{ key: 'credits', head: 'Credits', isNumber: true, cell: (entry) => <Amount entry={entry} /> },
	{ key: 'balance', head: 'Balance', isNumber: true, isSpare: true, cell: ({ balance }) => countWords(balance) },
];

function What({ entry }: { entry: Entry }) {
	const from = fromWords(entry);
	return (
		<>
			<Sentence entry={entry} />
			<p className="small muted">
				<span className="here-s">
					<Time at={entry.createdAt} />
					{from !== null && ', '}
				</span>
				{from}
			</p>
		</>
	);
}

/** Entries that follow from money that came or went: their purchase has the invoice. */
const OF_MONEY: ReadonlySet<Entry['kind']> = new Set(['grant', 'reversal', 'loss']);

/** The sentence leads to what it is about, for whoever may open that. */
function Sentence({ entry: { kind, sentence, renderId, purchaseId } }: { entry: Entry }) {
	const { work } = useStudio();
	const mayOpen = useMay('renders:read');
	const mayRead = useMay('billing:write');
	if (renderId !== null && mayOpen) return <Link to={`${work.path}/${renderId}`}>{sentence}</Link>;
	if (purchaseId === null || !mayRead || !OF_MONEY.has(kind)) return sentence;
	return (
		<>
			{sentence}{' '}
			<a href={invoicePath(purchaseId)} target="_blank" rel="noreferrer">
				Invoice<span className="vh">, opens at Stripe in a new tab</span>
			</a>
		</>
	);
}

/** Where the invoice of a purchase is opened from; it lies at Stripe. */
export function invoicePath(purchaseId: string): string {
	return `/credits/invoices/${encodeURIComponent(purchaseId)}`;
}

/** Entries whose sentence names the credits already. */
const NAMED: ReadonlySet<Entry['kind']> = new Set(['grant', 'expiry']);

function fromWords({ kind, from }: Entry): string | null {
	return NAMED.has(kind) || from.length === 0 ? null : `from: ${from.join(', ')}`;
}

const MINUS = '\u2212';

function Amount({ entry: { kind, amount } }: { entry: Entry }) {
	if (kind === 'hold') return <span className="heldn">{countWords(Math.abs(amount))} held</span>;
	return (
		<span className="amt-cell">
			{amount < 0 ? `${MINUS}${countWords(-amount)}` : amount > 0 ? `+${countWords(amount)}` : 0}
		</span>
	);
}
