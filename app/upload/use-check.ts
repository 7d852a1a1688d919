import { useCallback, useEffect, useState } from 'react';

import { useLab } from '../smile-lab/use-lab';
import { checkOnDevice, type CheckState } from './check-on-device';

/** What is known about the photo that is shown, and a way to fetch the models while one is still being chosen. */
export function useCheck(photo: Blob | null): { checked: CheckState; warm: () => void } {
	const lab = useLab();
	const [last, setLast] = useState<{ photo: Blob; state: CheckState } | null>(null);

	useEffect(() => {
		if (photo === null) return;
		let isStale = false;
		const look = async () => {
			const state = await checkOnDevice(lab, photo);
			if (!isStale) setLast({ photo, state });
		};
		void look();
		return () => {
			isStale = true;
		};
	}, [photo, lab]);

	const warm = useCallback(() => {
		// Where it fails, the check itself says so.
		lab()
			.ask('warm', null)
			.catch(() => undefined);
	}, [lab]);

	if (photo === null) return { checked: { at: 'none' }, warm };
	return { checked: last?.photo === photo ? last.state : { at: 'checking' }, warm };
}
