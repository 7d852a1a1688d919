import { useSyncExternalStore } from 'react';

/** False on the server and in the first paint, true once script runs: for what would be a dead button without it. */
export function useHydrated(): boolean {
	return useSyncExternalStore(
		() => () => undefined,
		() => true,
		() => false,
	);
}
