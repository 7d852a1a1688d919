import type { Page } from 'playwright-core';

/** More than stand on any page: past it the control cannot be reached. */
const TABS_MAX = 80;

/** Presses Tab until a control with this name has the focus; throws when none gets it, or when the focus cannot be seen. */
export async function tabTo(page: Page, name: string): Promise<void> {
	const passed: string[] = [];
	for (let tabs = 0; tabs < TABS_MAX; tabs += 1) {
		const focused = await page.evaluate(focus);
		if (focused.name.includes(name)) {
			if (!focused.isSeen) throw new Error(`"${name}" has the focus and nothing shows it.`);
			return;
		}
		passed.push(focused.name);
		await page.keyboard.press('Tab');
	}
	throw new Error(`Tab never reaches "${name}". It passes: ${[...new Set(passed)].join(', ')}`);
}

/** Runs in the page: what a person would call the focused control, and whether a ring shows where it is. */
function focus(): { name: string; isSeen: boolean } {
	const at = document.activeElement;
	if (!(at instanceof HTMLElement) || at === document.body) return { name: '', isSeen: false };
	const label = at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement ? at.labels?.[0] : undefined;
	const name = at.getAttribute('aria-label') ?? label?.textContent ?? at.textContent ?? '';
	const shown = [at, at.nextElementSibling, at.closest('label')];
	const isSeen = shown.some((element) => {
		if (element === null) return false;
		const { outlineStyle, outlineWidth } = getComputedStyle(element);
		return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
	});
	return { name: name.trim().replaceAll(/\s+/g, ' '), isSeen };
}
