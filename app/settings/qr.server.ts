import { encode } from 'uqr';

/** A QR code as one SVG path of unit squares, with the quiet margin of four that scanners ask for. */
export interface QrCode {
	/** Units on each side. */
	readonly size: number;
	readonly path: string;
}

const MARGIN = 4;

/** Made on the server alone: the page has a drawing, and no library. */
export function qrCode(text: string): QrCode {
	const { data, size } = encode(text, { ecc: 'M', border: MARGIN });
	const runs = data.flatMap((row, y) => runsOf(row).map(({ x, length }) => `M${x} ${y}h${length}v1h-${length}z`));
	return { size, path: runs.join('') };
}

/** The dark stretches of a row: one shape for each instead of one a square makes a third of the bytes. */
function runsOf(row: readonly boolean[]): { x: number; length: number }[] {
	const runs: { x: number; length: number }[] = [];
	row.forEach((isDark, x) => {
		const last = runs.at(-1);
		if (!isDark) return;
		if (last !== undefined && last.x + last.length === x) last.length += 1;
		else runs.push({ x, length: 1 });
	});
	return runs;
}
