import { KeptSection } from '../pairs/kept-section';
import type { Outside } from '../share/answers';
import { Sharing } from '../share/sharing';
import type { RenderView } from './answers';
import { ReadyView } from './ready-view';

/** A smile that is ready, with what was made of it since and what left of it: one part of the page, loaded when there is one. */
export function FinishedView({ view, outside }: { view: RenderView; outside: Outside | null }) {
	return (
		<>
			<ReadyView view={view} />
			<KeptSection view={view} />
			<Sharing view={view} outside={outside} />
		</>
	);
}
