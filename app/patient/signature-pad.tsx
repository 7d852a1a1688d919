import { Eraser, Undo2 } from 'lucide-react';

import { useNonce } from '../nonce';
import { STROKES_BYTES_MAX } from './strokes';

/**
 * Where somebody may draw their signature with a finger, a pen or a mouse. `public/patient.js` brings it to life; without script it is
 * not there, and nobody needs it: the typed name signs.
 */
export function SignaturePad({ start }: { start: string }) {
	return (
		<div className="pad" data-pad data-bytes-max={STROKES_BYTES_MAX} hidden>
			<p className="legend" id="pad-label">
				Draw your signature, if you like
			</p>
			<p className="hint" id="pad-hint">
				With a finger, a pen or a mouse. You can leave it out.
			</p>
			{/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- What is drawn here has no address. */}
			<canvas role="img" aria-labelledby="pad-label" aria-describedby="pad-hint pad-state" />
			<input type="hidden" name="drawing" defaultValue={start} />
			<div className="row spread">
				<output id="pad-state" className="small muted">
					Nothing drawn
				</output>
				<div className="row">
					<button type="button" className="btn line" data-undo>
						<Undo2 size={18} strokeWidth={1.75} aria-hidden="true" />
						Undo
					</button>
					<button type="button" className="btn line" data-clear>
						<Eraser size={18} strokeWidth={1.75} aria-hidden="true" />
						Clear
					</button>
				</div>
			</div>
		</div>
	);
}

/** What these pages run, beside the cut of a picture pair. */
export function PatientScript() {
	return <script src="/patient.js" defer nonce={useNonce()} />;
}
