import { bandPath, sealPath } from '../receipts/seal';
import { MarkShape } from './mark';

const BAND = bandPath();

/** Drawn from the first four bytes of the signature's SHA-256. */
export function Seal({ bytes, size }: { bytes: readonly number[]; size: number }) {
	const { outer, inner } = sealPath(bytes);
	return (
		<svg className="rosette" viewBox="-104 -104 208 208" width={size} height={size} aria-hidden="true">
			<g fill="none" stroke="var(--accent)" strokeWidth="0.55">
				<circle r="100" strokeWidth="1" />
				<circle r="97" />
				<path d={outer} />
				<path d={inner} />
				<circle r="27" fill="var(--sheet)" />
			</g>
			<g transform="translate(-17 -17) scale(1.417)" className="seal-mark">
				<MarkShape />
			</g>
		</svg>
	);
}

export function Band() {
	return (
		<svg className="band" viewBox="0 0 720 22" width="720" height="24" preserveAspectRatio="none" aria-hidden="true">
			<path d={BAND} fill="none" stroke="var(--accent)" strokeWidth="0.7" vectorEffect="non-scaling-stroke" />
		</svg>
	);
}
