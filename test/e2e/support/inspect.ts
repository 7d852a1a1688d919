import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import type axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

import { fromRoot } from '../../../scripts/root';

/** Pictures of every page that a test saw, for a person to look at; `PICTURES=none` takes none. */
const PICTURES = fromRoot('.afterglow', 'screenshots');
const ARE_TAKEN = process.env['PICTURES'] !== 'none';
const WIDTHS = [1280, 360] as const;
const HEIGHT = 900;
const SCHEMES = ['light', 'dark'] as const;

/** Half the size of what the package exports, which each page would have to read. */
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Of axe's rules: what a colour can break. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

/**
 * Looks at a page as it stands, at both widths, in light and dark: axe finds nothing serious, nothing scrolls sideways.
 * Leaves four pictures, if any are taken, and the page as wide as it was.
 */
export async function inspect(page: Page, name: string): Promise<void> {
	const before = page.viewportSize();
	const findings: string[] = [];
	if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
	// A page that gets narrower slides its buttons under a pointer that rests, and they light up when nobody expects it.
	await page.mouse.move(0, 0);
	for (const width of WIDTHS) {
		await page.setViewportSize({ width, height: HEIGHT });
		for (const colorScheme of SCHEMES) {
			// Names, roles and sizes are the same in both schemes, and colours at both widths.
			const isLooked = colorScheme === 'light' || width === 1280;
			if (!isLooked && !ARE_TAKEN) continue;
			// Colours would take a fifth of a second each time to become what they are.
			await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
			await isStill(page);
			await shoot(page, `${name}-${width}-${colorScheme}`);
			const rules = colorScheme === 'light' ? undefined : COLOUR_RULES;
			if (isLooked) findings.push(...(await axeFindings(page, `${name} ${width} ${colorScheme}`, rules)));
		}
		const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
		if (overflow > 0) findings.push(`${name} at ${width} px scrolls sideways by ${overflow} px`);
	}
	await page.emulateMedia({ colorScheme: null, reducedMotion: null });
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

/** Of the page that axe was put into; by all of its rules, or by these. */
async function axeFindings(page: Page, where: string, rules?: string[]): Promise<string[]> {
	const violations = await page.evaluate(async (only) => {
		const inPage = (window as unknown as { axe: typeof axe }).axe;
		const { violations: found } = await inPage.run({
			resultTypes: ['violations'],
			...(only === undefined ? {} : { runOnly: { type: 'rule', values: only } }),
		});
		return found.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.map(({ html }) => ({ html })) }));
	}, rules);
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
