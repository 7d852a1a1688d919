import type { Evidence } from '../core/evidence/read-evidence';

const HOUR_MS = 3_600_000;
/** It is measured by the hour, so that one missed hour is no alarm. */
export const STALE_MS = 2.5 * HOUR_MS;
const LETTER = 6.6;
const HEIGHT = 22;
/** Of `tokens.css`, in the light: kept, broken, and what nobody knows. */
const FILLS = { kept: '#1d6b45', broken: '#a3202f', unknown: '#5d5f66' } as const;

interface BadgeEvidence extends Pick<Evidence, 'measuredAt' | 'classes'> {
	log: Pick<Evidence['log'], 'state'>;
}

/** A log that is not what was signed for. */
const BROKEN_LOGS: Partial<Record<BadgeEvidence['log']['state'], string>> = {
	forked: 'log forked',
	forged: 'log head forged',
};

/**
 * What the badge says: how many things are late, that this was not measured lately, and that the log is not whole. What nobody knows is
 * never shown as 0, and neither are the numbers of a service whose log was cut or rewritten.
 */
export function badgeOf(
	{ measuredAt, classes, log }: BadgeEvidence,
	nowMs: number,
): { words: string; state: keyof typeof FILLS } {
	const isOld = measuredAt === null || nowMs - Date.parse(measuredAt) > STALE_MS;
	// What ended is in a class of its own already, and is not late twice.
	const counted = classes.filter(({ dataClass }) => dataClass !== 'erasure_p95');
	const late = isOld ? 0 : counted.reduce((sum, one) => sum + one.late, 0);
	const brokenLog = BROKEN_LOGS[log.state];
	const said = [
		...(brokenLog === undefined ? [] : [brokenLog]),
		...(isOld ? ['not measured'] : []),
		...(late > 0 ? [`${late.toLocaleString('en')} late`] : []),
	];
	if (said.length > 0) {
		return { words: said.join(', '), state: brokenLog !== undefined || late > 0 ? 'broken' : 'unknown' };
	}
	return log.state === 'unknown' ? { words: 'log not checked', state: 'unknown' } : { words: '0 late', state: 'kept' };
}

/** A small picture for other sites. Text and colours are ours alone, so nothing in it needs escaping. */
export function badgeSvg(evidence: BadgeEvidence, nowMs: number): string {
	const label = 'deletion';
	const { words, state } = badgeOf(evidence, nowMs);
	const left = Math.ceil(label.length * LETTER) + 16;
	const right = Math.ceil(words.length * LETTER) + 16;
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="${HEIGHT}" role="img" aria-label="${label}: ${words}">`,
		`<title>${label}: ${words}</title>`,
		`<rect width="${left}" height="${HEIGHT}" fill="#26282d"/>`,
		`<rect x="${left}" width="${right}" height="${HEIGHT}" fill="${FILLS[state]}"/>`,
		`<g fill="#fff" font-family="Verdana,Geneva,sans-serif" font-size="11">${textAt(left / 2, label)}${textAt(left + right / 2, words)}</g>`,
		'</svg>',
	].join('');
}

function textAt(x: number, of: string): string {
	return `<text x="${x}" y="15" text-anchor="middle">${of}</text>`;
}
