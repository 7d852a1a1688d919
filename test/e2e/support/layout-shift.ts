import type { Page } from 'playwright-core';

interface Shift extends PerformanceEntry {
	readonly value: number;
	readonly hadRecentInput: boolean;
}

/** How far the page has jumped by itself since it was opened; 0 is still (https://web.dev/cls). */
export function layoutShift(page: Page): Promise<number> {
	return page.evaluate(
		() =>
			new Promise<number>((resolve) => {
				let sum = 0;
				new PerformanceObserver((list) => {
					for (const shift of list.getEntries() as Shift[]) if (!shift.hadRecentInput) sum += shift.value;
				}).observe({ type: 'layout-shift', buffered: true });
				// What is buffered is told before the next frame but one is painted.
				requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => resolve(sum))));
			}),
	);
}
