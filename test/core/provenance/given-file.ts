import type { ExportedFile } from '../../../workers/core/provenance/state-file';
import { TEST_STATEMENT_SEED } from '../../support/statement-key';
import { givenSmile } from '../shares/given-share';

/** A ready smile, and what exporting its poster says. */
export async function givenFile(changed: Partial<ExportedFile> = {}) {
	const smile = await givenSmile();
	const deps = { ...smile.deps, statementKey: TEST_STATEMENT_SEED, credentialSecrets: null };
	const file: ExportedFile = {
		actor: smile.actor,
		renderId: smile.renderId,
		kind: 'still',
		fileHash: randomHash(),
		contentType: 'image/png',
		byteLength: 48_213,
		...changed,
	};
	return { ...smile, deps, file };
}

export function randomHash(): string {
	const bytes = crypto.getRandomValues(new Uint8Array(32));
	return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
