/** What fal is told about keeping, and how it is made to forget (N6). */
import { askOnce, ProcessorRefusal } from './ask-once';

/** Files are kept as short as fal allows and readable by nobody without our key; payloads are not kept (N6, DD-27). */
export const KEEPING_HEADERS = {
	'x-fal-store-io': '0',
	'x-fal-no-retry': '1',
	'x-fal-object-lifecycle-preference': JSON.stringify({
		expiration_duration_seconds: 3600,
		initial_acl: { default: 'forbid' },
	}),
} as const;

export interface Forgotten {
	/**
	 * `gone` only when the deletion was accepted and nothing is found any more. `absent`: fal knows no such request, which a
	 * key of another account would be told as well. `left`: the request or its file can still be read.
	 */
	kind: 'gone' | 'absent' | 'left' | 'unknown';
	/** What the address of its output answered afterwards, asked with our key; empty where fal no longer told the address. */
	seen: readonly number[];
}

/** Whether a file's address still gives something: an error of the host says nothing either way. */
export function isReadable(status: number): boolean {
	return status < 400;
}

interface FalAccess {
	key: string;
	queueUrl: string;
	apiUrl: string;
	call: (url: string, init?: RequestInit) => Promise<Response>;
	/** The address of the output in what fal answers; null when there is none, or none that may be asked. */
	outputAddressIn: (payload: unknown) => URL | null;
}

/**
 * Has fal delete what it stores of a request, then asks for the request and for its file again. The address of the file is read
 * from fal itself just before, because we keep none.
 */
export async function forgetAtFal(
	fal: FalAccess,
	{ endpoint, requestId }: { endpoint: string; requestId: string },
): Promise<Forgotten> {
	const headers = { authorization: `Key ${fal.key}` };
	const id = encodeURIComponent(requestId);
	const app = endpoint.split('/').slice(0, 2).join('/');
	const ask = (url: string, init?: RequestInit) => fal.call(url, { ...init, headers });
	try {
		const address = await readAddress(fal, () => ask(`${fal.queueUrl}/${app}/requests/${id}`));
		const deleted = await statusOf(ask(`${fal.apiUrl}/v1/models/requests/${id}/payloads`, { method: 'DELETE' }));
		if (!isOk(deleted) && deleted !== 404) return { kind: 'unknown', seen: [] };
		const again = await statusOf(ask(`${fal.queueUrl}/${app}/requests/${id}`));
		if (isOk(again)) return { kind: 'left', seen: [] };
		if (again !== 404 && again !== 410) return { kind: 'unknown', seen: [] };
		const seen = address === null ? [] : await askFile(() => ask(address.href));
		if (seen.some(isReadable)) return { kind: 'left', seen };
		return { kind: isOk(deleted) ? 'gone' : 'absent', seen };
	} catch {
		return { kind: 'unknown', seen: [] };
	}
}

async function readAddress(fal: FalAccess, ask: () => Promise<Response>): Promise<URL | null> {
	try {
		const answer = await askOnce(ask);
		return fal.outputAddressIn(await answer.json().catch(() => null));
	} catch (error) {
		// Failed there, cancelled or deleted before: no output, and nothing to ask for.
		if (error instanceof ProcessorRefusal) return null;
		throw error;
	}
}

/** A file host that does not answer has said nothing; the address is not known any more when the request is asked about again. */
async function askFile(ask: () => Promise<Response>): Promise<number[]> {
	try {
		return [await statusOf(ask())];
	} catch {
		return [];
	}
}

async function statusOf(answer: Promise<Response>): Promise<number> {
	const { status, body } = await answer;
	await body?.cancel();
	return status;
}

function isOk(status: number): boolean {
	return status >= 200 && status < 300;
}
