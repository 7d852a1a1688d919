import { Link } from '@remix-run/react';
import { ScrollText } from 'lucide-react';

import { Time } from '../components/time';
import { whatHappened } from '../receipts/receipt-words';
import type { Privacy } from './read-privacy';

/** The newest receipts: each deletion's proof, which anybody can check. */
export function ReceiptsSection({ receipts }: Pick<Privacy, 'receipts'>) {
	return (
		<section className="part">
			<h2>Proof of what was deleted</h2>
			{receipts.length === 0 ? (
				<p className="soft">Nothing was deleted yet. Each deletion gets a signed receipt, and the newest stand here.</p>
			) : (
				<ul className="rows">
					{receipts.map((receipt) => (
						<li key={receipt.id}>
							<div>
								{whatHappened(receipt)} <Time at={receipt.issuedAt} />
							</div>
							<Link className="with-icon tap" to={`/receipts/${receipt.id}`}>
								<ScrollText size={18} strokeWidth={1.75} aria-hidden="true" />
								Receipt
								<span className="vh">
									{' '}
									of <Time at={receipt.issuedAt} />
								</span>
							</Link>
						</li>
					))}
				</ul>
			)}
		</section>
	);
}
