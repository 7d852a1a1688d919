/**
 * The worker in which marks are written and read: it compiles WebAssembly, which its own policy allows and the page's does not
 * (`public/_headers`). Of a file that it marks the api is shown the claim, a kilobyte of hashes; of one that it reads, nothing.
 */
import start from '@contentauth/c2pa-wasm';
// By path: what the package names it as is for bundlers that know WebAssembly.
import wasm from '../../node_modules/@contentauth/c2pa-wasm/pkg/c2pa_bg.wasm?url';
import * as z from 'zod/mini';

import { readMark, settle, writeMark, type Claim } from './mark';
import type { FileOrder, MarkAnswer, MarkRequest } from './marks';

const Signature = z.object({ signature: z.string() });

async function work(request: MarkRequest): Promise<MarkAnswer> {
	await start({ module_or_path: wasm });
	settle();
	const { file } = request;
	if (request.task === 'read') return { task: 'read', mark: await readMark(file) };
	const marked = await writeMark(file, request.facts, (claim) => signedBy(request.order, claim));
	return { task: 'write', file: marked === null ? null : new Blob([marked], { type: file.type }) };
}

async function signedBy(order: FileOrder, { claim, actions }: Claim): Promise<Uint8Array<ArrayBuffer>> {
	const answer = await fetch('/v1/provenance/signatures', {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ ...order, claim: toBase64(claim), actions: toBase64(actions) }),
	});
	if (!answer.ok) throw new Error(`The signature was refused with ${answer.status}.`);
	const { signature } = Signature.parse(await answer.json());
	return Uint8Array.from(atob(signature), (char) => char.charCodeAt(0));
}

function toBase64(bytes: Uint8Array): string {
	return btoa(String.fromCharCode(...bytes));
}

self.addEventListener('message', (event: MessageEvent<MarkRequest>) => {
	void work(event.data)
		.catch((error: unknown): MarkAnswer => {
			// Errors name what broke, and hold no part of a file.
			console.warn('A mark could not be written or read.', error);
			return { task: 'failed' };
		})
		.then((answer) => self.postMessage(answer, {}));
});
