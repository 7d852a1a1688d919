/** What a processor was asked about keeping, and what was seen there: as counted in a receipt and on a smile's page. */
export interface Keeping {
	readonly name: string;
	readonly requests: number;
	readonly inputUrlSecondsMax: number | null;
	readonly storageOff: number;
	readonly copied: number;
	readonly payloadsDeleted: number;
	readonly deletedAt: string | null;
	readonly addressesSeen: readonly { readonly status: number; readonly count: number }[];
	readonly verifiedAt: string | null;
}

/** An address that answers so gives nothing to anybody, us included. */
const CLOSED: ReadonlySet<number> = new Set([403, 404, 410]);

/** A receipt's line on one processor, without its times; what was not noted is left out, never guessed. */
export function keepingLine(kept: Keeping): string {
	return [
		requestsWords(kept.requests),
		...(kept.inputUrlSecondsMax === null ? [] : [`input address lived ${kept.inputUrlSecondsMax} s at most`]),
		...(kept.storageOff === 0 ? [] : [`storage off in ${ofAll(kept.storageOff, kept.requests)}`]),
		...(kept.copied === 0 ? [] : [`${kept.copied} copied to our store`]),
		...addressWords(kept),
	].join(', ');
}

/** "addresses gone: 404 × 2"; what answered otherwise is told as what it answered. */
export function addressWords({ addressesSeen }: Pick<Keeping, 'addressesSeen'>): string[] {
	const closed = addressesSeen.filter(({ status }) => CLOSED.has(status));
	const other = addressesSeen.filter(({ status }) => !CLOSED.has(status));
	return [
		...(closed.length === 0 ? [] : [`addresses gone: ${listed(closed)}`]),
		...(other.length === 0 ? [] : [`addresses that answered otherwise: ${listed(other)}`]),
	];
}

/** "each of 2 requests", or "1 of 2 requests" where it is not known of all. */
export function ofAll(count: number, requests: number): string {
	if (count === requests) return requests === 1 ? 'its request' : `each of ${requests} requests`;
	return `${count} of ${requestsWords(requests)}`;
}

function requestsWords(requests: number): string {
	return `${requests} request${requests === 1 ? '' : 's'}`;
}

function listed(seen: Keeping['addressesSeen']): string {
	return seen.map(({ status, count }) => `${status} × ${count}`).join(', ');
}
