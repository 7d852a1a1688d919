export interface PutAnswer {
	readonly status: number;
	readonly body: string;
}

export type Put = (
	url: string,
	order: {
		readonly headers: Readonly<Record<string, string>>;
		readonly body: Blob;
		/** Share of the bytes that left the device, 0 to 1. */
		readonly onProgress: (share: number) => void;
		readonly signal: AbortSignal;
	},
) => Promise<PutAnswer>;

/** A PUT that tells how far it is, which `fetch` cannot. Rejects when the connection breaks or `signal` ends it. */
export const putWithProgress: Put = (url, { headers, body, onProgress, signal }) =>
	new Promise((resolve, reject) => {
		const request = new XMLHttpRequest();
		request.open('PUT', url);
		for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
		request.upload.addEventListener('progress', (event) => {
			if (event.lengthComputable && event.total > 0) onProgress(event.loaded / event.total);
		});
		request.addEventListener('load', () => resolve({ status: request.status, body: request.responseText }));
		request.addEventListener('error', () => reject(new Error('The connection broke.')));
		request.addEventListener('abort', () => reject(new Error('The upload was stopped.')));
		signal.addEventListener('abort', () => request.abort(), { once: true });
		request.send(body);
	});
