import type { QrCode } from './qr.server';

const GROUP = 4;

/** What the app is told: drawn to be scanned, and in groups of four to be typed. Always dark on white, or no scanner reads it. */
export function Secret({ uri, secret, qr }: { uri: string; secret: string; qr: QrCode }) {
	const groups = secret.match(new RegExp(`.{1,${GROUP}}`, 'g')) ?? [];
	return (
		<div className="secret">
			{/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- A drawing in the page has no address of its own. */}
			<svg viewBox={`0 0 ${qr.size} ${qr.size}`} role="img" aria-label="QR code for the authenticator app">
				<rect width={qr.size} height={qr.size} fill="#fff" />
				<path d={qr.path} fill="#000" shapeRendering="crispEdges" />
			</svg>
			<p className="small muted">
				Cannot scan? Type this into the app, or <a href={uri}>open it on this device</a>.
			</p>
			<p>
				<code aria-label="Secret">{groups.join(' ')}</code>
			</p>
		</div>
	);
}
