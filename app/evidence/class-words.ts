import { DATA_CLASSES, type DataClass } from '../../studios/policy/policy';
import type { Studio } from '../../studios/studio';
import { promiseWords } from './age-words';

interface Words {
	readonly what: string;
	/** After "24 hours": when the clock starts. */
	readonly anchor: string;
}

const EXTRA: Readonly<Record<string, Words>> = {
	processor_copy: { what: 'Copies at processors', anchor: 'after the order has ended' },
	request_open: { what: 'Requests that wait for an answer', anchor: 'after they came' },
	erasure: { what: 'Erasures under way', anchor: 'after they were asked for' },
	hold: { what: 'Legal holds', anchor: '' },
};

/** What is told in a section of its own. */
const APART = new Set(['erasure_done', 'erasure_p95']);

/** The order of the policy, photos first, and then what is measured beside it. */
export function isInTable(dataClass: string): boolean {
	return !APART.has(dataClass);
}

export function whatOf(studio: Studio, dataClass: string): string {
	return isDataClass(dataClass) ? studio.policy.data[dataClass].title : (EXTRA[dataClass]?.what ?? dataClass);
}

/** "24 hours after what is made from it has ended"; where no time is promised, what is. */
export function promiseOf(studio: Studio, dataClass: string, promiseMs: number | null): string {
	if (promiseMs === null) return dataClass === 'hold' ? 'kept while the law says so' : 'stays until you delete it';
	const anchor = anchorOf(studio, dataClass);
	return `${promiseWords(promiseMs)} ${anchor}`.trim();
}

function anchorOf(studio: Studio, dataClass: string): string {
	if (!isDataClass(dataClass)) return EXTRA[dataClass]?.anchor ?? '';
	const { retention } = studio.policy.data[dataClass];
	if (retention.mode === 'statutory') return 'after the account was erased, as the law asks';
	return retention.mode === 'duration' ? retention.anchor : '';
}

function isDataClass(value: string): value is DataClass {
	return DATA_CLASSES.some((dataClass) => dataClass === value);
}
