import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

import { fromRoot } from '../../../scripts/root';

/** Pictures of every page that a test saw, for a person to look at; `PICTURES=none` takes none. */
const PICTURES = fromRoot('.afterglow', 'screenshots');
const ARE_TAKEN = process.env['PICTURES'] !== 'none';
const WIDTHS = [1280, 360] as const;
const HEIGHT = 900;
const SCHEMES = ['light', 'dark'] as const;

/**
 * Looks at a page as it stands, at both widths, in light and dark: axe finds nothing serious, nothing scrolls sideways.
 * Leaves four pictures and the page as wide as it was.
 */
export async function inspect(page: Page, name: string): Promise<void> {
	const before = page.viewportSize();
	const findings: string[] = [];
	await page.evaluate(axe.source);
	// A page that gets narrower slides its buttons under a pointer that rests, and they light up when nobody expects it.
	await page.mouse.move(0, 0);
	for (const width of WIDTHS) {
		await page.setViewportSize({ width, height: HEIGHT });
		for (const colorScheme of SCHEMES) {
			await page.emulateMedia({ colorScheme });
			await isStill(page);
			await shoot(page, `${name}-${width}-${colorScheme}`);
			// Names, roles and sizes are the same in both schemes; only colours can differ.
			if (colorScheme === 'light' || width === 1280)
				findings.push(...(await axeFindings(page, `${name} ${width} ${colorScheme}`)));
		}
		const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
		if (overflow > 0) findings.push(`${name} at ${width} px scrolls sideways by ${overflow} px`);
	}
	await page.emulateMedia({ colorScheme: null });
	if (before !== null) await page.setViewportSize(before);
	expect(findings).toEqual([]);
}

/** A picture of the whole page as it stands. */
export async function shoot(page: Page, name: string): Promise<void> {
	if (!ARE_TAKEN) return;
	await mkdir(PICTURES, { recursive: true });
	// Hiding the caret would need a style element, which the page's policy forbids.
	await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true, caret: 'initial', animations: 'allow' });
}

/** Of the page that `axe.source` was put into. */
async function axeFindings(page: Page, where: string): Promise<string[]> {
	const violations = await page.evaluate(async () => {
		const inPage = (window as unknown as { axe: typeof axe }).axe;
		return (await inPage.run({ resultTypes: ['violations'] })).violations;
	});
	return violations
		.filter(({ impact }) => impact === 'serious' || impact === 'critical')
		.map(({ id, nodes }) => `${where}: ${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

/** Many times what a colour takes to change. */
const STILL_MS_MAX = 2000;

/**
 * Colours change over some milliseconds, and some begin a frame late; half-way they are nobody's design. A transition that another
 * one took over may never say that it ended, and holds nothing up.
 */
async function isStill(page: Page): Promise<void> {
	await page.evaluate(async (ms) => {
		const until = performance.now() + ms;
		// Nothing moves, and nothing moves two frames later.
		for (let looks = 0; looks < 2 && performance.now() < until; looks += 1) {
			const moving = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
			if (moving.length > 0) looks = -1;
			const ended = Promise.allSettled(moving.map((animation) => animation.finished));
			await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, until - performance.now()))]);
			await new Promise(requestAnimationFrame);
			await new Promise(requestAnimationFrame);
		}
	}, STILL_MS_MAX);
}
