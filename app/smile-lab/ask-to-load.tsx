import { useSyncExternalStore } from 'react';

import { Button } from '../components/button';
import { Notice } from '../components/notice';
import { sizeWords } from '../size-words';
import { dataSaver, LAB_BYTES } from './data-saver';

/** Where something waits for the face models and the device spares its data: what would be loaded, and the way to have it. */
export function AskToLoad({ without }: { without: string }) {
	const state = useSyncExternalStore(dataSaver.subscribe, dataSaver.state, () => 'not_asked' as const);
	if (state !== 'asking') return null;
	return (
		<Notice
			kind="plain"
			title="Your device saves data"
			actions={
				<Button type="button" look="line" onClick={dataSaver.allow}>
					Load {sizeWords(LAB_BYTES)}
				</Button>
			}
		>
			What finds the face here is {sizeWords(LAB_BYTES)}. It is loaded once, and nothing is sent. {without}
		</Notice>
	);
}
