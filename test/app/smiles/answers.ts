import type { RenderAnswer, UploadAnswer } from '../../../app/render/answers';

/** A consent as the api answers it. */
export function givenConsent(changes: Record<string, unknown> = {}) {
	return {
		id: 'cns_1',
		subjectId: 'sub_1',
		subjectReference: 'M-2041',
		state: 'active',
		expiresAt: '2027-11-21T23:59:59.000Z',
		purposes: ['show_in_room'],
		missing: [],
		textVersion: '2026-11-01',
		createdAt: '2026-11-21T14:05:00.000Z',
		revokedAt: null,
		...changes,
	};
}

export function givenUpload(changes: Partial<UploadAnswer> = {}): UploadAnswer {
	return {
		id: 'upl_1',
		state: 'ready',
		subjectId: 'sub_1',
		subjectReference: 'M-2041',
		consentId: 'cns_1',
		contentType: 'image/jpeg',
		byteLength: 59_516,
		width: 768,
		height: 960,
		deleteAt: '2026-11-22T14:07:00.000Z',
		deletedAt: null,
		receiptId: 'rct_1',
		url: 'https://media.example/photo',
		...changes,
	};
}

export function givenRender(changes: Partial<RenderAnswer> = {}): RenderAnswer {
	return {
		id: 'rnd_1',
		tool: 'smile.video',
		state: 'running',
		stage: 'motion',
		progress: 0.62,
		stages: [],
		assets: [],
		input: { uploadId: 'upl_1', treatment: 'whitening', fromShade: 'A3.5', toShade: 'A1' },
		subjectReference: 'M-2041',
		credits: { held: 24, charged: 0 },
		source: {
			uploadId: 'upl_1',
			state: 'ready',
			deleteAt: '2026-11-22T14:07:00.000Z',
			deletedAt: null,
			receiptId: 'rct_1',
		},
		sourceDeleteAt: null,
		processorsForgotAt: null,
		processors: [],
		consent: null,
		createdAt: '2026-11-21T14:05:00.000Z',
		finishedAt: null,
		...changes,
	};
}

/** What an action answers with a status of its own; fails the test when it is anything else. */
export function answered(result: unknown): { data: Record<string, unknown>; status: number | undefined } {
	if (typeof result !== 'object' || result === null || !('data' in result) || !('init' in result)) {
		throw new Error('not an answer with data', { cause: result });
	}
	const { data, init } = result as { data: Record<string, unknown>; init: { status?: number } | null };
	return { data, status: init?.status };
}
