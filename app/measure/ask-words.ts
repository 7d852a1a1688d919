import type { PagePlan } from './plan-page';

/** The banner's words: the question, who would see what, and that nothing depends on it. */
export function askWords(asks: PagePlan['asks']): { title: string; text: string } {
	const isAdvertising = asks.some(({ purpose }) => purpose === 'advertising');
	const names = asks.map(({ name }) => name);
	return {
		title: isAdvertising ? 'May we measure our advertising?' : 'May we see what is used?',
		text: `${listed(names)} would see which of our public pages you open. Never a page with a picture of yours or of a patient. Everything works without.`,
	};
}

function listed(names: readonly string[]): string {
	return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
