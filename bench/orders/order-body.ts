import { TOOL } from './seed-practices';

export function orderInput(uploadId: string) {
	return { uploadId, treatment: 'whitening', fromShade: 'A3', toShade: 'A1' } as const;
}

export function orderBody(uploadId: string): string {
	return JSON.stringify({ tool: TOOL, input: orderInput(uploadId) });
}
