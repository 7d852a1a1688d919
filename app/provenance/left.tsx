import { FileJson } from 'lucide-react';

import { Button } from '../components/button';
import type { Leaving, LeavingState } from './use-leaving';

interface LeftProps {
	readonly state: LeavingState;
	readonly onWhole: (leaving: Leaving) => Promise<void>;
}

/** How the last file left, and what lies beside it. */
export function Left({ state, onWhole }: LeftProps) {
	const spared = state.at === 'left' ? state.spared : null;
	return (
		<div className="left-file">
			<output className="small muted">
				{state.at === 'working' && `Writing into ${state.name} what it is`}
				{state.at === 'left' && `${state.name}: ${state.said}`}
			</output>
			{state.at === 'left' && state.statement !== null && (
				<a className="btn quiet" href={state.statement.url} download={state.statement.name}>
					<FileJson size={18} strokeWidth={1.75} aria-hidden="true" />
					Its statement, {state.statement.name}
				</a>
			)}
			{spared !== null && (
				<Button type="button" look="quiet" onClick={() => void onWhole(spared)}>
					Download again with content credentials, 3 MB
				</Button>
			)}
		</div>
	);
}
