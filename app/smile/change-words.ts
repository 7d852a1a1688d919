import type { Difference } from '../../smile/difference';

type Counted = Pick<Difference, 'changed' | 'total' | 'outside' | 'outsideTotal'>;

/** Computed from all pixels of the photo and the picture; would say so if anything else had changed. */
export function changeWords({ changed, total, outside, outsideTotal }: Counted, around: 'teeth' | 'mouth'): string {
	if (changed === 0) return `Nothing changes: 0 of ${count(total)} pixels differ.`;
	const proof = `Around the ${around}, ${count(outside)} of ${count(outsideTotal)} pixels differ.`;
	return outside === 0 ? `Only the mouth changes. ${proof}` : `More than the mouth changes. ${proof}`;
}

function count(pixels: number): string {
	return pixels.toLocaleString('en-US');
}
