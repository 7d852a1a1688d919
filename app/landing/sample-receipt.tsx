import { Chip } from '../components/chip';
import { Seal } from '../components/seal';

/** Any four bytes: a real seal takes them from its signature. */
const SAMPLE_SEAL_BYTES = [201, 88, 140, 35];

/** The shape of a receipt with its facts in words, marked as a sample so that nobody takes it for evidence. */
export function SampleReceipt({ places }: { places: readonly string[] }) {
	return (
		<div className="doc mini">
			<Seal bytes={SAMPLE_SEAL_BYTES} size={132} />
			<p className="cap">
				<Chip state="gone">Sample</Chip>
			</p>
			<h3>Deletion receipt</h3>
			<dl>
				<div>
					<dt>What was deleted</dt>
					<dd>1 patient photo</dd>
				</div>
				<div>
					<dt>Looked for afterwards</dt>
					<dd>{places.join(', ')}</dd>
				</div>
				<div>
					<dt>Found</dt>
					<dd>nothing</dd>
				</div>
			</dl>
			<p className="cap">A sample. Nothing was deleted for it, and its seal belongs to no signature.</p>
		</div>
	);
}
