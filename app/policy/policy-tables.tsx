import type { Policy } from './answers';
import { BASIS_WORDS, counted, retentionWords, sentence, TRANSFER_WORDS } from './policy-words';

/** Every class of data: what it is, for what and on which ground it is kept, and until when. */
export function RetentionTable({ data }: Pick<Policy, 'data'>) {
	return (
		<table className="tbl cards policy-table">
			<caption className="vh">What is held, for what, and until when</caption>
			<thead>
				<tr>
					<th scope="col">What</th>
					<th scope="col">For what</th>
					<th scope="col">Until when</th>
				</tr>
			</thead>
			<tbody>
				{data.map(({ id, title, what, purposes, basis, retention }) => {
					const { until, why } = retentionWords(retention);
					return (
						<tr key={id}>
							<th scope="row">
								{title}
								<span className="small soft">{what}</span>
							</th>
							<td>
								{sentence(purposes.join(', '))}
								<span className="small soft">{BASIS_WORDS[basis]}</span>
							</td>
							<td>
								<b className="nb">{until}</b>
								<span className="small soft">{why}</span>
							</td>
						</tr>
					);
				})}
			</tbody>
		</table>
	);
}

/** Everybody who gets something: what, where, on which ground, and what becomes of it there. */
export function ProcessorList({ processors }: Pick<Policy, 'processors'>) {
	return (
		<dl className="helpers">
			{processors.map(
				({ id, name, purpose, what, location, transfer, role, deletion, contractAttestedUntil, hosts }) => (
					<div key={id} id={`helper-${id}`}>
						<dt>
							{name}
							<span className="small soft">{purpose}</span>
						</dt>
						<dd>
							<p>{what}</p>
							<p className="soft">{deletion}</p>
							<p className="small soft">
								{location}. {TRANSFER_WORDS[transfer]}{' '}
								{role === 'controller' ? 'Decides by itself what it does with it. ' : ''}
								{contractAttestedUntil === null
									? 'Nobody has vouched for the contract yet.'
									: `The contract is vouched for until ${contractAttestedUntil}.`}
							</p>
							{hosts.length > 0 && <Hosts hosts={hosts} />}
						</dd>
					</div>
				),
			)}
		</dl>
	);
}

const ASKS: Readonly<Record<Policy['trackers'][number]['asks'], string>> = {
	always: 'Only after you said yes, wherever you are.',
	where_required: 'Only after you said yes, where the law of your place asks for that; elsewhere until you say no.',
	never: 'Until you say no. It stores nothing in your browser and knows nobody again.',
};

/** What measures, when it may, and which cookies it sets. */
export function TrackerList({ trackers }: Pick<Policy, 'trackers'>) {
	return (
		<dl className="helpers">
			{trackers.map(({ id, name, what, asks, cookies, tabKeys, hosts }) => (
				<div key={id}>
					<dt>{name}</dt>
					<dd>
						<p>{what}</p>
						<p className="soft">{ASKS[asks]}</p>
						<p className="small soft">
							{cookies.length === 0
								? 'No cookie.'
								: cookies
										.map((cookie) => `${cookie.name}, ${counted(cookie.days, 'day')}: ${cookie.what}.`)
										.join(' ')}{' '}
							{tabKeys.map((key) => `${key.name}, until the tab is closed: ${key.what}.`).join(' ')}
						</p>
						<Hosts hosts={hosts} />
					</dd>
				</div>
			))}
		</dl>
	);
}

/** The very list that our servers, or the page's own policy, let through. */
function Hosts({ hosts }: { hosts: readonly string[] }) {
	return (
		<p className="small soft hosts">
			<code>{hosts.join(', ')}</code>
		</p>
	);
}

/** What an erasure leaves, why, and until when. */
export function ResidueList({ erasure }: Pick<Policy, 'erasure'>) {
	return (
		<dl className="helpers">
			{erasure.residue.map(({ what, why, until }) => (
				<div key={what}>
					<dt>{what}</dt>
					<dd>
						<p>{sentence(why)}</p>
						<p className="small soft">Until: {until}.</p>
					</dd>
				</div>
			))}
		</dl>
	);
}
