import type { Page } from 'playwright-core';
import { z } from 'zod';

const SeenSchema = z.array(z.object({ perCent: z.number(), done: z.number(), spoken: z.string() }));

const KEY = 'seen-progress';

/** Notes each change of the number, the finished rows and the spoken words: nobody has to look in the right moment. */
export async function watchProgress(page: Page): Promise<void> {
	await page.evaluate((key) => {
		const seen: { perCent: number; done: number; spoken: string }[] = [];
		const look = () => {
			const number = document.querySelector('.progress .n');
			if (number === null) return;
			seen.push({
				perCent: Number.parseInt(number.textContent ?? '', 10),
				done: document.querySelectorAll('.stages .done').length,
				spoken: document.querySelector('main output')?.textContent ?? '',
			});
			sessionStorage.setItem(key, JSON.stringify(seen));
		};
		new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
	}, KEY);
}

/** What stood on the page since `watchProgress`, each value once, in the order it came. */
export async function progressSeen(page: Page): Promise<{ perCents: number[]; done: number[]; spoken: string[] }> {
	const text = await page.evaluate((key) => sessionStorage.getItem(key), KEY);
	const seen = SeenSchema.parse(JSON.parse(text ?? '[]'));
	return {
		perCents: [...new Set(seen.map(({ perCent }) => perCent))],
		done: [...new Set(seen.map(({ done }) => done))],
		spoken: [...new Set(seen.map(({ spoken }) => spoken))],
	};
}
